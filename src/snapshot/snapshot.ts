// The compiled, immutable configuration that a gateway serves from, and the credentials that follow it as a change log.
// Both cross the bridge from control to the gateway as JSON and are kept on the gateway's disk as its last good copy.
import type { PriceConfig } from '../domain/config.ts';
import type { Limit } from '../domain/limit.ts';
import type { RequestContracts } from '../contract/request-contract.ts';
import type { PoliciesConfig } from '../domain/policies.ts';
import type { PublicJwk } from '../domain/token.ts';
import type { UncountedCalls } from '../domain/uncounted.ts';
import type { CallHint } from '../domain/call-hint.ts';
import type { CallOrigin } from '../domain/request-event.ts';
import type { Mode } from '../domain/key.ts';

export interface Snapshot {
  /** Grows by one with each publication. */
  version: number;
  /** ms UTC */
  publishedAt: number;
  /** Base addresses without a trailing slash. */
  webUrl: string;
  gatewayUrl: string;
  /** SHA-256 (hex) of the key that Portico runs the documentation's samples with: test mode of every product, no subscription, no limits, and no record. */
  sampleKeyHash?: string;
  /** What Portico's own tokens are signed with, the next key among them. */
  tokenKeys?: PublicJwk[];
  /** Public keys of other issuers of tokens by the address that they come from, as last seen there. */
  issuerKeys?: Record<string, PublicJwk[]>;
  products: SnapshotProduct[];
}

export interface SnapshotProduct {
  id: string;
  slug: string;
  name: string;
  /** To callers without a subscription it does not exist. */
  private: boolean;
  /** Lower-case host names of the product's own, without port. On these the path has no product slug. */
  hosts: string[];
  versioning: { by: 'path' } | { by: 'header'; header: string };
  /** The version that a call without the version header gets: the newest published one. Null when versioned by path. */
  defaultVersion: string | null;
  /** Absolute address; its path is a prefix. */
  upstream: string;
  /** Further addresses that answer the same. */
  furtherUpstreams?: string[];
  /** PEM: the certificates that alone may vouch for the upstreams. Without it those of the system do. */
  upstreamCa?: string;
  /** Requests in flight to one upstream at once. */
  concurrency?: number;
  /** How upstreams are asked whether they are well. */
  health?: { path: string; everyMs: number };
  /** An address, `examples` (answers from the contract), or null: no test mode. */
  testUpstream: string | null;
  meters: SnapshotMeter[];
  bodyBytesMax: number;
  connectTimeoutMs: number;
  /** From the request's last byte to the response head, ms. */
  headTimeoutMs: number;
  /** Absent when none is on. */
  policies?: Partial<PoliciesConfig>;
  versions: SnapshotVersion[];
  plans: SnapshotPlan[];
}

export type SnapshotMeter = { name: string; header: string } | { name: string; pointer: string; bodyBytesMax: number };

export interface SnapshotVersion {
  name: string;
  status: 'published' | 'deprecated' | 'retired';
  /** ms UTC or null */
  deprecatedAt: number | null;
  sunsetAt: number | null;
  successor: string | null;
  /** Absolute addresses that take the place of the product's upstreams for this version; their path is a prefix. */
  upstream?: string | string[] | null;
  operations: SnapshotOperation[];
  /** What the document says of requests; absent unless the product has them checked. */
  requests?: SnapshotRequests;
}

export interface SnapshotRequests extends RequestContracts {
  /** Of the document: what was compiled of it stays good while this stays. */
  fingerprint: string;
}

export interface SnapshotOperation {
  /** operationId, or `METHOD /path` where the document has none: the same across versions. */
  id: string;
  method: string;
  /** Path template, e.g. `/cities/{id}`. */
  path: string;
  /** Query parameters whose values may be recorded (enum), by name. */
  enumParameters: string[];
  /** Answer for test mode when the product's testUpstream is `examples`. */
  example: { status: number; contentType: string; body: string } | null;
}

