import type { CallHint } from '../../domain/call-hint.ts';
import type { Mode } from '../../domain/key.ts';
import type { RequestEvent } from '../../domain/request-event.ts';
import type { Actor } from './actor.ts';

export interface RequestRow extends RequestEvent { productSlug: string; keyMasked: string | null; consumerName: string | null }
/** Which calls are meant. A developer's own consumer is always part of it. `status` is such as `404` or `4xx`. */
export interface CallFilter { consumerId?: string; email?: string; productSlug?: string; keyId?: string; operation?: string; version?: string; mode?: Mode; status?: string; code?: string }
export interface CallRange { from: number; to: number }
export type CallDimension = 'operation' | 'key' | 'status' | 'version' | 'mode' | 'product' | 'consumer' | 'code';
/** `value` is what CallFilter takes for it, null where the call has none or for the `rest`; `name` is what people call it. `p95` is of calls that the upstream answered, ms. */
export interface CallBreakdownRow { bucket: number; value: string | null; name: string | null; rest: boolean; count: number; failed: number; p95: number | null }
export interface Quantiles { p50: number | null; p95: number | null; p99: number | null }
export interface LatencyBucket { bucket: number; answered: number; whole: Quantiles; upstream: Quantiles; gateway: Quantiles }
/** Usage, limits and last use of keys are read from the ledger; calls, their breakdowns and latency from the request log. Each takes calls at its own pace. */
export type CallSource = 'ledger' | 'request-log';
export interface Requests {
  /** Older calls are forgotten; the ledger that bills keeps its quantities. */
  retentionDays: number;
  list(actor: Actor, input: CallFilter & Partial<CallRange> & { cursor?: string; limit?: number }): Promise<{ requests: RequestRow[]; nextCursor: string | null }>;
  get(actor: Actor, id: string): Promise<RequestRow>;
  callVolume(actor: Actor, input: CallFilter & CallRange & { bucketMs: number }): Promise<{ bucket: number; statusClass: string; count: number }[]>;
  /** Calls per bucket and value; the values beyond the `valuesMax` (at most 100) most called are one row, the rest. */
  breakdown(actor: Actor, input: CallFilter & CallRange & { by: CallDimension; bucketMs: number; valuesMax?: number }): Promise<CallBreakdownRow[]>;
  latency(actor: Actor, input: CallFilter & CallRange): Promise<Quantiles>;
  /** Of the whole call and of its two parts, per bucket that has answered calls; ms. */
  latencyByBucket(actor: Actor, input: CallFilter & CallRange & { bucketMs: number }): Promise<LatencyBucket[]>;
  /** Tells, at most once a second, that there are new calls of the consumer (without one: of anybody) in what a page reads, until `signal` aborts. Within 2 s of the call. */
  watch(actor: Actor, input: { consumerId?: string; reads: CallSource[]; signal: AbortSignal }, onCalls: () => void): void;
  /** While the first-call page waits. Calls `onCall` for each call of the consumer and for each refusal of a stranger from this address, until `signal` aborts. Within 2 s of the call. */
  watchCalls(actor: Actor, input: { consumerId: string; address: string | null; signal: AbortSignal }, onCall: (call: WatchedCall) => void): void;
  /** A call that went to the portal's address instead of the gateway's: told to the first-call pages that wait at the caller's address. */
  tellMisdirected(call: { requestId: string; address: string; method: string; expected: string }): void;
}
export type WatchedCall =
  | { kind: 'call'; request: RequestRow; /** What it got wrong, when it came from the address that watches. */ hint: CallHint | null; success: boolean; firstSuccess: boolean; ttfcMs: number | null }
  | { kind: 'stranger'; at: number; method: string; operation: string | null; productSlug: string | null; status: number; code: string; requestId: string; hint: CallHint | null };
