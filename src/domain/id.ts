import { Buffer } from 'node:buffer';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export const idPrefixes = {
  request: 'req', product: 'prd', version: 'ver', plan: 'pln', revision: 'rev', consumer: 'con',
  developer: 'dev', subscription: 'sub', key: 'key', member: 'mem', invitation: 'inv', productInvitation: 'pin', mail: 'eml', activity: 'act', article: 'art', notice: 'ntc', audit: 'aud', feedback: 'fbk',
} as const;
export type IdKind = keyof typeof idPrefixes;

/**
 * A prefixed ULID, e.g. `req_01J9Z3...`: 48 bits of milliseconds and 80 random bits in Crockford base32
 * (github.com/ulid/spec). Sorts by time.
 */
export function newId(kind: IdKind, nowMs: number, random: (bytes: number) => Buffer): string {
  const bytes = random(10);
  let tail = '';
  for (let bits = 0, value = 0, i = 0; i < 10; i++) {
    value = (value << 8) | bytes[i]!;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      tail += alphabet[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return earliestId(kind, nowMs) + tail;
}

/** Sorts before every id of this millisecond or later, and after every earlier one. */
export function earliestId(kind: IdKind, ms: number): string {
  let time = '';
  for (let rest = Math.max(ms, 0), i = 0; i < 10; i++) {
    time = alphabet[rest % 32] + time;
    rest = Math.floor(rest / 32);
  }
  return `${idPrefixes[kind]}_${time}`;
}
