// Tokens made for tests: of any algorithm, with anything wrong that a test wants.
import { Buffer } from 'node:buffer';
import { constants, createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { PublicJwk, TokenAlgorithm } from '../../domain/token.ts';

export interface TestSigner { jwk: PublicJwk; privateKey: KeyObject; algorithm: TokenAlgorithm }

export function testSigner(algorithm: TokenAlgorithm, kid: string): TestSigner {
  const { publicKey, privateKey } = algorithm === 'EdDSA' ? generateKeyPairSync('ed25519') : algorithm === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { jwk: { ...(publicKey.export({ format: 'jwk' }) as PublicJwk), kid }, privateKey, algorithm };
}

export const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** @param header takes the place of what it would be; undefined leaves a member out */
export function makeToken({ algorithm, privateKey, jwk }: TestSigner, claims: Record<string, unknown>, header: Record<string, unknown> = {}): string {
  const text = `${encoded({ alg: algorithm, typ: 'at+jwt', kid: jwk.kid, ...header })}.${encoded(claims)}`;
  return `${text}.${signatureOf(algorithm, Buffer.from(text), privateKey).toString('base64url')}`;
}

function signatureOf(algorithm: TokenAlgorithm, data: Buffer, key: KeyObject): Buffer {
  if (algorithm === 'EdDSA') return sign(null, data, key);
  if (algorithm === 'ES256') return sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' });
  return sign('sha256', data, algorithm === 'PS256' ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : key);
}

/** What a verifier would take that used a public key as the secret of HS256. */
export function confusedToken({ publicPem, claims, kid }: { publicPem: string; claims: Record<string, unknown>; kid: string }): string {
  const text = `${encoded({ alg: 'HS256', typ: 'at+jwt', kid })}.${encoded(claims)}`;
  return `${text}.${createHmac('sha256', publicPem).update(text).digest('base64url')}`;
}
