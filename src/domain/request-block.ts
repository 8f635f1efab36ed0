// A request block of a guide: the words after `request` on its first line, and its text, a JSON object.

export interface RequestBlock {
  /** Undefined: the guide's own. */
  product: string | undefined;
  /** Undefined: the current one. */
  version: string | undefined;
  /** Its id, or its part of the address. */
  operation: string;
  /** By name, wherever they stand in the request. */
  parameters: Record<string, unknown>;
  /** Undefined: the body of the reference page's sample. */
  body: unknown;
}

/** `names`: the words do not name an operation. `object`: the text is not a JSON object. */
export type RequestBlockMistake = 'names' | 'object';

export function readRequestBlock(words: readonly string[], text: string): RequestBlock | RequestBlockMistake {
  const [operation, version, product, ...more] = words.toReversed();
  if (operation === undefined || more.length > 0) return 'names';
  const input = readObject(text);
  if (input === undefined) return 'object';
  const { body, ...parameters } = input;
  return { product, version, operation, parameters, body };
}

/** A body as its media type writes it: text as it stands, forms as pairs, all else as JSON. */
export function requestBodyText(mediaType: string, body: unknown): string {
  const type = mediaType.split(';')[0]!.trim().toLowerCase();
  if (typeof body === 'string' && !isJsonType(type)) return body;
  if (type === 'application/x-www-form-urlencoded' && typeof body === 'object' && body !== null) return new URLSearchParams(Object.entries(body).map(([name, value]): [string, string] => [name, parameterText(value)])).toString();
  return JSON.stringify(body, null, 2);
}

/** A value as it is typed into a field. */
export function parameterText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isJsonType(type: string): boolean {
  return type === 'application/json' || type.endsWith('+json');
}

function readObject(text: string): Record<string, unknown> | undefined {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
