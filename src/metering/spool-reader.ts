// A position in a segment enters; what leaves is the records behind it and the next position.
import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import type { SpoolRecord } from '../domain/request-event.ts';
import { frameBytes, isRequestLine, isWhole, newline, recordBytesMax, unframe } from './spool-segment.ts';

export interface SpoolChunk {
  records: SpoolRecord[];
  /** Requests that stand as lines of columns, when they were asked for as such: their octets as characters, without frame. */
  lines: string[];
  /** The same in the spool's own octets, frames included: stretches without anything else. */
  runs: Buffer[];
  /** Behind the last record read; the next chunk begins here. */
  offset: number;
  /** True once nothing can follow. */
  finished: boolean;
  /** Damaged stretches that were skipped. */
  corrupt: number;
  /** A damaged line stands at `offset` of a segment that is still written: perhaps its write was only half seen. */
  suspect: boolean;
}

export interface SpoolReadOptions {
  offset: number;
  recordsMax: number;
  /** Nobody writes to the segment any more: what is torn at its end stays torn. */
  closed: boolean;
  /** Read no further than to this offset, where a record ends. */
  until?: number;
  /** Leave requests that are lines of columns unread. */
  asLines?: boolean;
  /** Skip the damaged line at `offset` even though the segment is still written. */
  skipSuspect?: boolean;
}

/** Bytes taken at once: holds at least one record of any size. */
const chunkBytes = 4 * recordBytesMax;
/** Most rounds find less: memory for whole chunks, most of them the reserve's zeros, would cost more than all else. */
const pieceBytes = 64 * 1024;

/**
 * Reads records from `offset` on. A zero byte where a record should begin means that no more is written yet;
 * in a closed segment zeros are passed over, since a power failure can leave a hole.
 * Synchronous, like the writing: a hand-over to the thread pool costs several times what the page cache does.
 */
export function readSpool(fd: number, options: SpoolReadOptions): SpoolChunk {
  const { offset, closed, until = Infinity } = options;
  if (!closed && !hasMore(fd, offset)) return { records: [], lines: [], runs: [], offset, finished: false, corrupt: 0, suspect: false };
  const data = readChunk(fd, { offset, bytesMax: Math.min(chunkBytes, until - offset), closed });
  return parseChunk(data, data.length < chunkBytes, options);
}

function readChunk(fd: number, { offset, bytesMax, closed }: { offset: number; bytesMax: number; closed: boolean }): Buffer {
  let data = Buffer.allocUnsafe(Math.min(pieceBytes, bytesMax));
  let length = 0;
  for (;;) {
    const wanted = Math.min(pieceBytes, bytesMax - length);
    const read = fs.readSync(fd, data, length, wanted, offset + length);
    length += read;
    if (read < wanted || length === bytesMax || (!closed && data[length - 1] === 0)) return data.subarray(0, length);
    if (length < data.length) continue;
    const larger = Buffer.allocUnsafeSlow(bytesMax);
    data.copy(larger);
    data = larger;
  }
}

/** The reserve ahead of a live segment is large: one byte tells whether anything is written behind `offset`. */
export function hasMore(fd: number, offset: number): boolean {
  const first = Buffer.alloc(1);
  return fs.readSync(fd, first, 0, 1, offset) === 1 && first[0] !== 0;
}

/** @param atEnd the data reaches to the end of the file. */
export function parseChunk(data: Buffer, atEnd: boolean, { offset, recordsMax, closed, skipSuspect = false, asLines = false }: SpoolReadOptions): SpoolChunk {
  const chunk: SpoolChunk = { records: [], lines: [], runs: [], offset, finished: false, corrupt: 0, suspect: false };
  let position = 0;
  const stop = (): SpoolChunk => ({ ...chunk, offset: offset + position });
  while (position < data.length && chunk.records.length + chunk.lines.length < recordsMax) {
    if (asLines) {
      const end = takeLines(data, position, chunk.lines, recordsMax - chunk.records.length);
      if (end > position) {
        chunk.runs.push(data.subarray(position, end));
        position = end;
        continue;
      }
    }
    if (data[position] === 0) {
      if (!closed) return stop();
      const next = afterZeros(data, position);
      if (next < data.length) chunk.corrupt++;
      position = next;
      continue;
    }
    const end = data.indexOf(newline, position);
    if (end === -1) {
      if (!closed || (!atEnd && data.length - position < recordBytesMax)) return stop();
      // Torn by the death of its writer, or longer than any record is.
      chunk.corrupt++;
      position = data.length;
      continue;
    }
    const record = unframe(data.subarray(position, end));
    if (record === undefined && !closed && !(skipSuspect && position === 0)) return { ...stop(), suspect: true };
    position = end + 1;
    if (record === 'end') return { ...stop(), finished: true };
    if (record === undefined) chunk.corrupt++;
    else chunk.records.push(record);
  }
  return { ...stop(), finished: closed && atEnd && position === data.length };
}

/** Takes whole lines of requests until something else stands there. @returns where that is */
function takeLines(data: Buffer, from: number, lines: string[], most: number): number {
  const first = lines.length;
  const ends: number[] = [];
  let position = from;
  while (position < data.length && first + ends.length < most) {
    const end = data.indexOf(newline, position);
    if (end === -1) break;
    const line = data.subarray(position, end);
    if (!isRequestLine(line) || !isWhole(line)) break;
    ends.push(end);
    position = end + 1;
  }
  // Decoded together: a call for each line would cost more than all else.
  const text = data.toString('latin1', from, position);
  let start = 0;
  for (const end of ends) {
    lines.push(text.slice(start + frameBytes, end - from));
    start = end - from + 1;
  }
  return position;
}

function afterZeros(data: Buffer, from: number): number {
  let position = from;
  while (position < data.length && data[position] === 0) position++;
  return position;
}
