// Where answers wait until they may leave. The buffers are used again as soon as the kernel has taken what stood in them.
import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';

export const outgoingBytes = 4 * 1024;
/** Kept by a thread for the next answers. */
const freeMax = 256;

const free: Buffer[] = [];

export function takeOutgoing(): Buffer {
  return free.pop() ?? Buffer.allocUnsafeSlow(outgoingBytes);
}

export function returnOutgoing(buffer: Buffer): void {
  if (free.length < freeMax) free.push(buffer);
}

/** Sends the first octets of a buffer and takes it back, unless some of them have to wait in it. @returns false asks to wait for the drain */
export function sendOutgoing(socket: Socket, buffer: Buffer, length: number): boolean {
  const room = socket.write(buffer.subarray(0, length));
  // TLS encrypts them at a time of its own.
  if (socket.writableLength === 0 && !('encrypted' in socket)) returnOutgoing(buffer);
  return room;
}
