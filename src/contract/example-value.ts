// The one file that knows openapi-sampler: an example for whatever carries a schema, the author's own first.
import { sample } from 'openapi-sampler';
import { follow, isObject } from './reference.ts';

/** `request` leaves out what only responses carry (readOnly), and the other way round. */
export type Direction = 'request' | 'response';

/** A value to be serialised, or text that is serialised already. */
export type Example = { value: unknown } | { text: string };

/** The example of a parameter or media type: `example`, the first of `examples`, then what its schema gives. Undefined when there is neither. */
export function exampleOf(document: Record<string, unknown>, holder: Record<string, unknown>, direction: Direction): Example | undefined {
  if (holder['example'] !== undefined) return { value: holder['example'] };
  if (isObject(holder['examples'])) {
    for (const entry of Object.values(holder['examples'])) {
      const example = follow(document, entry);
      if (!isObject(example)) continue;
      if (example['value'] !== undefined) return { value: example['value'] };
      if (example['dataValue'] !== undefined) return { value: example['dataValue'] };
      if (typeof example['serializedValue'] === 'string') return { text: example['serializedValue'] };
    }
  }
  if (holder['schema'] === undefined) return undefined;
  const value = exampleOfSchema(document, holder['schema'], direction);
  return value === undefined ? undefined : { value };
}

function exampleOfSchema(document: Record<string, unknown>, schema: unknown, direction: Direction): unknown {
  const resolved = follow(document, schema);
  if (!isObject(resolved)) return undefined;
  if (Array.isArray(resolved['examples']) && resolved['examples'].length > 0) return resolved['examples'][0];
  if (resolved['example'] !== undefined) return resolved['example'];
  try {
    return sample(resolved, { quiet: true, skipReadOnly: direction === 'request', skipWriteOnly: direction === 'response', maxSampleDepth: 7 }, document);
  } catch {
    // A schema that no example can be made of (a circle of required fields, `not`) simply has none.
    return undefined;
  }
}
