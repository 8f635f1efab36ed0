// In: a call of a product that has requests checked, and its body. Out: what differs from the contract, place by place.
import { Buffer } from 'node:buffer';
import { isJsonType } from '../../domain/json-type.ts';
import type { RequestCheck } from '../../snapshot/request-check.ts';
import type { Call, Refusal } from '../call.ts';
import { decodeContent } from '../decode-content.ts';
import { findField, findFields } from '../fields.ts';
import { headerValue, pathValue, queryPairs, queryValue, type ParameterValue } from './parameter-values.ts';

/** One place in a request: a pointer (RFC 6901) into the body, or a parameter by its name. */
type Problem = { detail: string; pointer: string } | { detail: string; parameter: string; in: string };

const shownMax = 60;

/** Parameters, and whether a body of the right media type comes. Undefined when nothing is wrong. */
export function checkHead(check: RequestCheck, call: Call, { parameters, body }: { parameters: boolean; body: boolean }): Refusal | undefined {
  return refusalOf(call, [...(parameters ? parameterProblems(check, call) : []), ...(body ? mediaTypeProblems(check, call) : [])]);
}

/** Whether `checkBody` has anything to read. */
export function readsBody(check: RequestCheck, call: Call): boolean {
  return call.head.hasBody && mediaTypeOf(check, call) !== undefined && isJsonType(contentTypeOf(call));
}

/** @param bytesMax of the body when its coding is undone */
export function checkBody(check: RequestCheck, call: Call, body: Uint8Array[], bytesMax: number): Refusal | undefined {
  let text: string;
  try {
    text = decodeContent(Buffer.concat(body), findField(call.head, 'content-encoding')?.trim().toLowerCase() ?? 'identity', bytesMax).toString('utf8');
  } catch {
    return refusalOf(call, [{ detail: `The body is not what its Content-Encoding says, or has more than ${bytesMax} bytes without it. Send it without a coding.`, pointer: '' }]);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refusalOf(call, [{ detail: `The body is not JSON: ${(error as Error).message.slice(0, 160)}`, pointer: '' }]);
  }
  const problems = mediaTypeOf(check, call)!.check(value, text.length);
  if (problems === null) return refusalOf(call, [{ detail: 'The body takes too long to check against the contract. Send a smaller or a flatter one.', pointer: '' }]);
  return refusalOf(call, problems.map(({ pointer, detail }) => ({ detail: sentence(pointer === '' ? 'The body' : `"${pointer}"`, detail), pointer })));
}

function parameterProblems(check: RequestCheck, call: Call): Problem[] {
  const pairs = queryPairs(call.query);
  const places = pathPlaces(check.path, call.restPath);
  return check.parameters.flatMap((parameter): Problem[] => {
    const { name } = parameter;
    const told = (detail: string): Problem[] => [{ detail, parameter: name, in: parameter.in }];
    const value: ParameterValue | undefined = parameter.in === 'query' ? queryValue(parameter, pairs) : parameter.in === 'header' ? headerValue(parameter, findFields(call.head, name.toLowerCase())) : places.has(name) ? pathValue(parameter, places.get(name)!) : undefined;
    const called = `The ${parameter.in} parameter "${name}"`;
    if (value === undefined) return parameter.required && parameter.in !== 'path' ? told(`${called} is missing.`) : [];
    if (value.repeated) return told(`${called} stands more than once, but takes one value.`);
    if (parameter.allowEmpty && value.bytes === 0) return [];
    let first: Problem[] | undefined;
    for (const candidate of value.candidates) {
      const problems = parameter.check(candidate, value.bytes);
      if (problems === null) return told(`${called} takes too long to check against the contract.`);
      if (problems.length === 0) return [];
      first ??= told(sentence(`${called} is ${shown(candidate)}${problems[0]!.pointer === '' ? '' : `, whose "${problems[0]!.pointer}"`}`, problems[0]!.detail, problems[0]!.pointer === '' ? ': it ' : ' '));
    }
    return first ?? [];
  });
}

function mediaTypeProblems(check: RequestCheck, call: Call): Problem[] {
  const { body } = check;
  if (body === null) return [];
  if (!call.head.hasBody) return body.required ? [{ detail: 'The operation needs a body, but none was sent.', pointer: '' }] : [];
  if (mediaTypeOf(check, call) !== undefined) return [];
  const sent = contentTypeOf(call);
  const takes = body.content.map(({ mediaType }) => mediaType).join(', ');
  return [{ detail: `${sent === '' ? 'The body has no Content-Type' : `The Content-Type is "${sent.slice(0, shownMax)}"`}, but the operation takes ${takes}.`, parameter: 'Content-Type', in: 'header' }];
}

/** The entry of the contract that speaks of the body: the type itself before its range, and this before all. */
function mediaTypeOf({ body }: RequestCheck, call: Call) {
  const sent = contentTypeOf(call);
  const [kind] = sent.split('/');
  return body?.content.find(({ mediaType }) => mediaType === sent) ?? body?.content.find(({ mediaType }) => mediaType === `${kind}/*`) ?? body?.content.find(({ mediaType }) => mediaType === '*/*');
}

function contentTypeOf(call: Call): string {
  return (findField(call.head, 'content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase();
}

/** What was sent in the place of each parameter of the template, percent-encoded. */
function pathPlaces(template: string, path: string): Map<string, string> {
  const places = new Map<string, string>();
  if (!template.includes('{')) return places;
  const sent = path.split('/');
  for (const [index, segment] of template.split('/').entries()) {
    const names = [...segment.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name!);
    if (names.length === 0) continue;
    const source = segment.split(/\{[^{}]+\}/).map((part) => RegExp.escape(part)).join('([^]+?)');
    const found = names.length === 1 && segment === `{${names[0]}}` ? ['', sent[index] ?? ''] : new RegExp(`^${source}$`).exec(sent[index] ?? '');
    names.forEach((name, place) => { if (found?.[place + 1] !== undefined) places.set(name, found[place + 1]!); });
  }
  return places;
}

function refusalOf(call: Call, errors: Problem[]): Refusal | undefined {
  if (errors.length === 0) return undefined;
  const { method, path } = call.operation!.operation;
  const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more, see \`errors\`)`;
  return { code: 'request_invalid', detail: `${errors[0]!.detail}${more} The contract of ${method} ${path} says what it takes.`, members: { errors } };
}

function sentence(subject: string, detail: string, between = ': '): string {
  return `${subject}${between}${detail}.`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > shownMax ? `${text.slice(0, shownMax - 3)}...` : text;
}
