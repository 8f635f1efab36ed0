// Segments enter; what leaves is bounded batches of records with the positions behind them, handed to one sink.
import type { Buffer } from 'node:buffer';
import fs from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Clock } from '../clock.ts';
import type { SpoolRecord } from '../domain/request-event.ts';
import type { MeteringLog } from './metering-log.ts';
import { readSpool } from './spool-reader.ts';
import type { SpoolChunk } from './spool-reader.ts';
import { findClosedSegments, listSegments } from './spool-segment.ts';

/** How far one segment was read in a batch. */
export interface SegmentAdvance {
  segment: string;
  from: number;
  to: number;
  finished: boolean;
  corrupt: number;
}

export interface SpoolBatch {
  records: SpoolRecord[];
  /** Requests as lines of columns, and the same in the spool's own octets with their frames. */
  lines: string[];
  runs: Buffer[];
  advances: SegmentAdvance[];
}

/** Takes batches and keeps its own positions: each batch and its positions are committed together or not at all. */
export interface SpoolSink {
  readonly name: 'ledger' | 'events';
  positions(): Promise<{ segment: string; offset: number; finished: boolean }[]>;
  apply(batch: SpoolBatch): Promise<void>;
}

export interface SpoolFollower {
  readonly sink: SpoolSink;
  /** Reads what is new, commits it batch by batch, and answers how many records came. Rejects when the sink does; nothing is lost then. */
  round(): Promise<number>;
  offset(segment: string): number;
  isFinished(segment: string): boolean;
  /** ms UTC of the last time when everything was read. */
  readonly caughtUpAt: number;
  /** ms UTC: all that was written to the spool before this moment is committed. Null until a round of this process has read every segment to its end. */
  readonly readUpTo: number | null;
}

/** A damaged line of a segment that is still written is looked at once more after this before it is skipped. */
const suspectMs = 1_000;
const batchBytesMax = 8 * 1024 * 1024;
/** A round ends after so many batches, so that a pause or a stop never waits for a busy writer to tire. */
const batchesMax = 20;
const fdatasync = promisify(fs.fdatasync);

export function followSpool({ folder, sink, clock, log, recordsMax }: { folder: string; sink: SpoolSink; clock: Clock; log: MeteringLog; recordsMax: number }): SpoolFollower {
  let known: Map<string, { offset: number; finished: boolean }> | undefined;
  const suspects = new Map<string, { offset: number; since: number }>();
  let caughtUpAt = clock.now();
  let readUpTo: number | null = null;

  const load = async (): Promise<NonNullable<typeof known>> =>
    (known ??= new Map((await sink.positions()).map(({ segment, offset, finished }) => [segment, { offset, finished }])));

  const commit = async (batch: SpoolBatch): Promise<void> => {
    try {
      await sink.apply(batch);
    } catch (error) {
      // Whether the commit happened is for the sink's own positions to say.
      known = undefined;
      throw error;
    }
    for (const { segment, to, finished, corrupt, from } of batch.advances) {
      known!.set(segment, { offset: to, finished });
      if (corrupt > 0) log.warn({ segment, from, to, corrupt, sink: sink.name }, 'damaged spool records were skipped');
    }
  };

  const read = async (segment: string, offset: number, closed: boolean, room: number): Promise<SpoolChunk | undefined> => {
    const fd = openThere(join(folder, segment));
    if (fd === undefined) return undefined;
    try {
      const suspect = suspects.get(segment);
      const skipSuspect = suspect?.offset === offset && Date.now() - suspect.since >= suspectMs;
      const chunk = readSpool(fd, { offset, recordsMax: room, closed, skipSuspect, asLines: true });
      if (chunk.suspect && suspect?.offset !== chunk.offset) suspects.set(segment, { offset: chunk.offset, since: Date.now() });
      // What is committed past must survive a power failure as well as the commit does.
      if (chunk.offset > offset) await fdatasync(fd);
      return chunk;
    } finally {
      fs.closeSync(fd);
    }
  };

  const round = async (): Promise<number> => {
    const startedAt = clock.now();
    const positions = await load();
    const segments = await listSegments(folder);
    const closed = findClosedSegments(segments);
    let batch = emptyBatch();
    let count = 0;
    let bytes = 0;
    let batches = 0;
    let whole = true;
    for (const segment of segments) {
      let position = positions.get(segment) ?? { offset: 0, finished: false };
      while (!position.finished) {
        const chunk = await read(segment, position.offset, closed.has(segment), recordsMax - sizeOf(batch));
        if (chunk?.suspect) whole = false;
        if (!chunk || (chunk.offset === position.offset && !chunk.finished)) break;
        advance(batch, segment, position.offset, chunk);
        bytes += chunk.offset - position.offset;
        position = { offset: chunk.offset, finished: chunk.finished };
        if (sizeOf(batch) < recordsMax && bytes < batchBytesMax) continue;
        await commit(batch);
        count += sizeOf(batch);
        if (++batches === batchesMax) return count;
        batch = emptyBatch();
        bytes = 0;
      }
      if (position.finished) suspects.delete(segment);
    }
    if (batch.advances.length > 0) await commit(batch);
    caughtUpAt = startedAt;
    if (whole) readUpTo = startedAt;
    return count + sizeOf(batch);
  };

  return {
    sink,
    round,
    offset: (segment) => known?.get(segment)?.offset ?? 0,
    isFinished: (segment) => known?.get(segment)?.finished ?? false,
    get caughtUpAt() { return caughtUpAt; },
    get readUpTo() { return readUpTo; },
  };
}

function emptyBatch(): SpoolBatch {
  return { records: [], lines: [], runs: [], advances: [] };
}

function sizeOf({ records, lines }: SpoolBatch): number {
  return records.length + lines.length;
}

function advance(batch: SpoolBatch, segment: string, from: number, { records, lines, runs, offset, finished, corrupt }: SpoolChunk): void {
  for (const record of records) batch.records.push(record);
  for (const line of lines) batch.lines.push(line);
  batch.runs.push(...runs);
  const last = batch.advances.at(-1);
  if (last?.segment === segment) Object.assign(last, { to: offset, finished, corrupt: last.corrupt + corrupt });
  else batch.advances.push({ segment, from, to: offset, finished, corrupt });
}

function openThere(path: string): number | undefined {
  try {
    return fs.openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}
