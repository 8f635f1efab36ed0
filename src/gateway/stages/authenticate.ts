// In: the header fields. Out: the credential of a key that may be used now.
import { hash } from 'node:crypto';
import { callHint } from '../../domain/call-hint.ts';
import type { Call, Refusal } from '../call.ts';
import type { SampleAccess } from '../routing/sample-access.ts';
import type { Credential, CredentialTable } from '../shared/credential-table.ts';
import { maskKey } from '../../domain/key.ts';
import { authenticateToken, findToken } from './authenticate-token.ts';
import { findKey } from './find-key.ts';
import { challenge, refuseUnusable } from './refuse-credential.ts';
import { fieldIds, valueOf } from '../http1/field-section.ts';

const bearer = 'Bearer ';

/** The call keeps the credential also when it is refused as revoked, expired or blocked: its owner sees the refusal in the request log. */
export function authenticate(credentials: CredentialTable, sample: SampleAccess | null, call: Call): Refusal | undefined {
  const tokens = call.product === null ? null : call.product.tokens;
  if (tokens !== null) {
    const text = findToken(call.head);
    if (text !== undefined) return hinted(call, authenticateToken(credentials, tokens, call, text));
  }
  const credential = findAtOnce(credentials, sample, call);
  return credential ? refuseUnusable(call, credential) : findSlowly(credentials, sample, call);
}

/** To strangers a private product that takes tokens is like a product that does not exist: there a token is no key. */
function hinted(call: Call, refusal: Refusal | undefined): Refusal | undefined {
  if (refusal === undefined || call.credential !== null || !call.product!.product.private) return refusal;
  const found = findKey(call.head, call.query);
  return 'hint' in found && found.hint ? { ...refusal, hint: found.hint } : refusal;
}

/** A key that stands where it belongs and that is known needs no look at its form, nor at other places. */
function findAtOnce(credentials: CredentialTable, sample: SampleAccess | null, call: Call): Credential | undefined {
  const authorization = valueOf(call.head, fieldIds.authorization);
  const key = authorization === undefined ? valueOf(call.head, fieldIds['x-api-key']) : authorization.startsWith(bearer) ? authorization.slice(bearer.length) : undefined;
  if (key === undefined) return undefined;
  call.keyField = authorization === undefined ? 'x-api-key' : 'authorization';
  const credential = lookUp(credentials, sample, key);
  return credential?.state === 'deleted' ? undefined : credential;
}

function lookUp(credentials: CredentialTable, sample: SampleAccess | null, key: string): Credential | undefined {
  const digest = hash('sha256', key, 'binary');
  return credentials.find(digest) ?? (sample?.hash === digest ? sample.credential : undefined);
}

function findSlowly(credentials: CredentialTable, sample: SampleAccess | null, call: Call): Refusal | undefined {
  call.keyField = null;
  const found = findKey(call.head, call.query);
  if ('code' in found) return challenge(call, found, found.code === 'key_missing' ? null : 'invalid_token');
  call.keyField = found.field;
  const credential = lookUp(credentials, sample, found.key);
  if (!credential || credential.state === 'deleted') {
    return challenge(call, { code: 'key_unknown', detail: `The key ${maskKey(found.key)} is well formed, but no such key was made here. Check that it belongs to this portal.`, hint: callHint('key-of-others', found.key.split('_')[0]!) }, 'invalid_token');
  }
  return refuseUnusable(call, credential);
}
