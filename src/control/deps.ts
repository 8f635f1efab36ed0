import type { Buffer } from 'node:buffer';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { AnswerCheck } from '../contract/answer-check.ts';
import type { ContractSource, LoadedContract } from '../contract/contract.ts';
import type { RequestEvent } from '../domain/request-event.ts';
import type { EventStore } from '../events/event-store.ts';
import type { Database } from '../store/database.ts';
import type { ReplayJob, ReplayRange, ReplayedPart } from './simulator/replay-job.ts';
import type { SearchSource } from './search/build-search-index.ts';

/** What every service of control stands on; wired in process/control.ts. */
export interface ControlDeps {
  config: Config;
  /** Of the package. */
  version: string;
  /** Settled secret: the setting, or the one kept in the data folder. */
  secret: string;
  database: Database;
  events: EventStore;
  clock: Clock;
  random(bytes: number): Buffer;
  log: Logger;
  /** Loads an OpenAPI document on a worker thread. */
  loadContract(source: ContractSource): Promise<LoadedContract>;
  /** Compiles a producer's own policy on a worker thread. @throws AppError `config_invalid` with the place */
  compilePolicy(source: { file: string; text: string }): Promise<{ code: string }>;
  /** Replays ranges of subscriptions on drafted prices, on worker threads; parts come in any order. */
  replayPrices(job: ReplayJob, ranges: readonly ReplayRange[], onPart: (part: ReplayedPart) => void): Promise<void>;
  /** Builds a search index on a worker thread. */
  buildSearchIndex(source: SearchSource): Promise<string>;
  /** Compares answers with their contract on a worker thread, which lasts until it is closed. */
  openAnswerCheck(): AnswerCheck;
  /** Calls as the ledger commits them, in batches, within 2 s of the call: whose, and whole those of watched consumers. Answers how to stop. */
  onCalls(listener: (calls: { consumerIds: string[]; events: RequestEvent[] }) => void): () => void;
  /** From now on this consumer's calls are told whole. Answers how to stop. */
  watchConsumer(consumerId: string): () => void;
  /** Consumers whose calls the event store has just made readable. Answers how to stop. */
  onReadable(listener: (consumerIds: string[]) => void): () => void;
  /** TrueType files that documents embed. */
  fonts: { regular: string; semibold: string };
  /** Writes one archive of everything, as one cut, to a path that does not exist. */
  takeBackup(file: string): Promise<{ bytes: number }>;
  ingestStatus(): Promise<{
    lagBytes: number; lagMs: number; corruptRecords: number;
    /** `readUpTo`: everything written to the spool before this moment (ms UTC) is in the ledger; null until it was read once since the start. `unread`: what is not, by segment; `failing`: why. */
    ledger: { readUpTo: number | null; unread: { segment: string; bytes: number; writtenAt: number }[]; failing: string | null };
  }>;
}
