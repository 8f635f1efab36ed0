// What a producer's own policy is written against: `import type { Policy } from 'portico/policy'`.

/** The default export of a policy file. Each function may be async; both are left out for what needs only the other. */
export interface Policy {
  /** Before the call goes to the upstream, once for each call. Returns nothing to let it go on. */
  onRequest?(call: PolicyRequest): PolicyVerdict | void | Promise<PolicyVerdict | void>;
  /** Before the caller gets the upstream's answer, also one that was kept or is an example. */
  onResponse?(answer: PolicyAnswer, call: PolicyCall): void | Promise<void>;
}

/** Facts of a call. */
export interface PolicyCall {
  /** As in `X-Request-Id`. */
  readonly id: string;
  readonly method: string;
  /** Address of the client, as far as trusted proxies say. */
  readonly clientAddress: string;
  readonly mode: 'live' | 'test';
  /** Slugs and names. */
  readonly product: string;
  readonly version: string;
  /** Null for Portico's own samples. */
  readonly plan: string | null;
  /** The operation's id in the OpenAPI document. */
  readonly operation: string;
  /** Ids. */
  readonly consumer: string;
  readonly developer: string;
  readonly key: string;
  readonly subscription: string | null;
  /** Of the connection, when it is verified: names as RFC 4514 writes them, the SHA-256 fingerprint in hex. */
  readonly certificate: { readonly subject: string; readonly issuer: string; readonly serial: string; readonly fingerprint: string } | null;
}

/** A call on its way to the upstream. */
export interface PolicyRequest extends PolicyCall {
  /** Below the prefix of the upstream, percent-encoded, such as `/cities/4`; may be set. */
  path: string;
  /** With its question mark, percent-encoded, or empty; may be set. */
  query: string;
  /** What the upstream gets: without the key, and after `requestHeaders`. */
  readonly headers: PolicyHeaders;
}

/** The upstream's answer, before `responseHeaders`. */
export interface PolicyAnswer {
  readonly status: number;
  readonly headers: PolicyHeaders;
}

/** Header fields, by name without case. Those that frame the body, belong to the connection or are the gateway's own word are read only: changing one throws. */
export interface PolicyHeaders extends Iterable<[name: string, value: string]> {
  /** The values of a repeated field with `, ` between them; null when it is absent. */
  get(name: string): string | null;
  has(name: string): boolean;
  /** In place of all of this name. */
  set(name: string, value: string): void;
  append(name: string, value: string): void;
  delete(name: string): void;
}

/** Ends a call before the upstream hears of it. */
export type PolicyVerdict = { refuse: PolicyRefusal } | { answer: PolicyOwnAnswer };

/** A problem document (RFC 9457) with the code `policy_refused`. */
export interface PolicyRefusal {
  /** 400 to 599; 403 when absent. */
  status?: number;
  /** What was sent, what was expected, what to do next. */
  detail: string;
  /** A word of the producer's own, as the member `reason`. */
  reason?: string;
  /** Further header fields, such as `Retry-After`. */
  headers?: Record<string, string>;
}

/** An answer in place of the upstream's. It counts like one of the upstream. */
export interface PolicyOwnAnswer {
  /** 200 to 599. */
  status: number;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}
