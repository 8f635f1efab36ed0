// A schema of a document as a function that checks values, and what such a check found in plain words.
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { isObject } from './reference.ts';
import { openConverter } from './standalone-schema.ts';

type Document = Record<string, unknown>;

/** Schemas that one schema may reach; beyond, it is not checked. */
const schemasMax = 2_000;

export type Validate = ReturnType<Ajv2020['compile']>;

/** `direction` says whose fields are required: what only the other side sends is not. `typed` values may be texts, as parameters are. Undefined for a schema that is too large or that cannot be read. */
export function compileSchema(document: Document, schema: unknown, direction: 'request' | 'response', { typed = false }: { typed?: boolean } = {}): Validate | undefined {
  const whole = standalone(document, schema, direction);
  if (whole === undefined) return undefined;
  const ajv = new Ajv2020({ strict: false, logger: false, unicodeRegExp: false, validateSchema: false, inlineRefs: false, coerceTypes: typed ? 'array' : false });
  addFormats.default(ajv);
  try {
    return ajv.compile(whole as object);
  } catch {
    return undefined;
  }
}

/** The schema with all that it refers to under `$defs`. Undefined when that is too much. */
function standalone(document: Document, schema: unknown, direction: 'request' | 'response'): unknown {
  const converter = openConverter(document, direction);
  const root = converter.convert(schema);
  const $defs = converter.definitions(schemasMax);
  if ($defs === undefined) return undefined;
  return isObject(root) ? { ...root, $defs } : root;
}

/** What is wrong first, as the end of a sentence. Undefined when nothing is said. */
export function explainErrors(errors: Validate['errors']): { at: string; said: string } | undefined {
  const [error] = errors ?? [];
  return error && { at: error.instancePath, said: explain(error) };
}

/** As the end of a sentence. */
export function explain({ keyword, message, params }: { keyword: string; message?: string | undefined; params: Record<string, unknown> }): string {
  const more = (params['allowedValues'] as unknown[] | undefined)?.slice(0, 10).map((value) => JSON.stringify(value)).join(', ');
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') return `the field "${String(params['additionalProperty'] ?? params['unevaluatedProperty'])}" is not in the contract`;
  if (keyword === 'required') return `the field "${String(params['missingProperty'])}" is missing`;
  if (keyword === 'type') return `must be ${String(params['type']).replaceAll(',', ' or ')}`;
  if (keyword === 'enum' && more !== undefined) return `must be one of ${more}`;
  return message ?? 'does not match the schema';
}
