// What the try-it form holds becomes a request, by OpenAPI's table of style values. Runs in the browser and on the server.
import { sampleCall, type SampleCall } from '../code-samples.ts';

export interface TryItField {
  name: string;
  in: 'path' | 'query' | 'header' | 'cookie';
  required: boolean;
  kind: 'text' | 'number' | 'integer' | 'boolean' | 'list' | 'object';
  /** Of an enum; the field becomes a choice. */
  values?: string[];
  style: string;
  explode: boolean;
  /** What the field holds at first. */
  initial: string;
}

export interface TryItOperation {
  product: string; version: string; operation: string;
  method: string; path: string; baseUrl: string;
  fields: TryItField[];
  /** Header fields that every call of the version carries. */
  headers: Record<string, string>;
  /** `others` are the types that may be sent in place of the first. */
  body: (TryItContent & { required: boolean; others?: TryItContent[] }) | null;
}

export interface TryItContent { mediaType: string; initial: string }

/** By `fieldId`, the body's under `body` (of a file, its name), and under `mediaType` the type of the body where another than the first was chosen. */
export type TryItValues = Record<string, string>;
export type Mistake = 'missing' | 'notNumber' | 'notInteger' | 'notJson' | 'notObject' | 'notHeaderText';

export function fieldId({ in: place, name }: Pick<TryItField, 'in' | 'name'>): string {
  return `${place}-${name}`;
}

export function initialValues({ fields, body }: TryItOperation): TryItValues {
  return { ...Object.fromEntries(fields.map((field) => [fieldId(field), field.initial])), ...(body ? { body: body.initial } : {}) };
}

/** The type that the body is sent as. */
export function chosenContent({ body }: Pick<TryItOperation, 'body'>, values: TryItValues): TryItContent | null {
  return body?.others?.find(({ mediaType }) => mediaType === values['mediaType']) ?? body;
}

/** Types whose bodies nobody types: they are sent from a file. */
export function isFileType(mediaType: string): boolean {
  return /^(?:image\/(?!svg)|audio\/|video\/|font\/|application\/(?:octet-stream|pdf|zip|gzip|x-tar|wasm|vnd\.(?:ms-|openxmlformats-)))|^\*\/\*/i.test(mediaType);
}

export function findMistakes({ fields, body: first }: TryItOperation, values: TryItValues): Record<string, Mistake> {
  const mistakes: Record<string, Mistake> = {};
  for (const field of fields) {
    const mistake = mistakeOf(field, values[fieldId(field)] ?? '');
    if (mistake) mistakes[fieldId(field)] = mistake;
  }
  const text = values['body'] ?? '';
  const body = chosenContent({ body: first }, values);
  if (first?.required && text.trim() === '') mistakes['body'] = 'missing';
  else if (body && text.trim() !== '' && isJson(body.mediaType) && parsed(text) === undefined) mistakes['body'] = 'notJson';
  return mistakes;
}

function mistakeOf({ required, kind, in: place }: TryItField, value: string): Mistake | undefined {
  if (value.trim() === '') return required && (kind !== 'text' || place === 'path' || value === '') ? 'missing' : undefined;
  // fetch takes header fields of ISO 8859-1 alone, and no line ends in them.
  if (place === 'header' && (/[^\t\u0020-\u007e\u0080-\u00ff]/.test(kind === 'list' ? value.replaceAll('\n', '') : value) || (kind === 'object' && /\\u(?!00)/i.test(value)))) return 'notHeaderText';
  if (kind === 'number' && !/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value.trim())) return 'notNumber';
  if (kind === 'integer' && !/^-?\d+$/.test(value.trim())) return 'notInteger';
  if (kind === 'object') {
    const object = parsed(value);
    return typeof object === 'object' && object !== null && !Array.isArray(object) ? undefined : 'notObject';
  }
  return undefined;
}

