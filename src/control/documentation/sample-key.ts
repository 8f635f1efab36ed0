import { createHmac } from 'node:crypto';
import { newKey } from '../../domain/key.ts';

/** The key that samples are run with. It follows from the secret, so it is stored nowhere, and is the same after a restart. */
export function sampleKey(secret: string): string {
  let block = 0;
  return newKey('sample', 'test', (bytes) => createHmac('sha512', secret).update(`documentation samples ${block++}`).digest().subarray(0, bytes));
}
