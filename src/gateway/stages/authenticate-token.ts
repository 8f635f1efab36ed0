// In: an access token in place of a key. Out: the credential of the key that it stands for.
import type { Call, Refusal, RequestHead } from '../call.ts';
import { fieldIds, hasField, isRepeated, valueOf } from '../http1/field-section.ts';
import type { Credential, CredentialTable } from '../shared/credential-table.ts';
import type { TokenRules } from '../tokens/compile-tokens.ts';
import type { VerifiedToken } from '../tokens/verified-tokens.ts';
import { verifyToken } from '../tokens/verify-token.ts';
import { challenge, refuseUnusable } from './refuse-credential.ts';

const bearer = 'Bearer ';
const bearerText = /^bearer +(\S.*)$/i;
const twoDots = /^[^.]*\.[^.]*\.[^.]*$/;

/** The token of a request, or undefined when what it carries is for the key to be looked for: no key has dots. */
export function findToken(head: RequestHead): string | undefined {
  const authorization = valueOf(head, fieldIds.authorization);
  if (authorization === undefined || hasField(head, fieldIds['x-api-key'])) return undefined;
  const text = authorization.startsWith(bearer) ? authorization.slice(bearer.length) : bearerText.exec(authorization)?.[1];
  // `{"` in base64url, as the header of every JWT begins.
  return text !== undefined && (text.startsWith('eyJ') || twoDots.test(text)) ? text : undefined;
}

/** A token is verified once; that its key may be used, and its times, are looked at with each call. */
export function authenticateToken(credentials: CredentialTable, rules: TokenRules, call: Call, text: string): Refusal | undefined {
  if (isRepeated(call.head, fieldIds.authorization)) return refuseToken(call, 'The request has two Authorization headers. Send one.');
  const known = rules.verified.find(text);
  if (!known && rules.failures.tooMany(call.client.address, call.at)) return { code: 'overloaded', detail: 'Too many tokens with a wrong signature came in this second, so this one was not looked at. Repeat the call in a second.', fields: ['Retry-After', '1'] };
  const token = known ?? verifyToken(rules, text);
  if ('problem' in token) {
    if (token.verified) rules.failures.note(call.client.address, call.at);
    return refuseToken(call, token.problem);
  }
  const credential = credentials.find(token.hash);
  if (!credential || credential.state === 'deleted' || (token.keyId !== null && credential.keyId !== token.keyId)) return refuseUnknown(call, token);
  if (call.at >= token.expiresAt) {
    if (known) rules.verified.forget(text);
    return refuseToken(call, `The token expired on ${new Date(token.expiresAt).toUTCString()}.`, credential);
  }
  if (call.at < token.notBefore) return refuseToken(call, `The token counts from ${new Date(token.notBefore).toUTCString()}. Is a clock wrong?`, credential);
  if (!known) rules.verified.add(text, token);
  call.keyField = 'authorization';
  return refuseUnusable(call, credential);
}

function refuseUnknown(call: Call, { keyId, named }: VerifiedToken): Refusal {
  if (keyId !== null) return refuseToken(call, 'The key that this token was made with is no more.');
  return challenge(call, { code: 'token_invalid', detail: `The token is good, but ${named} is bound to no key here. Ask the producer of this API to bind it: \`portico tokens bind\`.` }, 'invalid_token');
}

/** With the credential, where it is known: its owner sees the refusal. */
function refuseToken(call: Call, problem: string, credential: Credential | null = null): Refusal {
  call.credential = credential;
  return challenge(call, { code: 'token_invalid', detail: `${problem} Request a new token and repeat the call.` }, 'invalid_token');
}
