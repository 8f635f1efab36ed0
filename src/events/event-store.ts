// Port to the store of request events. Ingest loads in bulk; analytics and the request log read.
import type { Mode } from '../domain/key.ts';
import type { CallOrigin, Completion, RequestEvent, StrangerRefusals } from '../domain/request-event.ts';

/** How far a reader has come in one spool segment. `offset` is in bytes. */
export interface SpoolPosition {
  segment: string;
  offset: number;
}

/** Requests as lines of columns, in the octets that a store can read by itself. */
export interface RequestLines {
  /** Whole lines. Columns are apart by tabs, in the order of `lineColumns`; nothing stands for null, and no column is quoted. */
  runs: Uint8Array[];
  count: number;
  /** First and last admission, ms UTC. */
  from: number;
  to: number;
}

/** `frame` says that the line is whole and means nothing here. Names in `fields` are apart by U+001F; `units` is JSON, and without units nothing; `open` is 0 or 1. */
export const lineColumns = [
  'frame', 'id', 'at', 'consumerId', 'keyId', 'subscriptionId', 'operation', 'version', 'mode', 'origin', 'upstreamStatus', 'requestBytes', 'responseBytes', 'units',
  'status', 'productId', 'developerId', 'planRevisionId', 'method', 'code', 'durationMs', 'upstreamMs', 'userAgent', 'fields', 'open',
] as const satisfies ('frame' | keyof RequestEvent)[];

export interface EventBatch {
  requests: RequestEvent[];
  lines?: RequestLines | null;
  completions: Completion[];
  refusals: StrangerRefusals[];
  /** Committed in the same transaction as the rows. */
  positions: SpoolPosition[];
}

/** Which events a question is about; what is left out chooses all. */
export interface EventFilter {
  consumerId?: string;
  productId?: string;
  keyId?: string;
  operation?: string;
  version?: string;
  mode?: Mode;
  origin?: CallOrigin;
  /** `404` or a class such as `4xx`. */
  status?: string;
  /** Portico's own error code. */
  code?: string;
}

export interface RequestFilter extends EventFilter {
  /** ms UTC, half-open. */
  from?: number;
  to?: number;
  /** Rows older than this request id (its admission, then its id): paging, newest first. */
  before?: { at: number; id: string };
  limit: number;
}

export interface VolumeFilter extends EventFilter {
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

/** What calls can be told apart by. */
export const dimensions = ['operation', 'keyId', 'status', 'version', 'mode', 'productId', 'consumerId', 'code', 'origin'] as const;
export type Dimension = (typeof dimensions)[number];

export interface BreakdownFilter extends VolumeFilter {
  by: Dimension;
  /** The values with the most calls in the whole range stand by themselves; all others together are the rest. */
  valuesMax: number;
}

export interface BreakdownRow {
  bucket: number;
  /** Null where the event has no such thing: a call that named no operation. A status is text such as `404`. */
  value: string | null;
  /** The sum of all values beyond `valuesMax`; `value` is null then. */
  rest: boolean;
  count: number;
  /** Answered 400 or above. */
  failed: number;
  /** Of `durationMs`, over calls that the upstream answered; null without any. */
  p95: number | null;
}

/** What a subscription used of a meter with one operation ('' for none): exact decimal text. */
export interface MeterTotal { subscriptionId: string; meter: string; operation: string; quantity: string }

export interface Quantiles { p50: number | null; p95: number | null; p99: number | null }

export interface LatencyRow {
  bucket: number;
  /** Calls that the upstream answered to their end: what the quantiles are of. */
  answered: number;
  whole: Quantiles;
  /** The two parts of each call: in the upstream, and in the gateway (the rest of the call's time). */
  upstream: Quantiles;
  gateway: Quantiles;
}

export interface EventStore {
  /** Positions as committed. */
  positions(): Promise<SpoolPosition[]>;
  /** Loads a batch and its positions in one transaction; a request id that is already there is not added again. Once it resolves, every reader sees the rows. */
  load(batch: EventBatch): Promise<void>;
  forgetPositions(segments: string[]): Promise<void>;
  listRequests(filter: RequestFilter): Promise<RequestEvent[]>;
  findRequest(id: string): Promise<RequestEvent | undefined>;
  callVolume(filter: VolumeFilter): Promise<VolumeRow[]>;
  /** Quantiles of durationMs over answered requests, null without any. */
  latency(filter: VolumeFilter): Promise<Quantiles>;
  /** Calls per bucket and value of a dimension; ordered by bucket, then most calls first, the rest last. */
  breakdown(filter: BreakdownFilter): Promise<BreakdownRow[]>;
  /** Quantiles per bucket that has calls, over calls that the upstream answered to their end. */
  latencyByBucket(filter: VolumeFilter): Promise<LatencyRow[]>;
  /** Counts by code, most first: refusals of known keys and of strangers together. */
  refusalCounts(filter: { productId?: string; from: number; to: number; limit: number }): Promise<{ code: string; count: number; stranger: number }[]>;
  /** Distinct consumers, and developers by the keys that they made, with at least one live success from their own code, per bucket. */
  activeConsumers(filter: VolumeFilter): Promise<{ bucket: number; consumers: number; developers: number }[]>;
  /** What these consumers' own keys were refused with until the moment that each is named with (null: no end), most refusals first. */
  firstRefusals(filter: { productId?: string; from: number; to: number; limit: number; newcomers: { consumerId: string; until: number | null }[] }): Promise<{ code: string; count: number; consumers: number }[]>;
  /** Live calls that count (`isMetered`) as the meters count them: requests, successes, bytes, and the units that upstreams reported. */
  meterTotals(filter: { subscriptionIds: string[]; from: number; to: number }): Promise<MeterTotal[]>;
  /** Deletes events and refusals admitted before the cutoff (ms UTC); answers how many rows went. */
  deleteBefore(cutoff: number): Promise<number>;
  sizeBytes(): Promise<number>;
  /** A consistent copy at this path, which must not exist. */
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}
