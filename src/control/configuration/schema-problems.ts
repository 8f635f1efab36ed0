// Enters: a plain value. Leaves: where it differs from portico.schema.json, one sentence per place.
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { closestName } from '../../domain/closest-name.ts';
import { pointerOf } from './yaml.ts';
import schema from './portico.schema.json' with { type: 'json' };

export interface ConfigProblem {
  /** JSON Pointer. */
  pointer: string;
  /** Whether the key or its value is wrong. */
  at: 'key' | 'value';
  detail: string;
}

/** The published JSON Schema of portico.yaml. */
export const porticoSchema: Record<string, unknown> = schema;

/** `commentAt`: what stands as a comment where a value was to be. */
export const findSchemaProblems = schemaCheck(schema);

/** Compiles a JSON Schema, whose `errorMessage` says what to write instead. */
export function schemaCheck(of: object): (value: unknown, commentAt?: (pointer: string) => string | undefined) => ConfigProblem[] {
  const validate = new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true, strictRequired: false, strictTypes: false, keywords: ['errorMessage'] }).compile(of);
  return (value, commentAt = () => undefined) => problemsOf(validate, value, commentAt);
}

function problemsOf(validate: ValidateFunction, value: unknown, commentAt: (pointer: string) => string | undefined): ConfigProblem[] {
  if (validate(value)) return [];
  const errors = validate.errors ?? [];
  const explained = errors.filter((error) => !isPartOfExplained(error, errors));
  const problems = explained.map((error) => problemOf(error, commentAt)).filter((problem) => problem !== undefined);
  const byPlace = new Map<string, ConfigProblem>();
  for (const problem of problems) if (!byPlace.has(problem.pointer)) byPlace.set(problem.pointer, problem);
  return [...byPlace.values()];
}

/** An `if` whose branch has words of its own says it all; the errors inside the branch only repeat it. */
function isPartOfExplained(error: ErrorObject, errors: ErrorObject[]): boolean {
  return errors.some((outer) => {
    if (outer.keyword !== 'if' || outer === error || branchWords(outer) === undefined) return false;
    const branch = outer.schemaPath.replace(/\/if$/, `/${(outer.params as { failingKeyword: string }).failingKeyword}/`);
    return error.schemaPath.startsWith(branch) && (error.instancePath === outer.instancePath || error.instancePath.startsWith(`${outer.instancePath}/`));
  });
}

function branchWords(error: ErrorObject): string | undefined {
  const branch = (error.parentSchema as Record<string, { errorMessage?: string } | undefined>)[(error.params as { failingKeyword: string }).failingKeyword];
  return branch?.errorMessage;
}

function problemOf(error: ErrorObject, commentAt: (pointer: string) => string | undefined): ConfigProblem | undefined {
  const { instancePath, keyword, params, data } = error;
  const words = (error.parentSchema as { errorMessage?: string } | undefined)?.errorMessage;
  const at = (detail: string): ConfigProblem => ({ pointer: instancePath, at: 'value', detail });
  if (data === null && keyword === 'type') return at(emptyWords(commentAt(instancePath)));
  switch (keyword) {
    case 'additionalProperties': return unknownKey(error, (params as { additionalProperty: string }).additionalProperty);
    case 'required': return at(`${nounAt(instancePath)} needs \`${(params as { missingProperty: string }).missingProperty}\`${modelOf(data)}.`);
    case 'if': return branchWords(error) === undefined ? undefined : at(branchWords(error)!);
    case 'enum': return at(notOneOf(data, (params as { allowedValues: string[] }).allowedValues));
    case 'type': return at(words && typeof data !== 'object' ? words : `${quoted(data)} stands here, but ${typeNames((params as { type: string | string[] }).type)} is expected${needsQuotes(data, params)}.`);
    case 'maxItems': return at(`This list has more than ${(params as { limit: number }).limit} entries.`);
    case 'minItems': return at('This list is empty. Write at least one entry.');
    case 'minProperties': return at(words ?? 'This map is empty. Write at least one entry.');
    case 'maxProperties': return at(`This map has more than ${(params as { limit: number }).limit} entries.`);
    case 'minLength': return at(words ?? 'This is empty. Write a value, or remove the line.');
    case 'maxLength': return at(words ?? `This is longer than ${(params as { limit: number }).limit} characters.`);
    default: return at(words ? `${quoted(data)} is not allowed here. ${words}` : `${quoted(data)} is not allowed here: it ${error.message}.`);
  }
}

