// The `policies` of a product, from portico.yaml and back.
import { noPolicies, type AddressPolicy, type CorsPolicy, type HeaderChanges, type PoliciesConfig, type ValidatePolicy } from '../../domain/policies.ts';
import { parseDuration } from '../../domain/duration.ts';
import { tokenPolicyOf, writtenTokens } from './token-policy.ts';
import type { WrittenCors, WrittenHeaderChanges, WrittenPolicies } from './written-config.ts';
import { durationText, filled, unless, without } from './write-fields.ts';

const preflightMs = 600_000;
const checkedBytesMax = 1_048_576;
const ownMs = 1_000;
const cacheDefaults = { bytesMax: 16_777_216, entryBytesMax: 1_048_576 };

/** With every default filled in. The text of an own policy is read by load-own-policies.ts. */
export function policiesOf(written: WrittenPolicies | undefined): PoliciesConfig {
  if (!written) return noPolicies;
  const { cors, addresses, requestHeaders, responseHeaders, validate, cache, tokens, own, clientCertificate } = written;
  return {
    cors: cors ? corsOf(cors) : null,
    addresses: addresses ? { allow: addresses.allow ?? [], deny: addresses.deny ?? [] } : null,
    requestHeaders: requestHeaders ? changesOf(requestHeaders) : null,
    responseHeaders: responseHeaders ? changesOf(responseHeaders) : null,
    validate: validate ? { parameters: true, body: true, bodyBytesMax: checkedBytesMax, except: [], ...validate } : null,
    cache: cache ? { ...cacheDefaults, ...cache } : null,
    tokens: tokens ? tokenPolicyOf(tokens) : null,
    own: own ? { file: own.file, source: '', code: '', timeLimitMs: own.timeLimit === undefined ? ownMs : parseDuration(own.timeLimit)! } : null,
    clientCertificate: clientCertificate ? { subjects: clientCertificate.subjects ?? [], fingerprints: (clientCertificate.fingerprints ?? []).map(normalFingerprint) } : null,
  };
}

function corsOf({ origins, methods, headers, expose, credentials, maxAge }: WrittenCors): CorsPolicy {
  return { origins: origins.map(normalOrigin), methods: methods ?? null, headers: headers ?? null, expose: expose ?? [], credentials: credentials ?? false, maxAgeMs: maxAge === undefined ? preflightMs : parseDuration(maxAge)! };
}

function changesOf({ set, remove }: WrittenHeaderChanges): HeaderChanges {
  return { set: set ?? {}, remove: remove ?? [] };
}

function normalFingerprint(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}

/** As browsers send it: in lower case and without the scheme's own port. */
export function normalOrigin(origin: string): string {
  return origin.toLowerCase().replace(/^(https:.*):443$|^(http:.*):80$/, '$1$2');
}

/** Only what differs from the defaults; undefined when no policy is on. */
export function writtenPolicies({ cors, addresses, requestHeaders, responseHeaders, validate, cache, tokens, own, clientCertificate }: PoliciesConfig) {
  const written = without({
    cors: cors ? writtenCors(cors) : undefined,
    addresses: addresses ? writtenAddresses(addresses) : undefined,
    requestHeaders: requestHeaders ? writtenChanges(requestHeaders) : undefined,
    responseHeaders: responseHeaders ? writtenChanges(responseHeaders) : undefined,
    validate: validate ? writtenValidate(validate) : undefined,
    cache: cache ? without({ bytesMax: unless(cache.bytesMax, cacheDefaults.bytesMax), entryBytesMax: unless(cache.entryBytesMax, cacheDefaults.entryBytesMax) }) : undefined,
    tokens: tokens ? writtenTokens(tokens) : undefined,
    own: own ? without({ file: own.file, timeLimit: durationText(own.timeLimitMs, ownMs) }) : undefined,
    clientCertificate: clientCertificate ? without({ subjects: filled(clientCertificate.subjects), fingerprints: filled(clientCertificate.fingerprints) }) : undefined,
  });
  return Object.keys(written).length === 0 ? undefined : written;
}

function writtenCors({ origins, methods, headers, expose, credentials, maxAgeMs }: CorsPolicy) {
  return without({ origins, methods: methods ?? undefined, headers: headers ?? undefined, expose: filled(expose), credentials: unless(credentials, false), maxAge: durationText(maxAgeMs, preflightMs) });
}

function writtenAddresses({ allow, deny }: AddressPolicy) {
  return without({ allow: filled(allow), deny: filled(deny) });
}

function writtenChanges({ set, remove }: HeaderChanges) {
  return without({ set: Object.keys(set).length === 0 ? undefined : set, remove: filled(remove) });
}

function writtenValidate({ parameters, body, bodyBytesMax, except }: ValidatePolicy) {
  return without({ parameters: unless(parameters, true), body: unless(body, true), bodyBytesMax: unless(bodyBytesMax, checkedBytesMax), except: filled(except) });
}