/** The request, whatever the values: with mistakes it is still what the code samples show. */
export function buildCall(operation: TryItOperation, values: TryItValues, key: string): SampleCall {
  const query: string[] = [];
  const cookies: string[] = [];
  const headers: Record<string, string> = { ...operation.headers };
  let { path } = operation;
  for (const field of operation.fields) {
    const text = values[fieldId(field)] ?? '';
    if (text === '' && field.in !== 'path') continue;
    const value = field.kind === 'list' ? text.split('\n').filter((line) => line !== '') : field.kind === 'object' ? (parsed(text) ?? text) : field.kind === 'text' ? text : text.trim();
    if (field.in === 'path') path = path.replaceAll(`{${field.name}}`, pathText(field, value));
    else if (field.in === 'query') query.push(...queryPairs(field, value));
    else if (field.in === 'header') headers[field.name] = commaText(value, field.explode);
    else cookies.push(`${encodeURIComponent(field.name)}=${encodeURIComponent(commaText(value, false))}`);
  }
  if (cookies.length > 0) headers['Cookie'] = cookies.join('; ');
  const content = chosenContent(operation, values);
  const body = content && (values['body'] ?? '') !== '' ? values['body']! : null;
  if (body !== null) headers['Content-Type'] = content!.mediaType;
  const file = body !== null && isFileType(content!.mediaType);
  // A text field of a page ends its lines without a carriage return, which a form of several parts needs.
  const text = body !== null && /^multipart\//i.test(content!.mediaType) ? body.replaceAll(/\r?\n/g, '\r\n') : body;
  const call = sampleCall(operation.baseUrl, { method: operation.method, path: query.length > 0 ? `${path}?${query.join('&')}` : path, headers, body: file ? null : text }, key);
  return file ? { ...call, file: body } : call;
}

type Value = string | string[] | Record<string, unknown>;

function pathText({ name, style, explode }: TryItField, value: unknown): string {
  const list = Array.isArray(value);
  const object = typeof value === 'object' && value !== null && !list;
  const encoded = (item: unknown): string => encodeURIComponent(plain(item));
  const parts = list ? value.map(encoded) : object ? Object.entries(value).map(([key, item]) => `${encoded(key)}${explode ? '=' : ','}${encoded(item)}`) : [encoded(value)];
  if (style === 'label') return `.${parts.join(explode ? '.' : ',')}`;
  if (style === 'matrix') return explode && object ? `;${parts.join(';')}` : explode && list ? parts.map((part) => `;${encoded(name)}=${part}`).join('') : `;${encoded(name)}=${parts.join(',')}`;
  return parts.join(',');
}

const delimiters: Record<string, string> = { spaceDelimited: '%20', pipeDelimited: '%7C' };

function queryPairs({ name, style, explode }: TryItField, value: Value | unknown): string[] {
  const pair = (key: string, item: unknown): string => `${encodeURIComponent(key)}=${encodeURIComponent(plain(item))}`;
  if (Array.isArray(value)) return explode ? value.map((item) => pair(name, item)) : value.length === 0 ? [] : [`${encodeURIComponent(name)}=${value.map((item) => encodeURIComponent(plain(item))).join(delimiters[style] ?? ',')}`];
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (style === 'deepObject') return entries.map(([key, item]) => pair(`${name}[${key}]`, item));
    if (explode) return entries.map(([key, item]) => pair(key, item));
    return [`${encodeURIComponent(name)}=${entries.flat().map((item) => encodeURIComponent(plain(item))).join(',')}`];
  }
  return [pair(name, value)];
}

function commaText(value: unknown, explode: boolean): string {
  if (Array.isArray(value)) return value.map(plain).join(',');
  if (typeof value === 'object' && value !== null) return Object.entries(value).map(([key, item]) => `${key}${explode ? '=' : ','}${plain(item)}`).join(',');
  return plain(value);
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

function isJson(mediaType: string): boolean {
  return /[/+]json\b/i.test(mediaType);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
