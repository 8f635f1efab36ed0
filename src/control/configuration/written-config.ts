// portico.yaml as written: what a value is once it agrees with portico.schema.json. Exact fields are text here.
import type { Limit } from '../../domain/limit.ts';
import type { SubjectClaim, TokenAlgorithm } from '../../domain/token.ts';

export interface WrittenConfig {
  portal?: WrittenPortal;
  /** A folder, `false` for nothing at all, or both said apart. */
  learn?: string | boolean | { folder?: string; shipped?: boolean };
  products: WrittenProduct[];
}

export interface WrittenPortal {
  name?: string;
  keyPrefix?: string;
  headline?: string;
  logo?: string;
  logoDark?: string;
  accent?: string;
  fonts?: { text?: string; code?: string };
  footer?: { label: string; url: string }[];
  pages?: { slug: string; title?: string; file: string }[];
}

export interface WrittenProduct {
  slug: string;
  name?: string;
  description?: string;
  layer?: 'system' | 'process' | 'experience';
  owner?: string;
  access?: 'public' | 'private';
  hosts?: string[];
  upstream: string | string[];
  upstreamCa?: string;
  concurrency?: number;
  health?: { path: string; every?: string };
  testUpstream?: string;
  versioning?: { by: 'path' } | { by: 'header'; header: string };
  bodyBytesMax?: number;
  connectTimeout?: string;
  headTimeout?: string;
  versions?: WrittenVersion[];
  highlights?: string[];
  /** A folder, or files and folders in order. */
  guides?: string | string[];
  lifecycle?: { minimumNotice?: string };
  policies?: WrittenPolicies;
  meters?: WrittenMeter[];
  plans?: WrittenPlan[];
}

export interface WrittenPolicies {
  cors?: WrittenCors;
  addresses?: { allow?: string[]; deny?: string[] };
  requestHeaders?: WrittenHeaderChanges;
  responseHeaders?: WrittenHeaderChanges;
  validate?: { parameters?: boolean; body?: boolean; bodyBytesMax?: number; except?: string[] };
  cache?: { bytesMax?: number; entryBytesMax?: number };
  tokens?: { own?: boolean; issuers?: WrittenTokenIssuer[] };
  own?: { file: string; timeLimit?: string };
  clientCertificate?: { subjects?: string[]; fingerprints?: string[] };
}

/** `jwks` is an address, a file, or a JWK Set. */
export interface WrittenTokenIssuer { issuer: string; audience: string | string[]; jwks: string | { keys: object[] }; algorithms?: TokenAlgorithm[]; claim?: SubjectClaim; leeway?: string }

export interface WrittenCors { origins: string[]; methods?: string[]; headers?: string[]; expose?: string[]; credentials?: boolean; maxAge?: string }

export interface WrittenHeaderChanges { set?: Record<string, string>; remove?: string[] }

export interface WrittenVersion {
  name: string;
  openapi: string;
  upstream?: string | string[];
  status?: 'draft' | 'published' | 'deprecated' | 'retired';
  deprecated?: string;
  sunset?: string;
  successor?: string;
}

export type WrittenMeter =
  | { name: string; header: string; pointer?: undefined }
  | { name: string; header?: undefined; pointer: string; bodyBytesMax?: number }
  | { name: string; header?: undefined; pointer?: undefined; operations?: string[]; only?: 'successes' };

export interface WrittenPlan {
  slug: string;
  name?: string;
  description?: string;
  default?: boolean;
  access?: 'public' | 'approval' | 'private';
  currency: string;
  interval?: 'month' | 'year';
  fee?: string;
  trialDays?: number;
  limits?: Limit[];
  operations?: string[];
  prices?: WrittenPrice[];
}

export interface WrittenPrice {
  meter: string;
  model: 'unit' | 'package' | 'graduated' | 'volume';
  included?: string;
  unitPrice?: string;
  packageSize?: string;
  packagePrice?: string;
  tiers?: { upTo?: string; unitPrice: string; flatFee?: string }[];
  minimum?: string;
  maximum?: string;
}