/** A colour such as `#c2410c` without quotes is a comment to YAML. */
function emptyWords(comment: string | undefined): string {
  const meant = comment === undefined ? undefined : /^#[^\s#]+/.exec(comment)?.[0];
  return meant === undefined ? 'This is empty. Write a value, or remove the line.' : `This is empty, because \`#\` begins a comment. Put the value in quotes: \`"${meant}"\`.`;
}

function unknownKey(error: ErrorObject, key: string): ConfigProblem {
  const known = Object.keys((error.parentSchema as { properties: Record<string, unknown> }).properties);
  const close = closestName(key, known);
  const hint = close === undefined ? ` Known keys: ${known.map((name) => `\`${name}\``).join(', ')}.` : ` Did you mean \`${close}\`?`;
  return { pointer: pointerOf(error.instancePath, key), at: 'key', detail: `${nounAt(error.instancePath)} has no key \`${key}\`.${hint}` };
}

function notOneOf(data: unknown, allowed: string[]): string {
  const close = typeof data === 'string' ? closestName(data, allowed) : undefined;
  return `${quoted(data)} is not one of ${allowed.map((value) => `\`${value}\``).join(', ')}.${close === undefined ? '' : ` Did you mean \`${close}\`?`}`;
}

const nouns: Record<string, string> = { products: 'A product', versions: 'A version', plans: 'A plan', limits: 'A limit', prices: 'A price', tiers: 'A tier', meters: 'A meter', portal: 'The portal', versioning: '`versioning`', health: '`health`', lifecycle: '`lifecycle`', footer: 'A link of the footer', pages: 'A page', fonts: '`fonts`', policies: '`policies`', cors: '`cors`', addresses: '`addresses`', requestHeaders: '`requestHeaders`', responseHeaders: '`responseHeaders`', validate: '`validate`', cache: '`cache`', tokens: '`tokens`', issuers: 'An issuer', jwks: '`jwks`', own: '`own`', clientCertificate: '`clientCertificate`', learn: '`learn`', terms: 'A term', sets: 'A set', items: 'A question or task', choices: 'A choice', check: '`check`', calls: 'A call', read: 'What to read' };

function nounAt(pointer: string): string {
  const last = pointer.split('/').findLast((part) => !/^\d+$/.test(part)) ?? '';
  return nouns[last] ?? 'The file';
}

function modelOf(data: unknown): string {
  return typeof data === 'object' && data !== null && 'model' in data && typeof data.model === 'string' ? ` with \`model: ${data.model}\`` : '';
}

function typeNames(type: string | string[]): string {
  const names: Record<string, string> = { object: 'a map (`key: value`)', array: 'a list', string: 'text', integer: 'a whole number', number: 'a number', boolean: '`true` or `false`' };
  return (Array.isArray(type) ? type : [type]).map((name) => names[name] ?? name).join(' or ');
}

function needsQuotes(data: unknown, params: Record<string, unknown>): string {
  return params.type === 'string' && typeof data !== 'object' ? ': put it in quotes' : '';
}

function quoted(data: unknown): string {
  if (Array.isArray(data)) return 'A list';
  if (typeof data === 'object' && data !== null) return 'A map';
  const text = String(data);
  return `"${text.length > 80 ? `${text.slice(0, 77)}...` : text}"`;
}
