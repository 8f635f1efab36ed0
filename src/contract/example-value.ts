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
  for (let levels = (levelsOf.get(document) ?? levelsMax); levels > 0; levels--) {
    try {
      const value = sample(resolved, { quiet: true, skipReadOnly: direction === 'request', skipWriteOnly: direction === 'response', maxSampleDepth: levels }, countReferences(document));
      levelsOf.set(document, Math.min(levels + 1, levelsMax));
      return value;
    } catch (error) {
      // A schema that no example can be made of (a circle of required fields, `not`) simply has none.
      if (!(error instanceof TooManyReferences)) return undefined;
    }
  }
  return undefined;
}

/**
 * Schemas that all refer to each other give a sample that grows by their number with every level: then fewer levels must do.
 * The next schema of the same document is tried with one level more than the last one had.
 */
const levelsMax = 7;
const levelsOf = new WeakMap<Record<string, unknown>, number>();
const referencesMax = 300;

class TooManyReferences extends Error {}

/** The sampler reads the document itself once for each reference that it follows. */
function countReferences(document: Record<string, unknown>): Record<string, unknown> {
  let followed = 0;
  return new Proxy(document, {
    get(target, field) {
      if (++followed > referencesMax) throw new TooManyReferences();
      return target[field as string];
    },
  });
}