export interface SnapshotPlan {
  revisionId: string;
  slug: string;
  name: string;
  limits: Limit[];
  /** Operation ids that the plan opens; null opens all. */
  operations: string[] | null;
  /** Where a consumer can upgrade: absolute address. */
  upgradeUrl: string;
}

/** One key as the gateway sees it: the whole present state, so that applying an entry twice changes nothing. */
export interface CredentialEntry {
  keyId: string;
  /** SHA-256 of the key, hex. */
  hash: string;
  /** Of whom other issuers of tokens name, and who is bound to this key: `identityHash`. */
  identities?: string[];
  /** `atlas_live_...9f3c`, for error messages. */
  masked: string;
  mode: Mode;
  /** What calls with this key count as; a key minted for the portal's own samples is `try-it`. */
  origin: CallOrigin;
  state: 'active' | 'revoked' | 'consumer-blocked' | 'deleted';
  revokedAt: number | null;
  expiresAt: number | null;
  consumerId: string;
  developerId: string;
  /** True until a developer of the consumer has verified an e-mail address: `unverifiedLimit` applies on top of the plan. */
  unverified: boolean;
  /** Operation ids, or null for all. */
  scopes: string[] | null;
  /** Client addresses or CIDR ranges, or null for all. */
  addresses: string[] | null;
  subscriptions: {
    subscriptionId: string;
    productId: string;
    planRevisionId: string;
    /** UTC midnight, ms. */
    anchorAt: number;
    active: boolean;
    /** Of live keys only. */
    spendCap?: SpendCap;
  }[];
}

/** The most that a consumer wants to spend in a period, with all that a gateway needs to hold it. Amounts and quantities are exact decimal text. */
export interface SpendCap {
  /** ISO 4217, lower case. */
  currency: string;
  amount: string;
  /** The billing period, ms UTC, half-open. */
  from: number;
  to: number;
  /** What is charged in it whatever is used, and in the next; null in a trial, which costs nothing. */
  fees: string | null;
  nextFees: string;
  prices: PriceConfig[];
  /** Requests of the period before its month `month`, as `windowAt` counts the months of the anchor. */
  requestsBefore: number;
  month: number;
  /** What the ledger has of the period beside plain requests. */
  used: { meter: string; operation: string; quantity: string }[];
}

/** Lines on the bridge from control to a gateway, one JSON document per line. */
export type ToGateway =
  | { type: 'snapshot'; snapshot: Snapshot }
  /** `reset` begins a new base: forget all earlier credentials once `last` has arrived. Entries apply in order; `seq` is the change log's position after them. */
  | { type: 'credentials'; reset: boolean; last: boolean; seq: number; entries: CredentialEntry[] }
  /** While a first-call page waits: report refusals of strangers from this address until `until` (ms UTC). */
  | { type: 'watch'; address: string; until: number }
  | { type: 'drain' };

/** How one address of a product's upstream does, over all threads of a gateway. */
export interface UpstreamReport {
  /** Slug. */
  product: string;
  address: string;
  inFlight: number;
  /** Threads that leave it alone for a while, because it failed or is not well. */
  away: number;
  /** Since the threads began: exchanges that failed, and requests refused because too many were in flight to the upstream. */
  failed: number;
  refused: number;
}

/** Lines on the bridge from a gateway to control. */
export type ToControl =
  | { type: 'hello'; gatewayId: string; pid: number; token: string; snapshotVersion: number; credentialSeq: number }
  /** Every thread serves with this snapshot and these credentials. `threads` is how many accept connections. */
  | { type: 'state'; snapshotVersion: number; credentialSeq: number; threads: number; accepting: boolean; unmeterable: boolean; upstreams: UpstreamReport[] }
  | { type: 'stranger'; at: number; address: string; method: string; productSlug: string | null; operation: string | null; status: number; code: string; requestId: string; hint: CallHint | null }
  /** Served since the last such line, and not recorded. */
  | { type: 'uncounted'; calls: UncountedCalls[] }
  /** Follows the record of a refused call whose key is known, made from a watched address. */
  | { type: 'hint'; requestId: string; consumerId: string; hint: CallHint };
