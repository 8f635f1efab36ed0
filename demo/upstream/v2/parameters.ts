import { Refusal } from '../route.ts';
import type { Answer } from '../route.ts';

/** Refuses parameters that the operation does not have: a misspelt filter must not look like one that matched everything. */
export function only(query: URLSearchParams, ...names: string[]): void {
  for (const name of query.keys()) {
    if (!names.includes(name)) throw new Refusal(400, 'unknown-parameter', `There is no parameter \`${name}\` here. Known: ${names.join(', ') || 'none'}.`, name);
  }
}

export function whole(query: URLSearchParams, name: string, { standard, min, max }: { standard: number; min: number; max: number }): number {
  const text = query.get(name);
  if (text === null) return standard;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) throw new Refusal(400, 'invalid-parameter', `\`${name}\` is \`${text}\`; a whole number from ${min} to ${max} was expected.`, name);
  return value;
}

export function coordinate(query: URLSearchParams, name: string, bound: number): number {
  const text = required(query, name);
  const value = Number(text);
  if (!/^-?\d+(\.\d+)?$/.test(text) || Math.abs(value) > bound) throw new Refusal(400, 'invalid-parameter', `\`${name}\` is \`${text}\`; a number from -${bound} to ${bound} was expected.`, name);
  return value;
}

export function required(query: URLSearchParams, name: string): string {
  const text = query.get(name);
  if (text === null || text === '') throw new Refusal(400, 'missing-parameter', `The parameter \`${name}\` is missing.`, name);
  return text;
}

export function optionalMatch(query: URLSearchParams, name: string, pattern: RegExp, expected: string): string | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!pattern.test(text)) throw new Refusal(400, 'invalid-parameter', `\`${name}\` is \`${text}\`; ${expected} was expected.`, name);
  return text;
}

export const pageLimit = { standard: 20, min: 1, max: 50 };

/** One page and the cursor to the next, which also stands in a Link header relative to the request (RFC 8288). */
export function page(query: URLSearchParams, slice: (offset: number, limit: number) => { items: unknown[]; total: number }): Answer {
  const limit = whole(query, 'limit', pageLimit);
  const offset = fromCursor(query.get('cursor'));
  const { items, total } = slice(offset, limit);
  const next = offset + limit < total ? toCursor(offset + limit) : null;
  if (next === null) return { body: { items, next } };
  const target = new URLSearchParams(query);
  target.set('cursor', next);
  return { body: { items, next }, headers: { Link: `<?${target}>; rel="next"` } };
}

function toCursor(offset: number): string {
  return Buffer.from(`after:${offset}`).toString('base64url');
}

function fromCursor(cursor: string | null): number {
  if (cursor === null) return 0;
  const match = /^after:(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (!match) throw new Refusal(400, 'invalid-parameter', '`cursor` is not one that this API gave out. Use `next` of the page before.', 'cursor');
  return Number(match[1]);
}
