import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';

/** Up to here octets are copied together, so that an answer is one write. */
const joinedBytesMax = 16 * 1024;

/** Sends a text of octets, a chunk, and a text again, in one write. @returns false asks to wait for the drain */
export function sendOctets(socket: Socket, before: string, chunk: Uint8Array | null, after: string): boolean {
  if (chunk === null) return socket.write(before, 'latin1');
  if (before === '' && after === '') return socket.write(chunk);
  if (chunk.length <= joinedBytesMax) {
    const all = Buffer.allocUnsafe(before.length + chunk.length + after.length);
    all.write(before, 0, 'latin1');
    all.set(chunk, before.length);
    if (after !== '') all.write(after, before.length + chunk.length, 'latin1');
    return socket.write(all);
  }
  socket.cork();
  socket.write(before, 'latin1');
  let room = socket.write(chunk);
  if (after !== '') room = socket.write(after, 'latin1');
  socket.uncork();
  return room;
}
