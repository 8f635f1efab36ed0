// Records of one thread enter; what leaves is its spool segments, with one write per turn of the event loop.
import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import { join } from 'node:path';
import type { SpoolRecord } from '../domain/request-event.ts';
import type { MeteringLog } from './metering-log.ts';
import { endMark, formatSegmentName, frameRoom, newline, parseSegmentName, recordBytesMax, recordText, writeFrame } from './spool-segment.ts';

export interface SpoolWriter {
  /** Calls back once the record is with the operating system (it outlives the process), or with the error that lost it. */
  write(record: SpoolRecord, onWritten: (error?: Error) => void): void;
  /** True while the space ahead of the write position cannot be reserved: no new call should be accepted. */
  readonly unmeterable: boolean;
  /** Records that could not be written. */
  readonly lost: number;
  /** Writes what is pending, marks the end of the segment and syncs it. */
  close(): Promise<void>;
}

export interface SpoolWriterOptions {
  folder: string;
  /** Of this gateway process: greater than that of every process before it. */
  epoch: number;
  thread: number;
  /** Longest time from a write to the sync that lets it survive a power failure. */
  syncMs: number;
  /** A segment that has grown past this is followed by the next. */
  segmentBytes: number;
  /** Zeros that are kept ahead of the write position, so that requests in flight are metered when the disk fills. */
  reserveBytes: number;
  log?: MeteringLog;
}

interface Segment { fd: number; position: number; reserved: number }
/** Lines that wait for the end of the turn, one behind the other. */
interface Batch { octets: Buffer; ends: number[]; waiting: ((error?: Error) => void)[] }

const retryMs = 1_000;
const batchBytes = 64 * 1024;
const zeros = Buffer.alloc(64 * 1024);

/**
 * Opens a new segment. Writes are synchronous: into the page cache they cost microseconds, a fraction of a hand-over to the thread pool.
 * @throws the file system's error when the first segment cannot be made.
 */
export function openSpoolWriter(options: SpoolWriterOptions): SpoolWriter {
  const { folder, epoch, thread, syncMs, segmentBytes, reserveBytes, log } = options;
  let number = lastNumber(folder, epoch, thread);
  let batch = newBatch();
  let scheduled: NodeJS.Immediate | undefined;
  let syncTimer: NodeJS.Timeout | undefined;
  let retryTimer: NodeJS.Timeout | undefined;
  let syncing = false;
  let closed = false;
  let unmeterable = false;
  let lost = 0;

  const open = (): Segment => {
    const fd = fs.openSync(join(folder, formatSegmentName({ epoch, thread, number: ++number })), 'wx', 0o600);
    const segment = { fd, position: 0, reserved: 0 };
    try {
      reserve(segment, reserveBytes);
    } catch (error) {
      finish(segment, log);
      throw error;
    }
    syncFolder(folder);
    return segment;
  };
  let segment = open();

  const prepareSpace = (): void => {
    try {
      if (segment.position >= segmentBytes) {
        const full = segment;
        segment = open();
        finish(full, log);
      } else {
        reserve(segment, reserveBytes);
      }
      if (unmeterable) log?.warn({ thread }, 'the spool has space again');
      unmeterable = false;
    } catch (error) {
      if (!unmeterable) log?.error({ error }, 'no space can be reserved for the spool: calls cannot be metered');
      unmeterable = true;
      retryTimer ??= setTimeout(() => {
        retryTimer = undefined;
        if (!closed) prepareSpace();
      }, retryMs).unref();
    }
  };

  const syncLater = (): void => {
    if (syncing || closed) return;
    syncTimer ??= setTimeout(() => {
      syncTimer = undefined;
      syncing = true;
      const { fd, position } = segment;
      fs.fdatasync(fd, (error) => {
        syncing = false;
        if (segment.fd !== fd) return;
        if (error) log?.error({ error }, 'the spool cannot be synced');
        if (error || segment.position > position) syncLater();
      });
    }, syncMs).unref();
  };

  const flush = (): void => {
    scheduled = undefined;
    const { octets, ends, waiting } = batch;
    if (ends.length === 0) return;
    const data = octets.subarray(0, ends.at(-1));
    const { written, error } = writeWhole(segment.fd, data, segment.position);
    batch = newBatch(octets);
    // Of a write that failed halfway, the whole records stand; the torn one is wiped, so that it is never mistaken for the next.
    const kept = error ? data.subarray(0, written).lastIndexOf(newline) + 1 : written;
    if (kept < written) writeWhole(segment.fd, Buffer.alloc(written - kept), segment.position + kept);
    segment.position += kept;
    const failed = error ? ends.filter((end) => end > kept).length : 0;
    lost += failed;
    if (error) log?.error({ error }, `${failed} records could not be written to the spool`);
    prepareSpace();
    syncLater();
    for (let place = 0; place < waiting.length; place++) waiting[place]!(place < waiting.length - failed ? undefined : error);
  };

  return {
    write: (record, onWritten) => {
      const text = recordText(record);
      const begin = batch.ends.at(-1) ?? 0;
      const room = frameRoom(text);
      if (begin + room > batch.octets.length) batch.octets = larger(batch.octets, begin, room);
      const end = writeFrame(batch.octets, begin, text);
      const error = closed ? new Error('the spool is closed') : end - begin > recordBytesMax ? new Error(`the record has more than ${recordBytesMax} bytes`) : undefined;
      if (error) {
        lost++;
        setImmediate(onWritten, error);
        return;
      }
      batch.ends.push(end);
      batch.waiting.push(onWritten);
      scheduled ??= setImmediate(flush);
    },
    get unmeterable() { return unmeterable; },
    get lost() { return lost; },
    close: async () => {
      if (closed) return;
      // Whoever hears that a record is written may write the next.
      do {
        clearImmediate(scheduled);
        flush();
      } while (batch.ends.length > 0);
      closed = true;
      clearTimeout(syncTimer);
      clearTimeout(retryTimer);
      await new Promise<void>((resolve) => finish(segment, log, resolve));
    },
  };
}

