// In: a refusal, or the head of an upstream's answer. Out: the fields and the problem document that the client gets.
import { Buffer } from 'node:buffer';
import { errorCatalogue } from '../../errors.ts';
import type { Call, PolicyState, Refusal } from '../call.ts';
import type { ClientSide } from '../exchange.ts';
import { endToEndFields } from '../fields.ts';
import type { Gateway } from '../gateway.ts';
import { bitsOf, fieldIds, type FieldList, hasField, valueOf } from '../http1/field-section.ts';
import { addSetFields, dropFields, dropCorsFields } from './change-fields.ts';
import { corsBits, corsFields } from './cors.ts';
import { record, type Outcome } from './record.ts';
import { settle } from './settle.ts';

/** What is known of the exchange when a call is refused after it was admitted. */
export type Progress = Partial<Pick<Outcome, 'requestBytes' | 'upstreamMs' | 'body'>>;

/** Answers with a problem document (RFC 9457), after the refusal is recorded. */
export function refuse(gateway: Gateway, call: Call, client: ClientSide, refusal: Refusal, progress: Progress = {}): void {
  settle(gateway, call, false);
  const status = refusal.status ?? errorCatalogue[refusal.code].status;
  const body = problemBody(gateway.routes.snapshot.webUrl, call.id, refusal);
  const fields = [
    ...addGatewayFields([], gateway, call, null),
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
  return Buffer.from(`${JSON.stringify({ type: `${webUrl}/errors/${refusal.code}`, title, status: refusal.status ?? status, detail: refusal.detail, code: refusal.code, requestId, ...refusal.members }, null, 2)}\n`);
}

/** The gateway's own fields: request id, what is left of each limit, notices of the version, CORS. */
function addGatewayFields(fields: string[], gateway: Gateway, call: Call, upstream: FieldList | null): string[] {
  fields.push('X-Request-Id', call.id);
  addRateLimitFields(fields, call.policies);
  const notices = noticesOf(call);
  if (notices.length > 0) fields.push(...notices);
  const rules = call.product === null ? null : call.product.policies.cors;
  if (rules !== null || hasField(call.head, fieldIds.origin)) fields.push(...corsFields(gateway.routes, rules, call.head, upstream));
  return fields;
}

/** The upstream's head as the client gets it. */
export function responseFields(gateway: Gateway, call: Call, upstream: FieldList): string[] {
  const { cors, responseHeaders } = call.product!.policies;
  const limited = call.policies.length > 0;
  const noticed = noticesOf(call).length > 0;
  const replaced = (name: string): boolean => (limited && (name === 'ratelimit' || name === 'ratelimit-policy')) || (noticed && (name === 'deprecation' || name === 'sunset'));
  const fields = endToEndFields(upstream, hasField(call.head, fieldIds.origin) ? ownBits | corsBits : ownBits, replaced);
  if (cors !== null) dropCorsFields(fields);
  if (responseHeaders !== null) dropFields(fields, responseHeaders.drops);
  const via = valueOf(upstream, fieldIds.via);
  fields.push('Via', via === undefined ? '1.1 portico' : `${via}, 1.1 portico`);
  if (responseHeaders !== null) addSetFields(fields, responseHeaders, call);
  return addGatewayFields(fields, gateway, call, upstream);
}

const ownBits = bitsOf('x-request-id', 'via');

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
  return call.version?.version.status === 'deprecated' ? call.version.notices : none;
}

const none: string[] = [];
