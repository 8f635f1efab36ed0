import { createHash } from 'node:crypto';
import type { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';

export type Mode = 'live' | 'test';
export const modes = ['live', 'test'] as const;

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const secretLength = 27; // 62^27 > 2^160
const checksumLength = 6; // 62^6 > 2^32

/** `<prefix>_<mode>_<27 base62 characters of randomness><6 base62 characters of CRC-32 over all before it>`. */
export function newKey(prefix: string, mode: Mode, random: (bytes: number) => Buffer): string {
  let secret = '';
  while (secret.length < secretLength) {
    for (const byte of random(40)) {
      // 248 = 4 * 62: bytes above it are dropped, so that every character is equally likely.
      if (byte < 248 && secret.length < secretLength) secret += alphabet[byte % 62];
    }
  }
  const head = `${prefix}_${mode}_${secret}`;
  return head + checksum(head);
}

/** The mode of a well-formed key, or `undefined` when the shape or the checksum is wrong. Any prefix is accepted. */
export function parseKey(key: string): { prefix: string; mode: Mode } | undefined {
  const match = /^([a-z0-9]{1,32})_(live|test)_([0-9A-Za-z]{33})$/.exec(key);
  if (!match) return undefined;
  if (checksum(key.slice(0, -checksumLength)) !== key.slice(-checksumLength)) return undefined;
  return { prefix: match[1]!, mode: match[2] as Mode };
}

/** SHA-256 of the whole key, in hex: all that is stored of it. A key has 160 random bits, so a slow hash would add nothing. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** What may be shown of a key after its creation: `atlas_live_...9f3c`. */
export function maskKey(key: string): string {
  const [prefix, mode] = key.split('_');
  return `${prefix}_${mode}_...${key.slice(-4)}`;
}

function checksum(head: string): string {
  let value = crc32(head);
  let text = '';
  for (let i = 0; i < checksumLength; i++) {
    text = alphabet[value % 62] + text;
    value = Math.floor(value / 62);
  }
  return text;
}
