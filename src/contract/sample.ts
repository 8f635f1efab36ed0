import type { ContractOperation } from './contract.ts';
import { exampleOf } from './example-value.ts';
import { plainText, preferredMediaType, serialise } from './media-type.ts';
import type { PlacedOperation } from './operations.ts';
import { findOperation, parametersOf } from './operations.ts';
import { follow, isObject } from './reference.ts';

/** A request that should succeed. `path` is filled in, with its query. */
export interface SampleRequest { method: string; path: string; headers: Record<string, string>; body: string | null }
/** `contentType` and `body` are empty for an answer without a body, such as a 204. */
export interface ExampleResponse { status: number; contentType: string; body: string }

type Document = Record<string, unknown>;
type Named = Pick<ContractOperation, 'method' | 'path'>;

/** Fills the path, the required parameters and the body from the document's examples, then defaults, then schemas. */
export function sampleRequest(document: Document, named: Named): SampleRequest {
  const { method, path } = named;
  const placed = findOperation(document, named);
  const request: SampleRequest = { method, path, headers: {}, body: null };
  if (placed === undefined) return request;
  const query: string[] = [];
  const cookies: string[] = [];
  for (const parameter of parametersOf(document, placed)) {
    const name = String(parameter['name']);
    if (parameter['in'] !== 'path' && parameter['required'] !== true) continue;
    const value = parameterValue(document, parameter);
    if (parameter['in'] === 'path') request.path = request.path.replaceAll(`{${name}}`, pathText(value));
    else if (parameter['in'] === 'query') query.push(...queryPairs(name, value, parameter));
    else if (parameter['in'] === 'querystring') query.push(...Object.entries(isObject(value) ? value : {}).map(([key, field]) => pair(key, plainText(field))));
    else if (parameter['in'] === 'header' && !ignoredHeaders.has(name.toLowerCase())) request.headers[name] = commaText(value);
    else if (parameter['in'] === 'cookie') cookies.push(pair(name, commaText(value)));
  }
  if (query.length > 0) request.path += `?${query.join('&')}`;
  if (cookies.length > 0) request.headers['Cookie'] = cookies.join('; ');
  addBody(document, placed, request);
  return request;
}

/** What the `examples` test upstream answers: the first success (or else redirect) that the document describes, from its example or schema. */
export function exampleResponse(document: Document, named: Named): ExampleResponse | null {
  const placed = findOperation(document, named);
  const responses = placed?.operation['responses'];
  if (!isObject(responses)) return null;
  const statuses = Object.keys(responses);
  const status = statuses.find((key) => key.startsWith('2')) ?? statuses.find((key) => /^3\d\d$/.test(key) && key !== '304') ?? statuses.find((key) => key === 'default');
  if (status === undefined) return null;
  const response = follow(document, responses[status]);
  const code = /^\d{3}$/.test(status) ? Number(status) : 200;
  const empty = { status: code, contentType: '', body: '' };
  if (!isObject(response) || !isObject(response['content']) || code === 204 || code === 205) return empty;
  const mediaType = preferredMediaType(response['content']);
  const media = mediaType === undefined ? undefined : follow(document, response['content'][mediaType]);
  if (mediaType === undefined || !isObject(media)) return empty;
  const example = exampleOf(document, media, 'response');
  return example === undefined ? empty : { status: code, ...serialise(mediaType, example) };
}

/** OpenAPI says that parameters of these names are to be ignored. */
export const ignoredHeaders = new Set(['accept', 'content-type', 'authorization']);

function addBody(document: Document, { operation }: PlacedOperation, request: SampleRequest): void {
  const body = follow(document, operation['requestBody']);
  if (!isObject(body) || !isObject(body['content'])) return;
  const mediaType = preferredMediaType(body['content']);
  const media = mediaType === undefined ? undefined : follow(document, body['content'][mediaType]);
  const example = isObject(media) ? exampleOf(document, media, 'request') : undefined;
  if (mediaType === undefined || example === undefined) return;
  const { contentType, body: text } = serialise(mediaType, example);
  request.headers['Content-Type'] = contentType;
  request.body = text;
}

/** What stands for a parameter in a sample: its example, else what its schema gives. */
export function parameterValue(document: Document, parameter: Record<string, unknown>): unknown {
  const content = isObject(parameter['content']) ? Object.values(parameter['content'])[0] : undefined;
  const media = follow(document, content);
  const example = exampleOf(document, isObject(media) ? media : parameter, 'request');
  if (example === undefined) return '';
  if ('text' in example) return example.text;
  if (isObject(media) && parameter['in'] !== 'querystring') return JSON.stringify(example.value);
  // What the sampler makes of text that nothing is known of; the name says more to a reader.
  return example.value === 'string' ? parameter['name'] : example.value;
}

function pathText(value: unknown): string {
  return Array.isArray(value) ? value.map((item) => encodeURIComponent(plainText(item))).join(',') : encodeURIComponent(plainText(value));
}

function commaText(value: unknown): string {
  return Array.isArray(value) ? value.map(plainText).join(',') : plainText(value);
}

const delimiters: Record<string, string> = { spaceDelimited: '%20', pipeDelimited: '|' };

/** By `style` and `explode`, as in OpenAPI's table of style values. */
function queryPairs(name: string, value: unknown, parameter: Record<string, unknown>): string[] {
  const style = String(parameter['style'] ?? 'form');
  const explode = parameter['explode'] ?? style === 'form';
  if (Array.isArray(value)) {
    if (explode) return value.map((item) => pair(name, plainText(item)));
    return [`${encodeURIComponent(name)}=${value.map((item) => encodeURIComponent(plainText(item))).join(delimiters[style] ?? ',')}`];
  }
  if (isObject(value)) {
    const fields = Object.entries(value);
    if (style === 'deepObject') return fields.map(([key, field]) => pair(`${name}[${key}]`, plainText(field)));
    if (explode) return fields.map(([key, field]) => pair(key, plainText(field)));
    return [`${encodeURIComponent(name)}=${fields.flat().map((part) => encodeURIComponent(plainText(part))).join(',')}`];
  }
  return [pair(name, plainText(value))];
}

function pair(name: string, value: string): string {
  return `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
}
