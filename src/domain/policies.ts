// What a product may switch on beside keys, plans and limits. Each is null while it is off.
import type { TokenPolicy } from './token.ts';

export interface PoliciesConfig {
  cors: CorsPolicy | null;
  addresses: AddressPolicy | null;
  requestHeaders: HeaderChanges | null;
  responseHeaders: HeaderChanges | null;
  validate: ValidatePolicy | null;
  cache: CachePolicy | null;
  tokens: TokenPolicy | null;
  own: OwnPolicy | null;
  clientCertificate: CertificatePolicy | null;
}

export const noPolicies: PoliciesConfig = { cors: null, addresses: null, requestHeaders: null, responseHeaders: null, validate: null, cache: null, tokens: null, own: null, clientCertificate: null };

export type PolicyName = keyof PoliciesConfig;

/** Those that are on. */
export function policyNames(policies: PoliciesConfig): PolicyName[] {
  return (Object.keys(policies) as PolicyName[]).filter((name) => policies[name] !== null);
}

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

/** Requests are compared with the OpenAPI document of their version. */
export interface ValidatePolicy {
  parameters: boolean;
  body: boolean;
  /** Largest body that is checked, and so the largest that is taken by operations whose contract describes a JSON body. */
  bodyBytesMax: number;
  /** Operation ids that are not checked. */
  except: string[];
}

/** Answers that say so are kept for others (RFC 9111), by each gateway thread for itself. */
export interface CachePolicy {
  /** All that a thread keeps of the product. */
  bytesMax: number;
  /** Largest body that is kept. */
  entryBytesMax: number;
}

/** A file of the producer's own, which own-policy.ts has the types of. */
export interface OwnPolicy {
  /** As written in portico.yaml, for messages: the gateway reads no file. */
  file: string;
  /** TypeScript; empty in a snapshot. */
  source: string;
  /** JavaScript, at the same lines and columns. */
  code: string;
  /** For each of its functions, until its promise is settled. */
  timeLimitMs: number;
}

/** A verified client certificate is wanted beside the key. With neither list any will do; else one that either list holds. */
export interface CertificatePolicy {
  /** Names such as `CN=partner,O=Acme` (RFC 4514): all parts of one stand in the certificate's subject. */
  subjects: string[];
  /** SHA-256, hex in lower case. */
  fingerprints: string[];
}

/** Policies as they were kept before some of them existed. */
export function completePolicies(kept: Partial<PoliciesConfig> | undefined): PoliciesConfig {
  return { ...noPolicies, ...kept };
}
