import type { RequestHead } from '../call.ts';
import { findField, type Fields } from '../fields.ts';
import type { Routes } from '../routing/compile-routes.ts';

const ownFields = ['X-Request-Id', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'Deprecation', 'Sunset', 'Link', 'WWW-Authenticate'];

/**
 * CORS fields of an answer. Keys travel in headers that scripts set, never in cookies, so any origin may call without credentials;
 * the portal's own may always. An upstream's word about other origins stands.
 */
export function corsFields(routes: Routes, head: RequestHead, upstream: Fields): string[] {
  const origin = findField(head.fields, 'origin');
  if (origin === undefined) return [];
  const ofPortal = origin === routes.webOrigin;
  const said = ofPortal ? undefined : findField(upstream, 'access-control-allow-origin');
  const exposed = [...ownFields, ...(findField(upstream, 'access-control-expose-headers')?.split(',').map((name) => name.trim()) ?? [])];
  const fields = ['Access-Control-Allow-Origin', said ?? (ofPortal ? origin : '*'), 'Access-Control-Expose-Headers', [...new Set(exposed)].join(', ')];
  if (ofPortal) fields.push('Vary', 'Origin');
  return fields;
}

/** Fields that corsFields speaks for. @param name in lower case */
export function isCorsField(name: string): boolean {
  return name === 'access-control-allow-origin' || name === 'access-control-expose-headers';
}
