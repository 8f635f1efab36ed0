// The spool enters; what leaves is the ledger and the event store, each at its own pace, the calls as the ledger commits them, and
// whose calls the event store has made readable.
import type { Buffer } from 'node:buffer';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { EventStore } from '../events/event-store.ts';
import type { Database } from '../store/database.ts';
import { eventSink } from './event-sink.ts';
import { followSpool } from './follow-spool.ts';
import type { SpoolFollower } from './follow-spool.ts';
import { ledgerSink, type CommittedCalls } from './ledger.ts';
import type { MeteringLog } from './metering-log.ts';
import { applyRetention } from './retention.ts';
import { listUnread, measureSpool, type UnreadSegment } from './spool-size.ts';

export interface IngestOptions {
  database: Database;
  events: EventStore;
  spoolFolder: string;
  clock: Clock;
  random(bytes: number): Buffer;
  log: MeteringLog;
  /** Calls that the ledger has just committed. */
  onCalls?(calls: CommittedCalls): void;
  /** Consumers whose calls the event store has just made readable. */
  onReadable?(consumerIds: string[]): void;
  eventRetentionDays: number;
  spoolRetentionHours: number;
  /** Pause between rounds of the ledger; twice as long after a full one. Each costs some 2 ms, of few calls as of many, and pages may take two seconds. */
  pollMs?: number;
  /** The same of the event store, which each load costs some 10 ms. */
  eventsPollMs?: number;
  recordsMax?: number;
  retentionEveryMs?: number;
}

export interface IngestStatus {
  /** Unread spool of the slower store; of a segment still written, the reserve included until it has caught up. */
  lagBytes: number;
  /** Since the slower store had read everything. */
  lagMs: number;
  corruptRecords: number;
  spoolBytes: number;
  spoolSegments: number;
  ledger: LedgerProgress;
  /** Why a store takes nothing at present. */
  failing: { ledger: string | null; events: string | null };
}

/** Up to which moment (ms UTC) everything written to the spool is in the ledger, null until it was read once since the start; what is unread, and why. */
export interface LedgerProgress { readUpTo: number | null; unread: UnreadSegment[]; failing: string | null }

export interface Ingest {
  status(): Promise<IngestStatus>;
  /** Reads until both stores have everything; rejects when one of them fails. */
  drain(): Promise<void>;
  /** True once both stores have read the segment to its end. */
  isRead(segment: string): boolean;
  /** Runs `work` between rounds, while nothing is read, committed or deleted. */
  whilePaused<T>(work: () => Promise<T>): Promise<T>;
  /** Deletes what the retention settings let go. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

const backoffMaxMs = 5_000;
/** With so many records a round, it is their number that costs, and not that somebody waits for one. */
const fullRound = 500;
const fullPauses = 2;

export function startIngest(options: IngestOptions): Ingest {
  const { database, events, spoolFolder, clock, random, log, onCalls, onReadable, pollMs = 250, eventsPollMs = 600, recordsMax = 20_000, retentionEveryMs = 600_000 } = options;
  const stopping = new AbortController();
  const ledger = runner(followSpool({ folder: spoolFolder, sink: ledgerSink({ database, clock, random, log, onCalls }), clock, log, recordsMax }), { log, pollMs, signal: stopping.signal });
  const store = runner(followSpool({ folder: spoolFolder, sink: eventSink(events, { onReadable }), clock, log, recordsMax }), { log, pollMs: eventsPollMs, signal: stopping.signal });
  const followers = [ledger.follower, store.follower];

  const whilePaused: Ingest['whilePaused'] = (work) => ledger.exclusive(() => store.exclusive(work));
  const sweep = (): Promise<void> => whilePaused(() => applyRetention({ ...options, followers }));
  const sweeps = (async () => {
    while (!stopping.signal.aborted) {
      await sweep().catch((error: unknown) => log.error({ error }, 'old spool segments and events could not be deleted'));
      await delay(retentionEveryMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  })();

  return {
    status: async () => {
      const size = await measureSpool(spoolFolder, followers);
      const corrupt = await database.kysely.selectFrom('spool_position').select((row) => row.fn.sum('corrupt_records').as('corrupt')).executeTakeFirst();
      return {
        ...size,
        lagMs: Math.max(0, clock.now() - Math.min(ledger.follower.caughtUpAt, store.follower.caughtUpAt)),
        corruptRecords: Number(corrupt?.corrupt ?? 0),
        ledger: { readUpTo: ledger.follower.readUpTo, unread: await listUnread(spoolFolder, ledger.follower), failing: ledger.failure() },
        failing: { ledger: ledger.failure(), events: store.failure() },
      };
    },
    drain: async () => { await Promise.all([ledger.drain(), store.drain()]); },
    isRead: (segment) => followers.every((follower) => follower.isFinished(segment)),
    whilePaused,
    sweep,
    stop: async () => {
      stopping.abort();
      await Promise.all([ledger.ended, store.ended, sweeps]);
    },
  };
}

interface Runner {
  follower: SpoolFollower;
  exclusive<T>(work: () => Promise<T>): Promise<T>;
  drain(): Promise<void>;
  failure(): string | null;
  ended: Promise<void>;
}

/** Runs rounds for one store: a failure of the other does not hold it up. */
function runner(follower: SpoolFollower, { log, pollMs, signal }: { log: MeteringLog; pollMs: number; signal: AbortSignal }): Runner {
  const exclusive = turns();
  let failure: string | null = null;
  let failures = 0;

  const attempt = async (): Promise<number> => {
    const count = await exclusive(follower.round).catch((error: Error) => {
      failures++;
      // Said once per outage, not once per attempt.
      if (failure !== error.message) log.error({ error, sink: follower.sink.name }, 'the spool could not be taken over; trying again');
      failure = error.message;
      throw error;
    });
    if (failure !== null) log.info({ sink: follower.sink.name }, 'the spool is taken over again');
    failure = null;
    failures = 0;
    return count;
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const pauseMs = (await attempt().catch(() => 0)) >= fullRound ? fullPauses * pollMs : pollMs;
      await delay(Math.min(pauseMs * 2 ** failures, Math.max(pauseMs, backoffMaxMs)), undefined, { signal }).catch(() => undefined);
    }
  };
  return {
    follower,
    exclusive,
    drain: async () => { while ((await attempt()) > 0); },
    failure: () => failure,
    ended: run(),
  };
}

function turns(): Runner['exclusive'] {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
