import type { RequestHead } from '../call.ts';
import { findField } from '../fields.ts';
import { bitsOf, fieldIds, type FieldList, valueOf } from '../http1/field-section.ts';
import type { CorsRules } from '../routing/compile-policies.ts';
import type { Routes } from '../routing/compile-routes.ts';

const ownFields = ['X-Request-Id', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'Deprecation', 'Sunset', 'Link', 'WWW-Authenticate'];
const preflightSeconds = '600';

/**
 * CORS fields of an answer. Without rules of the product: keys travel in headers that scripts set, never in cookies, so any
 * origin may call without credentials, and an upstream's word about other origins stands. The portal's own origin always may.
 */
export function corsFields(routes: Routes, rules: CorsRules | null, head: RequestHead, upstream: FieldList | null): string[] {
  const origin = valueOf(head, fieldIds.origin);
  if (rules !== null && origin !== routes.webOrigin) return ruledFields(rules, origin);
  if (origin === undefined) return none;
  const ofPortal = origin === routes.webOrigin;
  const said = ofPortal || upstream === null ? undefined : valueOf(upstream, fieldIds['access-control-allow-origin']);
  const exposed = [...ownFields, ...(rules?.expose ?? []), ...(upstream === null ? [] : valueOf(upstream, fieldIds['access-control-expose-headers'])?.split(',').map((name) => name.trim()) ?? [])];
  const fields = ['Access-Control-Allow-Origin', said ?? (ofPortal ? origin : '*'), 'Access-Control-Expose-Headers', [...new Set(exposed)].join(', ')];
  if (ofPortal) fields.push('Vary', 'Origin');
  return fields;
}

/** Bits of the fields that corsFields speaks for. */
export const corsBits = bitsOf('access-control-allow-origin', 'access-control-expose-headers');

const none: string[] = [];

/** What a preflight is allowed beside the fields of every answer. @param methods of the path, the one asked for among them */
export function preflightFields(routes: Routes, rules: CorsRules | null, head: RequestHead, methods: Iterable<string>): string[] {
  const origin = valueOf(head, fieldIds.origin)!;
  const asked = findField(head, 'access-control-request-headers');
  const ruled = rules !== null && origin !== routes.webOrigin ? rules : null;
  if (ruled !== null && !allows(ruled, origin)) return [];
  const headers = ruled?.headers ?? asked;
  return [
    'Access-Control-Allow-Methods', ruled?.methods ?? [...methods].join(', '),
    ...(headers === undefined ? [] : ['Access-Control-Allow-Headers', headers]),
    'Access-Control-Max-Age', ruled?.maxAge ?? preflightSeconds,
  ];
}

/** The product's rules are the only word: what the upstream says about origins is left out. */
function ruledFields(rules: CorsRules, origin: string | undefined): string[] {
  const vary = rules.anyOrigin ? [] : ['Vary', 'Origin'];
  if (origin === undefined || !allows(rules, origin)) return vary;
  return [
    'Access-Control-Allow-Origin', rules.anyOrigin ? '*' : origin,
    'Access-Control-Expose-Headers', [...new Set([...ownFields, ...rules.expose])].join(', '),
    ...(rules.credentials ? ['Access-Control-Allow-Credentials', 'true'] : []),
    ...vary,
  ];
}

function allows({ anyOrigin, origins, below }: CorsRules, origin: string): boolean {
  return anyOrigin || origins.has(origin) || below.some(({ scheme, ending }) => origin.startsWith(scheme) && origin.endsWith(ending) && origin.length > scheme.length + ending.length);
}
