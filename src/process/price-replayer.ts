// Ranges of subscriptions enter threads with connections of their own; what each subscription paid, and would pay on drafted prices, leaves them.
import { availableParallelism } from 'node:os';
import { parentPort } from 'node:worker_threads';
import type { ReplayJob, ReplayRange, ReplayedPart } from '../control/simulator/replay-job.ts';
import { openReplay } from '../control/simulator/replay.ts';
import { openReader } from './open-database.ts';
import type { StartThread } from './threads.ts';

interface Store { databaseFile: string; databaseUrl: string | null }
type Replay = (job: ReplayJob, ranges: readonly ReplayRange[], onPart: (part: ReplayedPart) => void) => Promise<void>;

const threadsMax = 2;
const memoryMb = 256;
/** Rows die young: with more room they only wait longer for it. */
const youngMemoryMb = 8;

/** Each thread asks for the next range when it is done with one. */
export function priceReplayer(startThread: StartThread, store: Store): Replay {
  return async (job, ranges, onPart) => {
    const waiting = [...ranges];
    const threads = Math.min(threadsMax, availableParallelism(), ranges.length);
    const workers = Array.from({ length: threads }, () => startThread('replay', { job, store }, { resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: youngMemoryMb } }));
    try {
      await Promise.all(workers.map((worker) => new Promise<void>((resolve, reject) => {
        const next = (): void => {
          const range = waiting.shift();
          if (range) worker.postMessage(range);
          else resolve();
        };
        worker.on('message', (part: ReplayedPart) => {
          onPart(part);
          next();
        });
        worker.once('error', reject);
        worker.once('exit', () => reject(new Error('a thread that replays prices ended without an answer')));
        next();
      })));
    } finally {
      await Promise.all(workers.map((worker) => worker.terminate()));
    }
  };
}

export async function runPriceReplay({ job, store }: { job: ReplayJob; store: Store }): Promise<void> {
  const reader = await openReader(store);
  const replay = openReplay(reader.kysely, job);
  parentPort!.on('message', (range: ReplayRange) => {
    replay(range).then((part) => parentPort!.postMessage(part), (error: unknown) => { throw error; });
  });
}
