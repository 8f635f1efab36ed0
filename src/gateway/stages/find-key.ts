// Finds the key in a request, and when there is none, what was sent in its place: the detail of the refusal teaches the way out.
import { callHint, type Mistake } from '../../domain/call-hint.ts';
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
  const authorizations = findFields(head, 'authorization');
  const apiKeys = findFields(head, 'x-api-key');
  const bearer = bearerToken(authorizations[0]);
  if (bearer !== undefined && (looksLikeKey.test(bearer) || apiKeys.length === 0)) return checked(bearer, 'authorization', 'Authorization');
  // An Authorization header that holds no key of ours is the upstream's business when X-API-Key has one.
  if (apiKeys.length > 0) return checked(apiKeys[0]!.trim(), 'x-api-key', 'X-API-Key');
  if (authorizations.length > 0) return strangeAuthorization(authorizations[0]!);
  return elsewhere(head, query);
}

function bearerToken(value: string | undefined): string | undefined {
  return /^bearer +(\S.*?)\s*$/i.exec(value ?? '')?.[1];
}

function checked(key: string, field: FoundKey['field'], header: string): FoundKey | Refusal {
  if (parseKey(key)) return { key, field };
  if (key === '') return { code: 'key_missing', detail: `The ${header} header is empty. ${expected}`, hint: callHint('key-empty', header) };
  const { mistake, flaw, sent = null } = flawOf(key);
  return { code: 'key_malformed', detail: `The ${header} header holds ${shown(key)}: ${flaw} Copy the key again, whole.`, hint: callHint(mistake, sent) };
}

function flawOf(key: string): { mistake: Mistake; flaw: string; sent?: string } {
  if (/^["'].*|["']$/.test(key) || (/^<.*>$/.test(key) && looksLikeKey.test(key.slice(1)))) return { mistake: 'key-quoted', flaw: 'quotes or brackets stand around the key.' };
  if (isPlaceholder(key)) return { mistake: 'placeholder', flaw: 'the placeholder of a sample stands where the key belongs.' };
  if (/^bearer/i.test(key)) return { mistake: 'scheme-twice', flaw: 'the word Bearer is written twice or does not belong here.' };
  if (/\s/.test(key)) return { mistake: 'key-spaced', flaw: 'there is a space inside.' };
  const tail = /^[a-z0-9]{1,32}_(?:live|test)_(.*)$/.exec(key)?.[1];
  if (tail === undefined) return { mistake: 'not-a-key', flaw: 'a key has the form <prefix>_live_... or <prefix>_test_....' };
  if (tail.length !== 33) return { mistake: tail.length < 33 ? 'key-shortened' : 'key-lengthened', flaw: `${tail.length} characters follow the mode, but a whole key has 33.`, sent: String(tail.length) };
  if (!/^[0-9A-Za-z]+$/.test(tail)) return { mistake: 'key-characters', flaw: 'it contains a character that no key has.' };
  if (parseKey(key.replace(/_(live|test)_/, (_, mode) => (mode === 'live' ? '_test_' : '_live_')))) {
    const said = key.includes('_live_') ? 'live' : 'test';
    return { mistake: 'key-mode-changed', flaw: `it says "${said}", but it was made as a ${said === 'live' ? 'test' : 'live'} key.`, sent: said };
  }
  return { mistake: 'key-changed', flaw: 'its checksum does not match, so at least one character was changed.' };
}

/** `YOUR_KEY`, `atlas_test_YOUR_KEY`, `<key>`, `$KEY`, `{{api_key}}`: what samples and shells leave behind. */
function isPlaceholder(key: string): boolean {
  return key.length <= 64 && (/^(?:[a-z0-9]{1,32}_(?:live|test)_)?(?:YOUR|MY|THE|API)?[_-]?(?:API|ACCESS|SECRET|PORTICO)?[_-]?(?:KEY|TOKEN)$/i.test(key) || /^[<[{].*[>\]}]$/.test(key) || /^[$%]/.test(key) || /_(?:live|test)_\.{3}/.test(key));
}

function strangeAuthorization(value: string): Refusal {
  const [scheme = '', ...rest] = value.trim().split(/\s+/);
  if (scheme === '') return { code: 'key_missing', detail: `The Authorization header is empty. ${expected}`, hint: callHint('key-empty', 'Authorization') };
  if (looksLikeKey.test(scheme)) return { code: 'key_malformed', detail: 'The Authorization header holds a key without the word "Bearer" before it. Write `Authorization: Bearer <key>`.', hint: callHint('scheme-absent') };
  if (/^bearer$/i.test(scheme)) return { code: 'key_missing', detail: 'The Authorization header says "Bearer", but no key follows. Is the variable that holds the key empty?', hint: callHint('scheme-alone') };
  if (rest.length === 0) return { code: 'key_malformed', detail: 'The Authorization header holds one word that is not a key. Write `Authorization: Bearer <key>`.', hint: callHint(isPlaceholder(scheme) ? 'placeholder' : 'not-a-key') };
  return { code: 'key_malformed', detail: `The Authorization header says "${schemeName(scheme)}", it must be "Bearer". Write \`Authorization: Bearer <key>\`.`, hint: callHint('scheme-wrong', schemeName(scheme)) };
}

function elsewhere(head: RequestHead, query: string): Refusal {
  for (const [name, value] of new URLSearchParams(query)) {
    if (keyAnywhere.test(value)) {
      return { code: 'key_missing', detail: `A key was sent in the query parameter "${clip(name)}", where logs and histories keep it. ${expected} Roll the key if the address was shared.`, hint: callHint('key-in-query', name) };
    }
  }
  for (let i = 0; i < head.fields.length; i += 2) {
    const found = keyAnywhere.exec(head.fields[i + 1]!);
    if (found) return { code: 'key_missing', detail: `The key ${maskKey(found[0])} was sent in the header ${clip(head.fields[i]!)}, which is not read. ${expected}`, hint: callHint('key-in-header', head.fields[i]!) };
  }
  const inPath = keyAnywhere.test(head.target);
  return { code: 'key_missing', detail: `The request has neither an Authorization nor an X-API-Key header. ${expected}`, hint: callHint(inPath ? 'key-in-path' : 'key-absent') };
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
