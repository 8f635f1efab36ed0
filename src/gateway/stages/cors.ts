import type { RequestHead } from '../call.ts';
import { bitsOf, valueOf, type FieldList } from '../http1/field-section.ts';
import type { Routes } from '../routing/compile-routes.ts';

const ownFields = ['X-Request-Id', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'Deprecation', 'Sunset', 'Link', 'WWW-Authenticate'];

/**
 * CORS fields of an answer. Keys travel in headers that scripts set, never in cookies, so any origin may call without credentials;
 * the portal's own may always. An upstream's word about other origins stands.
 */
export function corsFields(routes: Routes, head: RequestHead, upstream: FieldList | null): string[] {
  const origin = valueOf(head, 'origin');
  if (origin === undefined) return none;
  const ofPortal = origin === routes.webOrigin;
  const said = ofPortal || upstream === null ? undefined : valueOf(upstream, 'access-control-allow-origin');
  const exposed = [...ownFields, ...(upstream === null ? [] : valueOf(upstream, 'access-control-expose-headers')?.split(',').map((name) => name.trim()) ?? [])];
  const fields = ['Access-Control-Allow-Origin', said ?? (ofPortal ? origin : '*'), 'Access-Control-Expose-Headers', [...new Set(exposed)].join(', ')];
  if (ofPortal) fields.push('Vary', 'Origin');
  return fields;
}

/** Bits of the fields that corsFields speaks for. */
export const corsBits = bitsOf('access-control-allow-origin', 'access-control-expose-headers');

const none: string[] = [];
