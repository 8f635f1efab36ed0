import type { Mode } from './key.ts';

/** Whose code made the call: the consumer's own, the portal's try-it form, or a documentation sample. */
export type CallOrigin = 'own' | 'try-it' | 'sample';

/** The facts of one answered request of a known key. Bodies, paths, query values and credentials are never in it. */
export interface RequestEvent {
  id: string;
  /** Admission, ms UTC. */
  at: number;
  /** Empty when the address named no product. */
  productId: string;
  /** Version name such as `v1`; null when the route was not resolved that far. */
  version: string | null;
  /** Operation id, the same across versions; null when none matched. */
  operation: string | null;
  method: string;
  /** What the client was answered; 499 when it left before there was an answer, 502 when the upstream broke its answer off halfway. */
  status: number;
  /** Portico's own error code when Portico answered, else null. */
  code: string | null;
  /** Status that the upstream answered with, or what stood for its answer: a stored one, or in test mode the contract's example. Null when there was neither. */
  upstreamStatus: number | null;
  keyId: string;
  consumerId: string;
  developerId: string;
  /** Null when the key opens no subscription to the product. */
  subscriptionId: string | null;
  planRevisionId: string | null;
  mode: Mode;
  origin: CallOrigin;
  requestBytes: number;
  responseBytes: number;
  /** From admission to the answer's end (to its head when `open`), whole and in the upstream (null when it was not asked), ms with fractions. */
  durationMs: number;
  upstreamMs: number | null;
  userAgent: string | null;
  /** Names (never values) of query parameters and of top-level JSON body fields that were present; `name=value` for enum parameters. At most 64. */
  fields: string[];
  /** Units that the upstream reported, by meter name, as decimal strings. */
  units: Record<string, string>;
  /** True when the request was metered at its head (a stream or upgrade open longer than a second); a Completion follows. */
  open: boolean;
}

/** What a stream or upgrade that was metered at its head adds at its end. */
export interface Completion {
  id: string;
  /** Admission of the request it completes: the ledger hour that its quantities belong to. */
  at: number;
  productId: string;
  version: string | null;
  operation: string | null;
  consumerId: string;
  subscriptionId: string | null;
  mode: Mode;
  /** `isMetered` of the request: only then do its bytes and units count in the ledger. */
  metered: boolean;
  /** Totals, not increments: the head event carried 0 bytes and no units. */
  requestBytes: number;
  responseBytes: number;
  durationMs: number;
  units: Record<string, string>;
}

/** Refusals of callers without a valid key, counted per minute: bounded, so that nobody can fill the disk. */
export interface StrangerRefusals {
  /** Minute start, ms UTC. */
  minute: number;
  productId: string | null;
  operation: string | null;
  code: string;
  count: number;
}

export type SpoolRecord =
  | ({ kind: 'request' } & RequestEvent)
  | ({ kind: 'completion' } & Completion)
  | ({ kind: 'refusals' } & StrangerRefusals);

/** A call that counts for the `requests` meter and for quotas: forwarded, and answered by the upstream below 500. */
export function isMetered(event: Pick<RequestEvent, 'upstreamStatus' | 'subscriptionId'>): boolean {
  return event.subscriptionId !== null && event.upstreamStatus !== null && event.upstreamStatus < 500;
}

/** Answered from the contract's examples: in test mode, with a status as if from the upstream, and no time spent there. */
export function isFromExamples(event: Pick<RequestEvent, 'mode' | 'upstreamStatus' | 'upstreamMs'>): boolean {
  return event.mode === 'test' && event.upstreamStatus !== null && event.upstreamMs === null;
}

/** A success: a 2xx or 304 from the upstream (a 101 upgrade is one too). */
export function isSuccess(event: Pick<RequestEvent, 'upstreamStatus'>): boolean {
  const status = event.upstreamStatus;
  return status !== null && ((status >= 200 && status < 300) || status === 304 || status === 101);
}
