// In: what a contract says of one operation's requests, as text. Out: functions that check parameters and bodies, with a bound on their time.
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { explain } from '../contract/compile-schema.ts';
import type { ParameterContract, RequestContract, RequestContracts } from '../contract/request-contract.ts';
import { isJsonType } from '../domain/json-type.ts';
import { patternDegree } from './pattern-cost.ts';
import { watched } from './watched.ts';

/** What is wrong, as a sentence's end, and where: `pointer` (RFC 6901) into the value. */
export interface ValueProblem { pointer: string; detail: string }

export interface RequestCheck {
  /** Path template. */
  path: string;
  parameters: CheckedParameter[];
  body: { required: boolean; content: { mediaType: string; check: ValueCheck }[] } | null;
}

export type CheckedParameter = ParameterContract & { check: ValueCheck };

/** Checks a value. @param bytes how long its text was @returns at most `problemsMax` problems, or null when checking took too long */
export type ValueCheck = (value: unknown, bytes: number) => ValueProblem[] | null;

const problemsMax = 20;
const checkMs = 50;
/** Longer texts are checked under a watch whatever their schema says. */
const unwatchedBytesMax = 16_384;
/** By the degree of the costliest pattern. */
const unwatchedBytes = [unwatchedBytesMax, unwatchedBytesMax, 2_048, 256];
const schemasMax = 2_000;
const accepts: ValueCheck = () => [];

/** @throws Error when the operation has a schema that is no schema, or reaches too many */
export function compileRequestCheck(contracts: Pick<RequestContracts, 'definitions'>, text: string): RequestCheck {
  const contract = JSON.parse(text) as RequestContract;
  const $defs = reached(contracts.definitions, text);
  const validators = openValidators();
  const compile = (schema: unknown): ValueCheck => (isAnything(schema) ? accepts : checkOf(validators.compile({ allOf: [schema], $defs }), watchAbove(schema, $defs)));
  return {
    path: contract.path,
    parameters: contract.parameters.map((parameter) => ({ ...parameter, check: compile(parameter.schema) })),
    body: contract.body && { required: contract.body.required, content: contract.body.content.map(({ mediaType, schema }) => ({ mediaType, check: isJsonType(mediaType) ? compile(schema) : accepts })) },
  };
}

type Validator = ReturnType<Ajv2020['compile']>;

function checkOf(validate: Validator, unwatchedMax: number): ValueCheck {
  const run = (value: unknown): ValueProblem[] => {
    try {
      return validate(value) ? [] : problemsOf(validate.errors);
    } catch (error) {
      if (error instanceof RangeError) return [{ pointer: '', detail: 'is nested too deep' }];
      throw error;
    }
  };
  return (value, bytes) => (bytes <= unwatchedMax ? run(value) : watched(() => run(value), checkMs) ?? null);
}

/** One for each place. Where none of several choices fits, what each lacks is said together. */
function problemsOf(errors: Validator['errors']): ValueProblem[] {
  const places = new Map<string, string[]>();
  for (const error of errors ?? []) {
    const said = places.get(error.instancePath);
    if (said === undefined && places.size >= problemsMax) break;
    const detail = isChoice(error.keyword) ? [] : [explain(error)];
    if (said === undefined) places.set(error.instancePath, detail);
    else if (said.length < 3 && !said.includes(detail[0]!)) said.push(...detail);
  }
  return [...places].map(([pointer, details]) => ({ pointer, detail: details.length === 0 ? 'fits none of the choices of the contract' : details.join(', or ') })).filter(({ pointer, detail }, _, all) => !(detail.startsWith('fits none') && all.some((other) => other.pointer.startsWith(`${pointer}/`))));
}

function isChoice(keyword: string): boolean {
  return keyword === 'anyOf' || keyword === 'oneOf' || keyword === 'if';
}

function openValidators(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, logger: false, validateSchema: false, meta: false, inlineRefs: false, allErrors: true, code: { regExp: Object.assign(regularExpression, { code: 'regularExpression' }) } });
  addFormats.default(ajv, { mode: 'fast' });
  // The one that comes with it compares every two items.
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({ keyword: 'uniqueItems', type: 'array', schemaType: 'boolean', error: { message: 'must not have the same item twice' }, validate: (wanted: boolean, items: unknown[]) => !wanted || new Set(items.map(canonical)).size === items.length });
  return ajv;
}

/** With the flag where the pattern can bear it, as JSON Schema asks (2020-12, section 6.4). */
function regularExpression(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return new RegExp(pattern);
  }
}

/** Equal values give equal texts. */
function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical((value as Record<string, unknown>)[key])}`).join(',')}}`;
}

/** The definitions that a text refers to, and those that these refer to. */
function reached(definitions: Record<string, string>, text: string): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const waiting = [text];
  let count = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const [, name] of next.matchAll(/"#\/\$defs\/(s\d+)"/g)) {
      const schema = definitions[name!];
      if (schema === undefined || found[name!] !== undefined) continue;
      if (++count > schemasMax) throw new RangeError(`the operation reaches more than ${schemasMax} schemas`);
      found[name!] = JSON.parse(schema);
      waiting.push(schema);
    }
  }
  return found;
}

/** Up to how many octets a value can be checked without a watch: by its patterns, and by schemas that lead back to themselves through choices. */
function watchAbove(schema: unknown, $defs: Record<string, unknown>): number {
  const texts = [schema, ...Object.values($defs)].map((part) => JSON.stringify(part));
  let degree = 1;
  for (const text of texts) for (const pattern of patternsIn(JSON.parse(text))) degree = Math.max(degree, patternDegree(pattern));
  if (leadsBack($defs) && texts.some((text) => /"(?:anyOf|oneOf|allOf|not|if)":/.test(text))) return 0;
  return unwatchedBytes[degree] ?? 0;
}

function patternsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([keyword, child]) => [
    ...(keyword === 'pattern' && typeof child === 'string' ? [child] : []),
    ...(keyword === 'patternProperties' && typeof child === 'object' && child !== null ? Object.keys(child) : []),
    ...patternsIn(child),
  ]);
}

function leadsBack($defs: Record<string, unknown>): boolean {
  const done = new Set<string>();
  const onTheWay = new Set<string>();
  const visit = (name: string): boolean => {
    if (onTheWay.has(name)) return true;
    if (done.has(name)) return false;
    onTheWay.add(name);
    const circle = [...JSON.stringify($defs[name] ?? true).matchAll(/"#\/\$defs\/(s\d+)"/g)].some(([, next]) => visit(next!));
    onTheWay.delete(name);
    done.add(name);
    return circle;
  };
  return Object.keys($defs).some(visit);
}

/** True, an empty schema, or just a text: what is sent is a text anyway. */
function isAnything(schema: unknown): boolean {
  if (schema === true) return true;
  const told = Object.keys(schema as object).filter((keyword) => !['description', 'title', 'example', 'examples', 'default', 'deprecated'].includes(keyword));
  return told.length === 0;
}
