// In: a document and an answer to one of its operations. Out: where the answer is not what the document describes.
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { isJson } from './media-type.ts';
import { findOperation } from './operations.ts';
import { follow, isObject, referenceOf, valueAt } from './reference.ts';
import { list, map, modernise, single } from './schema-shape.ts';

export interface GivenAnswer {
  status: number;
  /** Empty when there is none. */
  contentType: string;
  /** Null when it was too long to be kept whole: then its schema is not looked at. */
  body: string | null;
}

type Document = Record<string, unknown>;

/** Schemas that one answer's schema may reach; beyond, it is not checked. */
const schemasMax = 2_000;

/** In plain words, with the place, what differs first: status, media type, or the body against its schema. Undefined when all is as described. */
export function answerProblem(document: Document, named: { method: string; path: string }, answer: GivenAnswer): string | undefined {
  const responses = findOperation(document, named)?.operation['responses'];
  if (!isObject(responses)) return undefined;
  const response = follow(document, responses[String(answer.status)] ?? responses[`${Math.floor(answer.status / 100)}XX`] ?? responses['default']);
  if (!isObject(response)) return `The contract does not describe the status ${answer.status}; it has ${Object.keys(responses).filter((status) => !status.startsWith('x-')).join(', ') || 'none'}.`;
  const content = isObject(response['content']) ? response['content'] : {};
  const offered = Object.keys(content);
  if (offered.length === 0 || answer.status === 204 || answer.status === 304 || named.method === 'HEAD') return undefined;
  const given = bareType(answer.contentType);
  const mediaType = offered.find((type) => bareType(type) === given) ?? offered.find((type) => isRange(type, given));
  if (mediaType === undefined) return given === '' ? `The answer has no Content-Type; the contract says ${offered.join(' or ')}.` : `The answer is ${given}; the contract says ${offered.join(' or ')}.`;
  const media = follow(document, content[mediaType]);
  if (!isJson(given) || answer.body === null || !isObject(media) || media['schema'] === undefined) return undefined;
  return bodyProblem(document, media['schema'], answer.body);
}

function bodyProblem(document: Document, schema: unknown, body: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return body === '' ? 'The answer has no body; the contract says JSON.' : 'The body is not valid JSON.';
  }
  const validate = compile(document, schema);
  if (!validate || validate(value)) return undefined;
  const [error] = validate.errors ?? [];
  if (!error) return 'The body does not match its schema.';
  return `At ${error.instancePath || 'the top of the body'}: ${explain(error)}.`;
}

type Validate = ReturnType<Ajv2020['compile']>;

/** Undefined for a schema that is too large or that cannot be read: of such an answer only status and media type are checked. */
function compile(document: Document, schema: unknown): Validate | undefined {
  const whole = standalone(document, schema);
  if (whole === undefined) return undefined;
  const ajv = new Ajv2020({ strict: false, logger: false, unicodeRegExp: false, validateSchema: false, inlineRefs: false });
  addFormats.default(ajv);
  try {
    return ajv.compile(whole as object);
  } catch {
    return undefined;
  }
}

/** The schema with all that it refers to under `$defs`, in the form of 2020-12, as a response is to be read. */
function standalone(document: Document, schema: unknown): unknown {
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
    if (Array.isArray(converted['required'])) converted['required'] = converted['required'].filter((name) => !isWriteOnly(value['properties'], name));
    return isOld ? modernise(converted) : converted;
  }

  function convertKeyword(keyword: string, child: unknown): unknown {
    if (single.has(keyword)) return convert(child);
    if (list.has(keyword) && Array.isArray(child)) return child.map(convert);
    if (map.has(keyword) && isObject(child)) return Object.fromEntries(Object.entries(child).map(([name, item]) => [name, convert(item)]));
    return child;
  }

  /** What only requests carry is not required of an answer. */
  function isWriteOnly(properties: unknown, name: unknown): boolean {
    const property = isObject(properties) && typeof name === 'string' ? follow(document, properties[name]) : undefined;
    return isObject(property) && property['writeOnly'] === true;
  }
}

function explain({ keyword, message, params }: { keyword: string; message?: string | undefined; params: Record<string, unknown> }): string {
  const more = (params['allowedValues'] as unknown[] | undefined)?.slice(0, 10).map((value) => JSON.stringify(value)).join(', ');
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') return `the field "${String(params['additionalProperty'] ?? params['unevaluatedProperty'])}" is not in the contract`;
  if (keyword === 'required') return `the field "${String(params['missingProperty'])}" is missing`;
  if (keyword === 'enum' && more !== undefined) return `must be one of ${more}`;
  return message ?? 'does not match the schema';
}

function bareType(mediaType: string): string {
  return mediaType.split(';')[0]!.trim().toLowerCase();
}

function isRange(offered: string, given: string): boolean {
  const range = bareType(offered);
  return range === '*/*' || (range.endsWith('/*') && given.startsWith(range.slice(0, -1)));
}
