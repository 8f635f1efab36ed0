// What of an answer may be kept for others, for how long, and for which requests (RFC 9111, as a shared cache).
import type { Buffer } from 'node:buffer';
import { endToEndFields, findField, findFields, listMembers } from '../fields.ts';
import { bitsOf, fieldListOf, type FieldList } from '../http1/field-section.ts';
import { cacheDirectives, secondsOf } from './cache-control.ts';

export interface StoredAnswer {
  status: number;
  reason: string;
  /** As they came, without those of the connection and those that are said anew with each answer. */
  fields: string[];
  body: Buffer;
  /** ms UTC */
  answeredAt: number;
  /** How old it was then, ms. */
  initialAgeMs: number;
  freshMs: number;
  /** Fields that Vary names, with their values in the request that it answered. */
  vary: readonly (readonly [string, string])[];
  /** Of its address when its request was sent. */
  generation: number;
}

const storable = new Set([200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501]);
const lengthBit = bitsOf('content-length');
const saidAnew = (name: string): boolean => name === 'age';
const variedMax = 16;

export type AnswerHead = Omit<StoredAnswer, 'body' | 'generation'>;

/**
 * The head of an answer that may be kept. Callers send a key, as good as an Authorization field, so only what says `public` or
 * `s-maxage` may answer others (section 3.5); freshness is only what is said, never guessed.
 * @param request as the upstream got it
 */
export function storableHead(answer: { status: number; reason: string; fields: FieldList; askedAt: number; answeredAt: number }, request: FieldList): AnswerHead | null {
  const { status, fields, askedAt, answeredAt } = answer;
  if (!storable.has(status) || !mayAnswerOthers(fields) || findField(fields, 'content-range') !== undefined) return null;
  const vary = listMembers(fields, 'vary');
  if (vary.length > variedMax) return null;
  const head: AnswerHead = {
    status, reason: answer.reason, fields: endToEndFields(fields, lengthBit, saidAnew), answeredAt, ...agesOf(fields, { askedAt, answeredAt }),
    vary: vary.map((name) => [name, variedValue(request, name)] as const),
  };
  return head.freshMs > head.initialAgeMs || isValidatable(head.fields) ? head : null;
}

/** `public` or `s-maxage`, and nothing that speaks to one caller alone. */
function mayAnswerOthers(fields: FieldList): boolean {
  const directives = cacheDirectives(fields);
  if (directives.has('no-store') || directives.has('private') || !(directives.has('public') || directives.has('s-maxage'))) return false;
  return findField(fields, 'set-cookie') === undefined && !listMembers(fields, 'vary').includes('*');
}

/** What a 304 says anew of an answer (section 3.2), and whether that may still answer others. */
export function refreshed(answer: StoredAnswer, said: { fields: FieldList; askedAt: number; answeredAt: number }): { answer: StoredAnswer; keeps: boolean } {
  const fresh = endToEndFields(said.fields, lengthBit, (name) => saidAnew(name) || name === 'vary');
  const replaced = new Set(fresh.filter((_, place) => place % 2 === 0).map((name) => name.toLowerCase()));
  const kept = answer.fields.filter((_, place) => !replaced.has(answer.fields[place - (place % 2)]!.toLowerCase()));
  const fields = [...kept, ...fresh];
  const list = fieldListOf(fields);
  const renewed = { ...answer, fields, answeredAt: said.answeredAt, ...agesOf(list, said, findField(said.fields, 'age')) };
  return { answer: renewed, keeps: mayAnswerOthers(list) && !listMembers(said.fields, 'vary').includes('*') };
}

export function ageMs(answer: StoredAnswer, now: number): number {
  return answer.initialAgeMs + Math.max(0, now - answer.answeredAt);
}

/** Section 4.2: a shared cache reads s-maxage before max-age before Expires; `no-cache` is never fresh. Section 4.2.3: the age. */
function agesOf(fields: FieldList, { askedAt, answeredAt }: { askedAt: number; answeredAt: number }, said = findField(fields, 'age')): { freshMs: number; initialAgeMs: number } {
  const directives = cacheDirectives(fields);
  const date = Date.parse(findField(fields, 'date') ?? '');
  const dated = Number.isNaN(date) ? answeredAt : date;
  const expires = findField(fields, 'expires');
  const expiry = expires === undefined ? dated : Date.parse(expires);
  const lifetime = secondsOf(directives, 's-maxage') ?? secondsOf(directives, 'max-age') ?? (Number.isNaN(expiry) ? 0 : Math.max(0, expiry - dated));
  const delay = answeredAt - askedAt;
  const told = /^\d{1,10}$/.test(said ?? '') ? Number(said) * 1_000 + delay : 0;
  return { freshMs: directives.has('no-cache') ? 0 : lifetime, initialAgeMs: Math.max(0, answeredAt - dated, told) };
}

/** The request is one that the answer was chosen for (section 4.1). */
export function answers(answer: StoredAnswer, request: FieldList): boolean {
  return answer.vary.every(([name, value]) => variedValue(request, name) === value);
}

function variedValue(request: FieldList, name: string): string {
  return findFields(request, name).join(', ');
}

function isValidatable(fields: readonly string[]): boolean {
  return fields.some((name, place) => place % 2 === 0 && /^(?:etag|last-modified)$/i.test(name));
}
