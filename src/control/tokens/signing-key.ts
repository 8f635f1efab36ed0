// What Portico signs its tokens with: an Ed25519 key for each period, which follows from the secret and is stored nowhere.
import { Buffer } from 'node:buffer';
import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';
import { thumbprint, type PublicJwk } from '../../domain/token.ts';

/** After this another key signs. The one before stays known for a period, which is longer than any token lives. */
export const signingPeriodMs = 30 * 86_400_000;

/** RFC 8410: PKCS #8 of an Ed25519 key up to its 32 octets. */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

export function signingPeriod(now: number): number {
  return Math.floor(now / signingPeriodMs);
}

export function signingKey(secret: string, period: number): { kid: string; privateKey: KeyObject; jwk: PublicJwk } {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', `token signing ${period}`, 32));
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' });
  const x = createPublicKey(privateKey).export({ format: 'jwk' }).x!;
  const kid = thumbprint(x);
  return { kid, privateKey, jwk: { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' } };
}

/** Of the last, the present and the next period. */
export function publicKeys(secret: string, now: number): PublicJwk[] {
  return [-1, 0, 1].map((offset) => signingKey(secret, signingPeriod(now) + offset).jwk);
}
