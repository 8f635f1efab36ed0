// The shape of portico.yaml after parsing: what `apply` takes and `export` gives. Defaults are filled in; files are read.
import type { Limit } from './limit.ts';
import type { PoliciesConfig } from './policies.ts';

export interface PorticoConfig {
  portal: PortalConfig;
  products: ProductConfig[];
}

export interface PortalConfig {
  name: string;
  /** First part of every key: [a-z0-9]+. */
  keyPrefix: string;
  /** The one sentence of the home page; null for the standard one. */
  headline: string | null;
  /** The brand's colour, `#rrggbb` in lower case. */
  accent: string | null;
  footer: FooterLink[];
}

/** `url` is http(s), mailto, or a path of this site. */
export interface FooterLink { label: string; url: string }

export interface ProductConfig {
  slug: string;
  name: string;
  description: string;
  layer: 'system' | 'process' | 'experience' | null;
  owner: string | null;
  access: 'public' | 'private';
  hosts: string[];
  upstream: string;
  /** Further addresses that answer the same: calls go to the least busy that answers. */
  furtherUpstreams: string[];
  /** PEM: the certificates that alone may vouch for the upstreams; null: those that the system trusts. */
  upstreamCa: string | null;
  /** Requests in flight to one upstream at once; more are refused with `overloaded`. */
  concurrency: number;
  /** Asked of each address all the time, so that one that is not well gets no calls; null: never. */
  health: HealthConfig | null;
  testUpstream: string | null;
  versioning: { by: 'path' } | { by: 'header'; header: string };
  bodyBytesMax: number;
  connectTimeoutMs: number;
  headTimeoutMs: number;
  versions: VersionConfig[];
  meters: MeterConfig[];
  plans: PlanConfig[];
  /** Days of notice before a sunset, or null. */
  minimumNoticeDays: number | null;
  /** What one can build with it, a line each. */
  highlights: string[];
  policies: PoliciesConfig;
}

/** Any answer from 200 to 399 is well. */
export interface HealthConfig { path: string; everyMs: number }

export interface VersionConfig {
  name: string;
  /** As written in the file: a path relative to it, or an URL. */
  openapi: string;
  /** Where this version's calls go when not to the product's upstream: most APIs that serve two versions serve them at two addresses. Its path is a prefix. Several addresses answer the same. */
  upstream?: string | string[] | null;
  status: 'draft' | 'published' | 'deprecated' | 'retired';
  /** UTC dates, `2026-09-01`. */
  deprecated: string | null;
  sunset: string | null;
  successor: string | null;
}

/** Units that the upstream reports. */
export type ReportedMeter = { name: string; header: string } | { name: string; pointer: string; bodyBytesMax: number };
/** A sum over what is counted anyhow: calls of these operations (null: of all), all that count or successes only. */
export interface DerivedMeter { name: string; operations: string[] | null; only: 'successes' | null }
export type MeterConfig = ReportedMeter | DerivedMeter;

/** The rows of the ledger that a meter is the sum of; `operations` null: of all. */
export interface MeterSource { meter: string; operations: string[] | null }

export interface PlanConfig {
  slug: string;
  name: string;
  description: string;
  default: boolean;
  access: 'public' | 'approval' | 'private';
  /** ISO 4217, lower case. */
  currency: string;
  interval: 'month' | 'year' | null;
  /** Exact decimal text. */
  fee: string;
  trialDays: number;
  limits: Limit[];
  /** Operation ids that the plan opens; null opens all. */
  operations: string[] | null;
  prices: PriceConfig[];
}

/** A plan with what surrounds it. `meters` are all those that may be counted, priced or not; `product` is null for a plan that stands alone. */
export interface OfferedPlan { product: string | null; plan: PlanConfig; meters: string[] }

export interface PriceConfig {
  meter: string;
  /** Of a derived meter, as it was defined when the plan got this revision; without one the ledger counts the meter itself. */
  source?: MeterSource;
  model: 'unit' | 'package' | 'graduated' | 'volume';
  included: string;
  unitPrice: string | null;
  packageSize: string | null;
  packagePrice: string | null;
  tiers: { upTo: string | null; unitPrice: string; flatFee: string }[];
  minimum: string | null;
  maximum: string | null;
}
