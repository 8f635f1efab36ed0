// Port to the store of request events. Ingest loads in bulk; analytics and the request log read.
import type { Mode } from '../domain/key.ts';
import type { CallOrigin, Completion, RequestEvent, StrangerRefusals } from '../domain/request-event.ts';

/** How far a reader has come in one spool segment. `offset` is in bytes. */
export interface SpoolPosition {
  segment: string;
  offset: number;
}

export interface EventBatch {
  requests: RequestEvent[];
  completions: Completion[];
  refusals: StrangerRefusals[];
  /** Committed in the same transaction as the rows. */
  positions: SpoolPosition[];
}

export interface RequestFilter {
  consumerId?: string;
  productId?: string;
  keyId?: string;
  operation?: string;
  mode?: Mode;
  origin?: CallOrigin;
  /** `404` or a class such as `4xx`. */
  status?: string;
  /** ms UTC, half-open. */
  from?: number;
  to?: number;
  /** Rows older than this request id (its admission, then its id): paging, newest first. */
  before?: { at: number; id: string };
  limit: number;
}

export interface VolumeFilter {
  productId?: string;
  consumerId?: string;
  keyId?: string;
  mode?: Mode;
  from: number;
  to: number;
  bucketMs: number;
}

export interface VolumeRow {
  /** Start of the bucket, ms UTC. The first begins at the filter's `from`. */
  bucket: number;
  statusClass: '1xx' | '2xx' | '3xx' | '4xx' | '5xx';
  count: number;
}

export interface EventStore {
  /** Positions as committed. */
  positions(): Promise<SpoolPosition[]>;
  /** Loads a batch and its positions in one transaction; a request id that is already there is not added again. */
  load(batch: EventBatch): Promise<void>;
  forgetPositions(segments: string[]): Promise<void>;
  listRequests(filter: RequestFilter): Promise<RequestEvent[]>;
  findRequest(id: string): Promise<RequestEvent | undefined>;
  callVolume(filter: VolumeFilter): Promise<VolumeRow[]>;
  /** Quantiles of durationMs over answered requests, null without any. */
  latency(filter: VolumeFilter): Promise<{ p50: number | null; p95: number | null; p99: number | null }>;
  /** Counts by code, most first: refusals of known keys and of strangers together. */
  refusalCounts(filter: { productId?: string; from: number; to: number; limit: number }): Promise<{ code: string; count: number; stranger: number }[]>;
  /** Distinct consumers with at least one live success from their own code, per bucket. */
  activeConsumers(filter: VolumeFilter): Promise<{ bucket: number; consumers: number }[]>;
  /** Deletes events and refusals admitted before the cutoff (ms UTC); answers how many rows went. */
  deleteBefore(cutoff: number): Promise<number>;
  sizeBytes(): Promise<number>;
  /** A consistent copy at this path, which must not exist. */
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}
