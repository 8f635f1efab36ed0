import type { Call, RequestHead } from '../call.ts';
import type { ClientSide } from '../exchange.ts';
import type { Gateway } from '../gateway.ts';
import { decodeSegment, matchPath } from '../routing/path-tree.ts';
import { corsFields, preflightFields } from './cors.ts';
import { route } from './route.ts';
import { fieldIds, hasField, valueOf } from '../http1/field-section.ts';

/** A CORS preflight (Fetch standard, section 3.3.4) carries no key by its nature. */
export function isPreflight(head: RequestHead): boolean {
  return head.method === 'OPTIONS' && hasField(head, fieldIds.origin) && hasField(head, fieldIds['access-control-request-method']);
}

/** Allows what the path has, except of a private product, which is not told of to who sends no key; an address that leads nowhere is allowed too, so that the page can read the refusal of its real request. */
export function answerPreflight(gateway: Gateway, call: Call, client: ClientSide): void {
  const asked = valueOf(call.head, fieldIds['access-control-request-method'])!;
  route(gateway.routes, call);
  const methods = new Set([asked]);
  const segments = call.restPath.split('/').slice(1).map(decodeSegment);
  const open = call.product === null || call.product.product.private ? null : call.product;
  if (call.version && open) for (const method of matchPath(call.version.tree, segments, '').allowed) methods.add(method);
  const rules = open?.policies.cors ?? null;
  client.start(204, 'No Content', ['X-Request-Id', call.id, ...corsFields(gateway.routes, rules, call.head, null), ...preflightFields(gateway.routes, rules, call.head, methods)]);
  client.finish([]);
}
