import { Buffer } from 'node:buffer';
import type { Readable } from 'node:stream';

/** Calls `onLine` for each whole line of a byte stream, however it was cut. A line above `lineBytesMax` ends the stream with an error. */
export function readLines(stream: Readable, lineBytesMax: number, onLine: (line: string) => void): void {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  stream.on('data', (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      pending.push(chunk.subarray(start, end));
      const line = Buffer.concat(pending).toString('utf8');
      pending = [];
      pendingBytes = 0;
      start = end + 1;
      if (line !== '') onLine(line);
      if (stream.destroyed) return;
    }
    pendingBytes += chunk.length - start;
    if (pendingBytes > lineBytesMax) stream.destroy(new Error(`A line is longer than ${lineBytesMax} bytes.`));
    else if (start < chunk.length) pending.push(chunk.subarray(start));
  });
}
