// Finds the key in a request, and when there is none, what was sent in its place: the detail of the refusal teaches the way out.
import { maskKey, parseKey } from '../../domain/key.ts';
import type { Refusal, RequestHead } from '../call.ts';
import { findFields } from '../fields.ts';
import { clip } from '../routing/split-target.ts';

export interface FoundKey {
  key: string;
  field: 'authorization' | 'x-api-key';
}

const looksLikeKey = /^[a-z0-9]{1,32}_(?:live|test)_/;
const keyAnywhere = /(?<![A-Za-z0-9_])[a-z0-9]{1,32}_(?:live|test)_[0-9A-Za-z]{33}(?![0-9A-Za-z])/;
const expected = 'Send it as `Authorization: Bearer <key>` or `X-API-Key: <key>`.';

export function findKey(head: RequestHead, query: string): FoundKey | Refusal {
  const authorizations = findFields(head.fields, 'authorization');
  const apiKeys = findFields(head.fields, 'x-api-key');
  const bearer = bearerToken(authorizations[0]);
  if (bearer !== undefined && (looksLikeKey.test(bearer) || apiKeys.length === 0)) return checked(bearer, 'authorization', 'the Authorization header');
  // An Authorization header that holds no key of ours is the upstream's business when X-API-Key has one.
  if (apiKeys.length > 0) return checked(apiKeys[0]!.trim(), 'x-api-key', 'the X-API-Key header');
  if (authorizations.length > 0) return strangeAuthorization(authorizations[0]!);
  return elsewhere(head, query);
}

function bearerToken(value: string | undefined): string | undefined {
  return /^bearer +(\S.*?)\s*$/i.exec(value ?? '')?.[1];
}

function checked(key: string, field: FoundKey['field'], where: string): FoundKey | Refusal {
  if (parseKey(key)) return { key, field };
  if (key === '') return { code: 'key_missing', detail: `${capital(where)} is empty. ${expected}` };
  return { code: 'key_malformed', detail: `${capital(where)} holds ${shown(key)}: ${flawOf(key)} Copy the key again, whole.` };
}

function flawOf(key: string): string {
  if (/^["'<].*|["'>]$/.test(key)) return 'quotes or brackets stand around the key.';
  if (/\s/.test(key)) return 'there is a space inside.';
  if (/^bearer/i.test(key)) return 'the word Bearer is written twice or does not belong here.';
  const tail = /^[a-z0-9]{1,32}_(?:live|test)_(.*)$/.exec(key)?.[1];
  if (tail === undefined) return 'a key has the form <prefix>_live_... or <prefix>_test_....';
  if (tail.length !== 33) return `${tail.length} characters follow the mode, but a whole key has 33.`;
  if (!/^[0-9A-Za-z]+$/.test(tail)) return 'it contains a character that no key has.';
  return 'its checksum does not match, so at least one character was changed.';
}

function strangeAuthorization(value: string): Refusal {
  const [scheme = '', ...rest] = value.trim().split(/\s+/);
  if (scheme === '') return { code: 'key_missing', detail: `The Authorization header is empty. ${expected}` };
  if (looksLikeKey.test(scheme)) return { code: 'key_malformed', detail: 'The Authorization header holds a key without the word "Bearer" before it. Write `Authorization: Bearer <key>`.' };
  if (/^bearer$/i.test(scheme)) return { code: 'key_missing', detail: 'The Authorization header says "Bearer", but no key follows. Is the variable that holds the key empty?' };
  if (rest.length === 0) return { code: 'key_malformed', detail: 'The Authorization header holds one word that is not a key. Write `Authorization: Bearer <key>`.' };
  return { code: 'key_malformed', detail: `The Authorization header says "${schemeName(scheme)}", it must be "Bearer". Write \`Authorization: Bearer <key>\`.` };
}

function elsewhere(head: RequestHead, query: string): Refusal {
  for (const [name, value] of new URLSearchParams(query)) {
    if (keyAnywhere.test(value)) {
      return { code: 'key_missing', detail: `A key was sent in the query parameter "${clip(name)}", where logs and histories keep it. ${expected} Roll the key if the address was shared.` };
    }
  }
  for (let i = 0; i < head.fields.length; i += 2) {
    const found = keyAnywhere.exec(head.fields[i + 1]!);
    if (found) return { code: 'key_missing', detail: `The key ${maskKey(found[0])} was sent in the header ${clip(head.fields[i]!)}, which is not read. ${expected}` };
  }
  return { code: 'key_missing', detail: `The request has neither an Authorization nor an X-API-Key header. ${expected}` };
}

/** Never enough of what was sent to be of use to somebody who reads a log. */
function shown(key: string): string {
  const head = /^[a-z0-9]{1,32}_(?:live|test)_/.exec(key)?.[0];
  return head !== undefined && key.length > head.length + 8 ? `"${head}...${key.slice(-4)}"` : `a text of ${key.length} characters`;
}

/** A scheme is a short word; anything longer may be a secret in the wrong place. */
function schemeName(scheme: string): string {
  return /^[A-Za-z][A-Za-z0-9-]{0,15}$/.test(scheme) ? scheme : `${scheme.slice(0, 4)}...`;
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
