import { Buffer } from 'node:buffer';
import { randomFillSync } from 'node:crypto';

const poolBytes = 8 * 1024;

/** Random octets for ids, drawn from the system in large pieces. Each piece is handed out once. */
export function pooledRandom(): (bytes: number) => Buffer {
  const pool = Buffer.allocUnsafeSlow(poolBytes);
  let at = poolBytes;
  return (bytes) => {
    if (at + bytes > poolBytes) {
      randomFillSync(pool);
      at = 0;
    }
    at += bytes;
    return pool.subarray(at - bytes, at);
  };
}
