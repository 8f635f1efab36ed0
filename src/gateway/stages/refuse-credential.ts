import type { Call, Refusal } from '../call.ts';
import type { Credential } from '../shared/credential-table.ts';

/** A credential that is known, and may not be used now. */
export function refuseUnusable(call: Call, credential: Credential): Refusal | undefined {
  call.credential = credential;
  if (credential.state === 'revoked') {
    const when = credential.revokedAt === null ? '' : ` on ${new Date(credential.revokedAt).toUTCString()}`;
    return challenge(call, { code: 'key_revoked', detail: `The key ${credential.masked} was revoked${when}. Use another key of your account, or create one.` }, 'invalid_token');
  }
  if (credential.expiresAt !== null && credential.expiresAt <= call.at) {
    return challenge(call, { code: 'key_expired', detail: `The key ${credential.masked} expired on ${new Date(credential.expiresAt).toUTCString()}. Use the key that replaced it, or create one.` }, 'invalid_token');
  }
  if (credential.state === 'consumer-blocked') {
    return { code: 'consumer_blocked', detail: `The key ${credential.masked} belongs to an account that the producer of this API has blocked. Contact the producer.` };
  }
  return undefined;
}

/** RFC 9110 section 11.6.1 and RFC 6750 section 3. */
export function challenge(call: Call, refusal: Refusal, error: 'invalid_token' | null): Refusal {
  const realm = call.product?.product.slug ?? 'portico';
  return { ...refusal, fields: ['WWW-Authenticate', `Bearer realm="${realm}"${error === null ? '' : `, error="${error}"`}`] };
}
