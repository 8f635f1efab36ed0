// In: a refusal, or the head of an upstream's answer. Out: the fields and the problem document that the client gets.
import { Buffer } from 'node:buffer';
import { errorCatalogue } from '../../errors.ts';
import type { Call, PolicyState, Refusal } from '../call.ts';
import type { ClientSide } from '../exchange.ts';
import { endToEndFields, findField, type Fields } from '../fields.ts';
import type { Gateway } from '../gateway.ts';
import { corsFields, isCorsField } from './cors.ts';
import { record, type Outcome } from './record.ts';
import { settle } from './settle.ts';

/** What is known of the exchange when a call is refused after it was admitted. */
export type Progress = Partial<Pick<Outcome, 'requestBytes' | 'upstreamMs' | 'body'>>;

/** Answers with a problem document (RFC 9457), after the refusal is recorded. */
export function refuse(gateway: Gateway, call: Call, client: ClientSide, refusal: Refusal, progress: Progress = {}): void {
  settle(gateway, call, false);
  const { status } = errorCatalogue[refusal.code];
  const body = problemBody(gateway.routes.snapshot.webUrl, call.id, refusal);
  const fields = [
    ...gatewayFields(gateway, call, []),
    ...(refusal.fields ?? []),
    'Content-Type', 'application/problem+json', 'Cache-Control', 'no-store', 'Content-Length', String(body.length),
  ];
  const sent = call.head.method === 'HEAD' ? 0 : body.length;
  const outcome: Outcome = { status, code: refusal.code, upstreamStatus: null, upstreamMs: null, requestBytes: 0, responseBytes: sent, units: {}, body: null, open: false, hint: refusal.hint ?? null, ...progress };
  // A refusal that cannot be recorded is answered all the same: nothing was served.
  record(gateway, call, outcome, () => {
    client.start(status, '', fields);
    if (sent > 0) client.write(body);
    client.finish([]);
  });
}

export function problemBody(webUrl: string, requestId: string, refusal: Refusal): Buffer {
  const { status, title } = errorCatalogue[refusal.code];
  return Buffer.from(`${JSON.stringify({ type: `${webUrl}/errors/${refusal.code}`, title, status, detail: refusal.detail, code: refusal.code, requestId, ...refusal.members }, null, 2)}\n`);
}

/** The gateway's own fields: request id, what is left of each limit, notices of the version, CORS. */
export function gatewayFields(gateway: Gateway, call: Call, upstream: Fields): string[] {
  const fields = ['X-Request-Id', call.id];
  addRateLimitFields(fields, call.policies);
  fields.push(...noticesOf(call), ...corsFields(gateway.routes, call.head, upstream));
  return fields;
}

/** The upstream's head as the client gets it. */
export function responseFields(gateway: Gateway, call: Call, upstream: Fields): string[] {
  const own = gatewayFields(gateway, call, upstream);
  const hasCors = findField(call.head.fields, 'origin') !== undefined;
  const replaced = (name: string): boolean =>
    name === 'x-request-id' || name === 'via'
    || (call.policies.length > 0 && (name === 'ratelimit' || name === 'ratelimit-policy'))
    || (noticesOf(call).length > 0 && (name === 'deprecation' || name === 'sunset'))
    || (hasCors && isCorsField(name));
  const via = findField(upstream, 'via');
  return [...endToEndFields(upstream, replaced), 'Via', via === undefined ? '1.1 portico' : `${via}, 1.1 portico`, ...own];
}

/** draft-ietf-httpapi-ratelimit-headers, as structured fields (RFC 9651). */
function addRateLimitFields(fields: string[], policies: readonly PolicyState[]): void {
  if (policies.length === 0) return;
  let rules = '';
  let states = '';
  for (const { label, rule, remaining, resetSeconds } of policies) {
    const between = rules === '' ? '' : ', ';
    rules += between + rule;
    states += `${between}${label};r=${remaining};t=${resetSeconds}`;
  }
  fields.push('RateLimit-Policy', rules, 'RateLimit', states);
}

function noticesOf(call: Call): string[] {
  return call.version?.version.status === 'deprecated' ? call.version.notices : [];
}
