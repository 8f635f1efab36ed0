import type { Call, RequestHead } from '../call.ts';
import type { ClientSide } from '../exchange.ts';
import { findField } from '../fields.ts';
import type { Gateway } from '../gateway.ts';
import { decodeSegment, matchPath } from '../routing/path-tree.ts';
import { corsFields } from './cors.ts';
import { route } from './route.ts';

const cacheSeconds = '600';

/** A CORS preflight (Fetch standard, section 3.3.4) carries no key by its nature. */
export function isPreflight(head: RequestHead): boolean {
  return head.method === 'OPTIONS' && findField(head, 'origin') !== undefined && findField(head, 'access-control-request-method') !== undefined;
}

/** Allows what the path has, except of a private product, which is not told of to who sends no key; an address that leads nowhere is allowed too, so that the page can read the refusal of its real request. */
export function answerPreflight(gateway: Gateway, call: Call, client: ClientSide): void {
  const asked = findField(call.head, 'access-control-request-method')!;
  route(gateway.routes, call);
  const methods = new Set([asked]);
  const segments = call.restPath.split('/').slice(1).map(decodeSegment);
  if (call.version && !call.product!.product.private) for (const method of matchPath(call.version.tree, segments, '').allowed) methods.add(method);
  const headers = findField(call.head, 'access-control-request-headers');
  client.start(204, 'No Content', [
    'X-Request-Id', call.id,
    ...corsFields(gateway.routes, call.head, null),
    'Access-Control-Allow-Methods', [...methods].join(', '),
    ...(headers === undefined ? [] : ['Access-Control-Allow-Headers', headers]),
    'Access-Control-Max-Age', cacheSeconds,
  ]);
  client.finish([]);
}
