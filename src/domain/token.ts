// Access tokens beside keys: who may issue them, and what their claims name.
import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

/** RFC 7518 section 3.1 and RFC 8037: what can be verified with a public key. */
export const tokenAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;
export type TokenAlgorithm = (typeof tokenAlgorithms)[number];

/** Claims that may name who calls. */
export const subjectClaims = ['client_id', 'azp', 'sub'] as const;
export type SubjectClaim = (typeof subjectClaims)[number];

/** RFC 7517: a public key. */
export interface PublicJwk {
  kty: string;
  kid?: string;
  alg?: string;
  use?: string;
  crv?: string;
  x?: string;
  y?: string;
  n?: string;
  e?: string;
}

/** What opens a product beside its keys. */
export interface TokenPolicy {
  /** Tokens of Portico's own token endpoint. */
  own: boolean;
  /** Others whose tokens are taken, once what they name is bound to a key. */
  issuers: TokenIssuer[];
}

export interface TokenIssuer {
  /** Value of `iss`. */
  issuer: string;
  /** One of these must be in `aud`. */
  audiences: string[];
  /** Where its public keys come from: an address that control asks, or they themselves. A file is read when it is applied. */
  jwks: { url: string } | { file: string } | { keys: PublicJwk[] };
  algorithms: TokenAlgorithm[];
  /** Names who calls. */
  claim: SubjectClaim;
  /** How far its clock may be off. */
  leewayMs: number;
}

/** How long a token of Portico's own lives, unless its key ends before. */
export const tokenLifeMs = 3_600_000;
/** Longer ones are not read. */
export const tokenLengthMax = 8_192;
/** RFC 9068 section 2.1. */
export const accessTokenType = 'at+jwt';
/** SHA-256 of the key that a token of Portico's own was made with, in base64url: a gateway finds keys by it. */
export const keyHashClaim = 'key_hash';

/** Public keys of one issuer that are kept. */
export const issuerKeysMax = 50;

const rsaBitsMin = 2048;

/** A key and what it verifies; undefined when that is none of ours. */
export function readPublicKey(jwk: PublicJwk): { key: KeyObject; algorithms: TokenAlgorithm[] } | undefined {
  if (jwk.use !== undefined && jwk.use !== 'sig') return undefined;
  const fitting = algorithmsOf(jwk).filter((algorithm) => jwk.alg === undefined || jwk.alg === algorithm);
  if (fitting.length === 0) return undefined;
  const { kty, crv, x, y, n, e } = jwk;
  try {
    const key = createPublicKey({ key: { kty, ...(kty === 'RSA' ? { n, e } : { crv, x, ...(kty === 'EC' && { y }) }) } as JsonWebKey, format: 'jwk' });
    return kty === 'RSA' && key.asymmetricKeyDetails!.modulusLength! < rsaBitsMin ? undefined : { key, algorithms: fitting };
  } catch {
    return undefined;
  }
}

/** Those of a JWK Set (RFC 7517 section 5) that verify tokens, with nothing but their public members. */
export function publicKeysOf(jwks: unknown): PublicJwk[] {
  return listKeys(jwks).slice(0, issuerKeysMax).flatMap((jwk) => {
    const members = Object.fromEntries(publicMembers.flatMap((name) => (typeof jwk[name] === 'string' ? [[name, jwk[name]]] : []))) as unknown as PublicJwk;
    return readPublicKey(members) ? [members] : [];
  });
}

/** RFC 7518 sections 6.2.2, 6.3.2 and 6.4. */
export function holdsPrivateKey(jwks: unknown): boolean {
  return listKeys(jwks).some((jwk) => 'd' in jwk || 'k' in jwk);
}

const publicMembers = ['kty', 'kid', 'alg', 'use', 'crv', 'x', 'y', 'n', 'e'] as const;

function listKeys(jwks: unknown): Record<string, unknown>[] {
  const keys = (jwks as { keys?: unknown } | null | undefined)?.keys;
  return Array.isArray(keys) ? keys.filter((jwk) => typeof jwk === 'object' && jwk !== null) as Record<string, unknown>[] : [];
}

function algorithmsOf({ kty, crv }: PublicJwk): TokenAlgorithm[] {
  if (kty === 'RSA') return ['RS256', 'PS256'];
  if (kty === 'EC' && crv === 'P-256') return ['ES256'];
  return kty === 'OKP' && crv === 'Ed25519' ? ['EdDSA'] : [];
}

/**
 * Whom an issuer names, as gateways look it up among the hashes of keys: 64 hex digits. SHA-512/256, so that no text
 * that is sent as a key has this hash.
 */
export function identityHash(issuer: string, subject: string): string {
  return createHash('sha512-256').update(`${issuer}\n${subject}`).digest('hex');
}

/** RFC 7638, of an Ed25519 key. */
export function thumbprint(x: string): string {
  return createHash('sha256').update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x })).digest('base64url');
}
