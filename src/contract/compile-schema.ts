// A schema of a document as a function that checks values, and what such a check found in plain words.
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { follow, isObject, referenceOf, valueAt } from './reference.ts';
import { list, map, modernise, single } from './schema-shape.ts';

type Document = Record<string, unknown>;

/** Schemas that one schema may reach; beyond, it is not checked. */
const schemasMax = 2_000;

export type Validate = ReturnType<Ajv2020['compile']>;

/** `direction` says whose fields are required: what only the other side sends is not. `typed` values may be texts, as parameters are. Undefined for a schema that is too large or that cannot be read. */
export function compileSchema(document: Document, schema: unknown, direction: 'request' | 'response', { typed = false }: { typed?: boolean } = {}): Validate | undefined {
  const whole = standalone(document, schema, direction === 'response' ? 'writeOnly' : 'readOnly');
  if (whole === undefined) return undefined;
  const ajv = new Ajv2020({ strict: false, logger: false, unicodeRegExp: false, validateSchema: false, inlineRefs: false, coerceTypes: typed ? 'array' : false });
  addFormats.default(ajv);
  try {
    return ajv.compile(whole as object);
  } catch {
    return undefined;
  }
}

/** The schema with all that it refers to under `$defs`, in the form of 2020-12. Fields that are marked `foreign` are not required. */
function standalone(document: Document, schema: unknown, foreign: 'readOnly' | 'writeOnly'): unknown {
  const isOld = String(document['openapi']).startsWith('3.0');
  const names = new Map<string, string>();
  const waiting: string[] = [];
  const nameOf = (reference: string): string => {
    if (!names.has(reference)) {
      names.set(reference, `s${names.size}`);
      waiting.push(reference);
    }
    return names.get(reference)!;
  };
  const root = convert(schema);
  const $defs: Record<string, unknown> = {};
  for (let reference = waiting.pop(); reference !== undefined; reference = waiting.pop()) {
    if (names.size > schemasMax) return undefined;
    $defs[names.get(reference)!] = convert(valueAt(document, reference) ?? {});
  }
  return isObject(root) ? { ...root, $defs } : root;

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

/** What is wrong first, as the end of a sentence. Undefined when nothing is said. */
export function explainErrors(errors: Validate['errors']): { at: string; said: string } | undefined {
  const [error] = errors ?? [];
  return error && { at: error.instancePath, said: explain(error) };
}

function explain({ keyword, message, params }: { keyword: string; message?: string | undefined; params: Record<string, unknown> }): string {
  const more = (params['allowedValues'] as unknown[] | undefined)?.slice(0, 10).map((value) => JSON.stringify(value)).join(', ');
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') return `the field "${String(params['additionalProperty'] ?? params['unevaluatedProperty'])}" is not in the contract`;
  if (keyword === 'required') return `the field "${String(params['missingProperty'])}" is missing`;
  if (keyword === 'enum' && more !== undefined) return `must be one of ${more}`;
  return message ?? 'does not match the schema';
}
