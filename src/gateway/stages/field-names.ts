import { Buffer } from 'node:buffer';
import type { Call } from '../call.ts';
import { fieldIds, valueOf } from '../http1/field-section.ts';

const fieldsMax = 64;
const nameLengthMax = 64;
/** Larger bodies are not read for the names of their fields. */
export const jsonBytesMax = 64 * 1024;

const none: string[] = [];

/** Names of query parameters and of top-level JSON body fields; `name=value` for enum parameters. Never another value. */
export function fieldNames(call: Call, body: Buffer[] | null): string[] {
  if (call.query.length <= 1 && body === null) return none;
  const names = new Set<string>();
  if (call.query.length > 1) {
    for (const [name, value] of new URLSearchParams(call.query)) {
      if (names.size >= fieldsMax) break;
      const isEnum = call.operation?.enumParameters.has(name) === true;
      names.add(isEnum ? `${name}=${value}`.slice(0, nameLengthMax) : name.slice(0, nameLengthMax));
    }
  }
  for (const name of jsonFields(body)) {
    if (names.size >= fieldsMax) break;
    names.add(name.slice(0, nameLengthMax));
  }
  return [...names];
}

/** True when the body is known to be small JSON, so that a copy of it may be kept for the names of its fields. */
export function hasSmallJsonBody(call: Call): boolean {
  const { contentLength } = call.head;
  return contentLength !== null && contentLength > 1 && contentLength < jsonBytesMax && isJson(valueOf(call.head, fieldIds['content-type']));
}

export function isJson(contentType: string | undefined): boolean {
  return contentType !== undefined && /^\s*application\/(?:[\w.-]+\+)?json\b/i.test(contentType);
}

function jsonFields(body: Buffer[] | null): string[] {
  if (!body || body.length === 0) return [];
  try {
    const value: unknown = JSON.parse(Buffer.concat(body).toString('utf8'));
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : [];
  } catch {
    return [];
  }
}
