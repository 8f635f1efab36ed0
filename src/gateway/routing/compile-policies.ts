// A product's policies, prepared once with its routes: what a request meets is null while a policy is off.
import type { BlockList } from 'node:net';
import { ResponseCache } from '../cache/response-cache.ts';
import { subjectParts } from '../../domain/certificate-subject.ts';
import { addressRanges } from '../../domain/client-address.ts';
import { parseFieldValue, type ValuePart } from '../../domain/header-changes.ts';
import { completePolicies, type AddressPolicy, type CertificatePolicy, type CorsPolicy, type HeaderChanges, type PoliciesConfig } from '../../domain/policies.ts';
import { compileOwn, type OwnRules } from './own-policies.ts';

export interface CompiledPolicies {
  readonly cors: CorsRules | null;
  readonly addresses: AddressRules | null;
  readonly requestHeaders: FieldChanges | null;
  readonly responseHeaders: FieldChanges | null;
  readonly validate: RequestRules | null;
  readonly cache: CacheRules | null;
  readonly own: OwnRules | null;
  readonly clientCertificate: CertificateRules | null;
}

export interface CorsRules {
  readonly anyOrigin: boolean;
  readonly origins: ReadonlySet<string>;
  /** Scheme, and what an origin behind it ends with: `https://` and `.example.com`. */
  readonly below: readonly { scheme: string; ending: string }[];
  /** Ready to send; null: those of the path, or all that are asked for. */
  readonly methods: string | null;
  readonly headers: string | null;
  readonly expose: readonly string[];
  readonly credentials: boolean;
  readonly maxAge: string;
}

export interface AddressRules {
  /** Null allows all. */
  readonly allow: BlockList | null;
  readonly deny: BlockList | null;
}

/** Both null: any verified one. */
export interface CertificateRules {
  /** The parts of each. */
  readonly subjects: readonly (readonly string[])[] | null;
  readonly fingerprints: ReadonlySet<string> | null;
}

export interface FieldChanges {
  /** Names in lower case of what is taken out, replaced fields among them. */
  readonly drops: ReadonlySet<string>;
  readonly set: readonly { name: string; parts: readonly ValuePart[] }[];
}

export interface RequestRules {
  readonly parameters: boolean;
  readonly body: boolean;
  readonly bodyBytesMax: number;
  readonly except: ReadonlySet<string>;
}

/** What was kept goes with the routes: each published configuration begins with an empty cache. */
export interface CacheRules {
  readonly entryBytesMax: number;
  readonly store: ResponseCache;
}

const allOff: CompiledPolicies = { cors: null, addresses: null, requestHeaders: null, responseHeaders: null, validate: null, cache: null, own: null, clientCertificate: null };
/** A page could not call at all without the fields that carry the key. */
const keyFields = ['Authorization', 'X-API-Key'];

/** @throws RangeError or TypeError for policies that cannot be served */
export function compilePolicies(policies: Partial<PoliciesConfig> | undefined): CompiledPolicies {
  if (policies === undefined) return allOff;
  const { cors, addresses, requestHeaders, responseHeaders, validate, cache, own, clientCertificate } = completePolicies(policies);
  return {
    cors: cors && compileCors(cors),
    addresses: addresses && compileAddresses(addresses),
    requestHeaders: requestHeaders && compileChanges(requestHeaders),
    responseHeaders: responseHeaders && compileChanges(responseHeaders),
    validate: validate && { ...validate, except: new Set(validate.except) },
    cache: cache && { entryBytesMax: cache.entryBytesMax, store: new ResponseCache(cache.bytesMax) },
    own: own && compileOwn(own),
    clientCertificate: clientCertificate && compileCertificate(clientCertificate),
  };
}

function compileCors({ origins, methods, headers, expose, credentials, maxAgeMs }: CorsPolicy): CorsRules {
  return {
    anyOrigin: origins.includes('*'),
    origins: new Set(origins.filter((origin) => !origin.includes('*'))),
    below: origins.filter((origin) => origin.includes('://*.')).map((origin) => ({ scheme: origin.slice(0, origin.indexOf('*')), ending: origin.slice(origin.indexOf('*') + 1) })),
    methods: methods && methods.join(', '),
    headers: headers && [...new Set([...keyFields, ...headers])].join(', '),
    expose,
    credentials,
    maxAge: String(Math.floor(maxAgeMs / 1_000)),
  };
}

function compileCertificate({ subjects, fingerprints }: CertificatePolicy): CertificateRules {
  return { subjects: subjects.length === 0 ? null : subjects.map(subjectParts), fingerprints: fingerprints.length === 0 ? null : new Set(fingerprints) };
}

function compileAddresses({ allow, deny }: AddressPolicy): AddressRules {
  return { allow: allow.length === 0 ? null : addressRanges(allow), deny: deny.length === 0 ? null : addressRanges(deny) };
}

function compileChanges({ set, remove }: HeaderChanges): FieldChanges {
  return {
    drops: new Set([...Object.keys(set), ...remove].map((name) => name.toLowerCase())),
    set: Object.entries(set).map(([name, value]) => {
      const parts = parseFieldValue(value);
      if (!Array.isArray(parts)) throw new TypeError(`the value of the header field ${name} cannot be read: ${parts.problem}`);
      return { name, parts };
    }),
  };
}
