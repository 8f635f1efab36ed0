import { Buffer } from 'node:buffer';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export const idPrefixes = {
  request: 'req', product: 'prd', version: 'ver', plan: 'pln', revision: 'rev', consumer: 'con',
  developer: 'dev', subscription: 'sub', key: 'key', member: 'mem', invitation: 'inv', productInvitation: 'pin', mail: 'eml', activity: 'act', article: 'art', notice: 'ntc', audit: 'aud', feedback: 'fbk', tokenBinding: 'tkb',
  phase: 'pha', period: 'per', invoice: 'bil', creditGrant: 'crg', coupon: 'cpn', redemption: 'red', payment: 'pay', upgradeCase: 'cas', simulation: 'sim',
} as const;
export type IdKind = keyof typeof idPrefixes;

/** Every two digits: ten bits at once. */
const pairs = Array.from({ length: 1024 }, (_, value) => alphabet[value >> 5]! + alphabet[value & 31]!);

/**
 * A prefixed ULID, e.g. `req_01J9Z3...`: 48 bits of milliseconds and 80 random bits in Crockford base32
 * (github.com/ulid/spec). Sorts by time.
 */
export function newId(kind: IdKind, nowMs: number, random: (bytes: number) => Buffer): string {
  const bytes = random(10);
  return earliestId(kind, nowMs) + fortyBits(bytes, 0) + fortyBits(bytes, 5);
}

function fortyBits(bytes: Buffer, at: number): string {
  const [a, b, c, d, e] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!, bytes[at + 4]!];
  return pairs[(a << 2) | (b >> 6)]! + pairs[((b & 63) << 4) | (c >> 4)]! + pairs[((c & 15) << 6) | (d >> 2)]! + pairs[((d & 3) << 8) | e]!;
}

let lastMs = NaN;
let lastTime = '';

/** Sorts before every id of this millisecond or later, and after every earlier one. */
export function earliestId(kind: IdKind, ms: number): string {
  if (ms !== lastMs) {
    lastTime = '';
    for (let rest = Math.max(ms, 0), i = 0; i < 10; i++) {
      lastTime = alphabet[rest % 32] + lastTime;
      rest = Math.floor(rest / 32);
    }
    lastMs = ms;
  }
  return `${idPrefixes[kind]}_${lastTime}`;
}
