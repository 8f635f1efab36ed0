// One request on its way through the stages. Each stage reads what earlier ones found and adds its own.
import type { ClientCertificate } from './client-certificate.ts';
import type { CompiledPlan } from './routing/compile-plan.ts';
import type { CompiledSpendCap } from './routing/compile-spend-cap.ts';
import type { RoutedOperation, RoutedProduct, RoutedVersion } from './routing/compile-routes.ts';
import type { Credential, StoredSubscription } from './shared/credential-table.ts';
import type { CallHint } from '../domain/call-hint.ts';
import type { GatewayErrorCode } from '../errors.ts';
import type { FieldList } from './http1/field-section.ts';

export interface RequestHead extends FieldList {
  method: string;
  /** Request target, byte for byte. */
  target: string;
  httpVersion: string;
  /** Address of the peer, which may be a proxy. */
  remoteAddress: string;
  encrypted: boolean;
  /** What the client showed in its handshake. */
  certificate: ClientCertificate | null;
  /** A WebSocket handshake. */
  upgrade: boolean;
  hasBody: boolean;
  /** Null when the body's length is not known beforehand. */
  contentLength: number | null;
}

/** Where the call really comes from, as far as trusted proxies say. */
export interface ClientOrigin {
  address: string;
  /** Address of the peer, which may be a proxy. */
  peer: string;
  proto: 'http' | 'https';
  host: string;
  /** The peer is a trusted proxy, so its X-Forwarded-* fields stand. */
  viaTrustedProxy: boolean;
}

export interface PolicyState {
  name: string;
  /** The name, and the whole member of RateLimit-Policy, as the client gets them. */
  label: string;
  rule: string;
  quota: number;
  windowSeconds: number;
  remaining: number;
  resetSeconds: number;
  /** Quotas are given back when the call does not count. */
  isQuota: boolean;
}

export interface Call {
  readonly id: string;
  readonly head: RequestHead;
  /** ms UTC */
  readonly at: number;
  readonly startedNs: bigint;
  readonly client: ClientOrigin;
  product: RoutedProduct | null;
  version: RoutedVersion | null;
  operation: RoutedOperation | null;
  /** Path and query for the upstream, below its prefix, byte for byte. */
  restPath: string;
  query: string;
  credential: Credential | null;
  /** Lower-case name of the header that carried the key. */
  keyField: 'authorization' | 'x-api-key' | null;
  subscription: StoredSubscription | null;
  subscriptionSlot: number;
  /** Null for nearly all: only a live call of who set one has it. */
  spendCap: CompiledSpendCap | null;
  plan: CompiledPlan | null;
  policies: PolicyState[];
  /** Entry in the thread's reservations, or null. */
  reservation: number | null;
}

export interface Refusal {
  code: GatewayErrorCode;
  /** In place of the code's own. */
  status?: number;
  /** What was sent, what was expected, what to do next. */
  detail: string;
  /** For the page that waits for a first call. */
  hint?: CallHint;
  /** Further header fields. */
  fields?: string[];
  /** Further members of the problem document. */
  members?: Record<string, unknown>;
}
