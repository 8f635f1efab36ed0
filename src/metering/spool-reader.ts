// A position in a segment enters; what leaves is the records behind it and the next position.
import { Buffer } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import type { SpoolRecord } from '../domain/request-event.ts';
import { newline, recordBytesMax, unframe } from './spool-segment.ts';

export interface SpoolChunk {
  records: SpoolRecord[];
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
  /** Skip the damaged line at `offset` even though the segment is still written. */
  skipSuspect?: boolean;
}

/** Bytes read at once: holds at least one record of any size. */
const chunkBytes = 4 * recordBytesMax;

/**
 * Reads records from `offset` on. A zero byte where a record should begin means that no more is written yet;
 * in a closed segment zeros are passed over, since a power failure can leave a hole.
 */
export async function readSpool(file: FileHandle, options: SpoolReadOptions): Promise<SpoolChunk> {
  const nothing = { records: [], offset: options.offset, finished: false, corrupt: 0, suspect: false };
  if (!options.closed && !(await hasMore(file, options.offset))) return nothing;
  const length = Math.min(chunkBytes, (options.until ?? Infinity) - options.offset);
  const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, options.offset);
  return parseChunk(buffer.subarray(0, bytesRead), bytesRead < chunkBytes, options);
}

/** The reserve ahead of a live segment is large: one byte tells whether anything is written behind `offset`. */
export async function hasMore(file: FileHandle, offset: number): Promise<boolean> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(1), 0, 1, offset);
  return bytesRead === 1 && buffer[0] !== 0;
}

/** @param atEnd the data reaches to the end of the file. */
export function parseChunk(data: Buffer, atEnd: boolean, { offset, recordsMax, closed, skipSuspect = false }: SpoolReadOptions): SpoolChunk {
  const chunk: SpoolChunk = { records: [], offset, finished: false, corrupt: 0, suspect: false };
  let position = 0;
  const stop = (): SpoolChunk => ({ ...chunk, offset: offset + position });
  while (position < data.length && chunk.records.length < recordsMax) {
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

function afterZeros(data: Buffer, from: number): number {
  let position = from;
  while (position < data.length && data[position] === 0) position++;
  return position;
}