/** @param octets of the batch before, which are used again unless they were many */
function newBatch(octets?: Buffer): Batch {
  return { octets: octets?.length === batchBytes ? octets : Buffer.allocUnsafeSlow(batchBytes), ends: [], waiting: [] };
}

function larger(octets: Buffer, used: number, room: number): Buffer {
  const grown = Buffer.allocUnsafeSlow(2 * octets.length + room);
  octets.copy(grown, 0, 0, used);
  return grown;
}

/** A thread that is replaced within its process goes on after the segments of the one before it. */
function lastNumber(folder: string, epoch: number, thread: number): number {
  return fs.readdirSync(folder).reduce((last, file) => {
    const name = parseSegmentName(file);
    return name?.epoch === epoch && name.thread === thread ? Math.max(last, name.number) : last;
  }, 0);
}

/** Writes zeros until `bytes` of them lie ahead of the write position. Synchronous: a zero must never land on a record. */
function reserve(segment: Segment, bytes: number): void {
  if (segment.reserved - segment.position >= bytes) return;
  const target = segment.position + bytes + Math.min(bytes, zeros.length);
  while (segment.reserved < target) {
    const from = Math.max(segment.reserved, segment.position);
    segment.reserved = from + fs.writeSync(segment.fd, zeros, 0, Math.min(zeros.length, target - from), from);
  }
}

/** Marks the end, gives the reserve back, syncs and closes, without holding the thread up. */
function finish({ fd, position }: Segment, log: SpoolWriterOptions['log'], done: () => void = () => undefined): void {
  const { error } = writeWhole(fd, endMark, position);
  const size = position + (error ? 0 : endMark.length);
  fs.ftruncate(fd, size, () => {
    fs.fdatasync(fd, (syncError) => {
      if (syncError) log?.error({ error: syncError }, 'a spool segment cannot be synced');
      fs.close(fd, () => done());
    });
  });
}

function writeWhole(fd: number, data: Buffer, position: number): { written: number; error?: Error } {
  let written = 0;
  try {
    while (written < data.length) written += fs.writeSync(fd, data, written, data.length - written, position + written);
    return { written };
  } catch (error) {
    return { written, error: error as Error };
  }
}

/** The entry of a new file survives a power failure only once its folder is synced. */
function syncFolder(folder: string): void {
  fs.open(folder, 'r', (error, fd) => {
    if (!error) fs.fsync(fd, () => fs.close(fd, () => undefined));
  });
}
