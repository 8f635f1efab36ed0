// Units that the upstream reports: in a response header, or at a place in its JSON body.
import { Buffer } from 'node:buffer';
import { findField } from '../fields.ts';
import { fieldIds, type FieldList, valueOf } from '../http1/field-section.ts';
import { decodeContent } from '../decode-content.ts';
import type { RoutedProduct } from '../routing/compile-routes.ts';
import { isJson } from './field-names.ts';

const decimal = /^(\d{1,30})(?:(\.\d{1,12})\d{0,100})?$/;

/** Exact decimal text as the ledger and prices take it, cut after the twelfth place; undefined for what is none. */
function quantityOf(text: string): string | undefined {
  const parts = decimal.exec(text);
  return parts ? `${parts[1]}${parts[2] ?? ''}` : undefined;
}

export function headerUnits(product: RoutedProduct, fields: FieldList): Record<string, string> {
  const units: Record<string, string> = {};
  for (const meter of product.headerMeters) {
    const quantity = quantityOf(findField(fields, meter.header)?.trim() ?? '');
    if (quantity !== undefined) units[meter.name] = quantity;
  }
  return units;
}

/** Keeps a copy of the response body up to the largest `bodyBytesMax` of the product's meters. Undefined when no meter reads this body. */
export function bodyReader(product: RoutedProduct, fields: FieldList): BodyReader | undefined {
  if (product.pointerMeters.length === 0 || !isJson(valueOf(fields, fieldIds['content-type']))) return undefined;
  return new BodyReader(product.pointerMeters, valueOf(fields, fieldIds['content-encoding'])?.trim().toLowerCase() ?? 'identity');
}

export class BodyReader {
  readonly #meters: RoutedProduct['pointerMeters'];
  readonly #encoding: string;
  readonly #bytesMax: number;
  #chunks: Uint8Array[] | null = [];
  #bytes = 0;

  constructor(meters: RoutedProduct['pointerMeters'], encoding: string) {
    this.#meters = meters;
    this.#encoding = encoding;
    this.#bytesMax = Math.max(...meters.map((meter) => meter.bodyBytesMax));
  }

  add(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#bytesMax) this.#chunks = null;
    this.#chunks?.push(chunk);
  }

  units(): Record<string, string> {
    const units: Record<string, string> = {};
    if (this.#chunks === null || this.#bytes === 0) return units;
    let document: unknown;
    let length: number;
    try {
      const body = decodeContent(Buffer.concat(this.#chunks), this.#encoding, this.#bytesMax);
      length = body.length;
      document = JSON.parse(body.toString('utf8'));
    } catch {
      return units;
    }
    for (const meter of this.#meters) {
      const quantity = length <= meter.bodyBytesMax ? quantityAt(document, meter.tokens) : undefined;
      if (quantity !== undefined) units[meter.name] = quantity;
    }
    return units;
  }
}

/** A number or its decimal text stands for itself, a list for its length. */
function quantityAt(document: unknown, tokens: readonly string[]): string | undefined {
  let value = document;
  for (const token of tokens) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, token)) return undefined;
    value = (value as Record<string, unknown>)[token];
  }
  const text = Array.isArray(value) ? String(value.length) : typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  return quantityOf(text);
}
