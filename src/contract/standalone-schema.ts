// Schemas of a document by themselves: in the form of 2020-12, with what they refer to under names of its own.
import { follow, isObject, referenceOf, valueAt } from './reference.ts';
import { list, map, modernise, single } from './schema-shape.ts';

type Document = Record<string, unknown>;

export interface SchemaConverter {
  /** The schema, its references as `#/$defs/<name>`. */
  convert(schema: unknown): unknown;
  /** Every schema that converted ones reach, by name; undefined when there are more than `most`. */
  definitions(most: number): Record<string, unknown> | undefined;
}

/** `direction` says whose fields are required: what only the other side sends is not. */
export function openConverter(document: Document, direction: 'request' | 'response'): SchemaConverter {
  const foreign = direction === 'response' ? 'writeOnly' : 'readOnly';
  const isOld = String(document['openapi']).startsWith('3.0');
  const names = new Map<string, string>();
  const waiting: string[] = [];
  const $defs: Record<string, unknown> = {};
  return { convert, definitions };

  function definitions(most: number): Record<string, unknown> | undefined {
    for (let reference = waiting.pop(); reference !== undefined; reference = waiting.pop()) {
      if (names.size > most) return undefined;
      $defs[names.get(reference)!] = convert(valueAt(document, reference) ?? {});
    }
    return $defs;
  }

  function nameOf(reference: string): string {
    if (!names.has(reference)) {
      names.set(reference, `s${names.size}`);
      waiting.push(reference);
    }
    return names.get(reference)!;
  }

  function convert(value: unknown): unknown {
    if (!isObject(value)) return value;
    const reference = referenceOf(value);
    if (reference !== undefined && isOld) return { $ref: `#/$defs/${nameOf(reference)}` };
    const converted: Record<string, unknown> = {};
    for (const [keyword, child] of Object.entries(value)) {
      if (keyword === '$id' || keyword === '$schema' || keyword === 'discriminator') continue;
      converted[keyword] = keyword === '$ref' ? `#/$defs/${nameOf(child as string)}` : convertKeyword(keyword, child);
    }
    if (Array.isArray(converted['required'])) converted['required'] = converted['required'].filter((name) => !isForeign(value['properties'], name));
    return isOld ? modernise(converted) : converted;
  }

  function convertKeyword(keyword: string, child: unknown): unknown {
    if (single.has(keyword)) return convert(child);
    if (list.has(keyword) && Array.isArray(child)) return child.map(convert);
    if (map.has(keyword) && isObject(child)) return Object.fromEntries(Object.entries(child).map(([name, item]) => [name, convert(item)]));
    return child;
  }

  function isForeign(properties: unknown, name: unknown): boolean {
    const property = isObject(properties) && typeof name === 'string' ? follow(document, properties[name]) : undefined;
    return isObject(property) && property[foreign] === true;
  }
}
