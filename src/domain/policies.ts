// What a product may switch on beside keys, plans and limits. Each is null while it is off.

export interface PoliciesConfig {
  cors: CorsPolicy | null;
  addresses: AddressPolicy | null;
  requestHeaders: HeaderChanges | null;
  responseHeaders: HeaderChanges | null;
}

export const noPolicies: PoliciesConfig = { cors: null, addresses: null, requestHeaders: null, responseHeaders: null };

/** Which pages of other sites may call from a browser (Fetch standard, section 3.3). */
export interface CorsPolicy {
  /** Origins in lower case without a default port; `https://*.example.com` stands for every host below, and `*` alone for all origins. */
  origins: string[];
  /** Null: those of the path. */
  methods: string[] | null;
  /** Request header fields; null: all that a page asks for. */
  headers: string[] | null;
  /** Response header fields that pages may read beside the gateway's own. */
  expose: string[];
  credentials: boolean;
  /** How long a browser keeps the answer to a preflight. */
  maxAgeMs: number;
}

/** Addresses and CIDR ranges. What `deny` holds is refused, also when `allow` holds it; an empty `allow` allows all others. */
export interface AddressPolicy {
  allow: string[];
  deny: string[];
}

/** Fields by name as written. `set` takes the place of whatever was sent under that name. */
export interface HeaderChanges {
  set: Record<string, string>;
  remove: string[];
}

/** Policies as they were kept before some of them existed. */
export function completePolicies(kept: Partial<PoliciesConfig> | undefined): PoliciesConfig {
  return { ...noPolicies, ...kept };
}
