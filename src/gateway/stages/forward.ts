// In: an admitted call. Out: a request to the upstream whose answer a Relay passes on.
import type { Buffer } from 'node:buffer';
import type { Call } from '../call.ts';
import { addForwardedFields, isForwardedField } from '../client-origin.ts';
import type { AnswerListener, ClientSide, UpstreamRequest } from '../exchange.ts';
import { sendThroughCache } from '../cache/send-through-cache.ts';
import { endToEndFields, listMembers, trailerFields } from '../fields.ts';
import { bitsOf, fieldIds, hasField, valueOf } from '../http1/field-section.ts';
import type { Gateway } from '../gateway.ts';
import type { Outgoing } from '../own-policy/policy-call.ts';
import { sendThroughPolicy } from '../own-policy/send-through-policy.ts';
import { Relay } from '../relay.ts';
import { RequestBody } from '../request-body.ts';
import type { RoutedUpstream } from '../routing/compile-routes.ts';
import { sendRequest } from '../upstream/send-request.ts';
import { answerExample } from './answer-example.ts';
import { addSetFields, dropFields } from './change-fields.ts';
import { readChecked } from './checked-body.ts';
import { hasSmallJsonBody } from './field-names.ts';
import { bodyCheckOf } from './validate.ts';

export function forward(gateway: Gateway, call: Call, client: ClientSide): void {
  const { product, policies, testUpstream } = call.product!;
  const upstream = call.credential!.mode === 'live' ? call.version!.upstream : testUpstream!;
  // What is here already needs no stream, unless somebody wants to look at it first.
  if (client.whole !== null && upstream !== 'examples' && policies.validate === null && policies.own === null) {
    const relay = new Relay(gateway, call, client, { bytes: client.whole.length, kept: hasSmallJsonBody(call) ? [client.whole] : null });
    sendOn(gateway, { call, client, body: null, whole: client.whole, invited: true, upstream }, relay, nothing, null);
    return;
  }
  const continueOnce = once(() => { if (client.expectsContinue) client.continue(); });
  const source = call.head.upgrade ? null : client.source;
  const hasBody = source !== null;
  const check = policies.validate === null || !hasBody ? null : bodyCheckOf(policies.validate, call);
  const bytesMax = check === null ? product.bodyBytesMax : Math.min(product.bodyBytesMax, policies.validate!.bodyBytesMax);
  const body = !hasBody ? null : new RequestBody(source, {
    bytesMax,
    keep: check !== null || hasSmallJsonBody(call),
    onFirstRead: upstream === 'examples' || check !== null ? continueOnce : () => undefined,
  });
  const relay = new Relay(gateway, call, client, body);
  body?.on('error', (error) => relay.onBodyError(error));
  if (check === null) {
    send(gateway, { call, client, body, whole: null, invited: false, upstream }, relay, continueOnce);
    return;
  }
  readChecked({ call, check, body: body!, bytesMax }, (refusal, whole) => {
    if (refusal) relay.onFailure(refusal);
    else send(gateway, { call, client, body: upstream === 'examples' ? null : whole, whole: null, invited: true, upstream }, relay, continueOnce);
  });
}

interface Sending {
  call: Call;
  client: ClientSide;
  body: RequestBody | null;
  whole: Buffer | null;
  /** The client was asked for its body already. */
  invited: boolean;
  upstream: RoutedUpstream | 'examples';
}

function send(gateway: Gateway, sending: Sending, relay: Relay, continueOnce: () => void): void {
  const { call, body } = sending;
  const { own } = call.product!.policies;
  if (own === null) {
    sendOn(gateway, sending, relay, continueOnce, null);
    return;
  }
  const outgoing: Outgoing = { path: call.restPath, query: call.query, fields: upstreamFields(call) };
  sendThroughPolicy(gateway, { call, own, outgoing, body, relay, invite: continueOnce, send: (listener) => sendOn(gateway, sending, listener, continueOnce, outgoing) });
}

/** @param changed by a policy of the product's own */
function sendOn(gateway: Gateway, sending: Sending, relay: AnswerListener, continueOnce: () => void, changed: Outgoing | null): void {
  const { call, body, upstream } = sending;
  if (upstream === 'examples') {
    answerExample(call, body, relay);
    return;
  }
  const request = upstreamRequest(sending, upstream, changed);
  const { cache } = call.product!.policies;
  if (cache !== null && call.credential!.mode === 'live') {
    sendThroughCache(gateway, { call, rules: cache, request, relay, send: (asked, listener) => sendRequest(gateway.pools, asked, listener, continueOnce) });
    return;
  }
  // Behind an expectation that the upstream answers itself, reading alone does not invite the body.
  relay.exchange = sendRequest(gateway.pools, request, relay, continueOnce);
}

function upstreamRequest({ call, client, body, whole, invited }: Sending, upstream: RoutedUpstream, changed: Outgoing | null): UpstreamRequest {
  const { product } = call.product!;
  const hasTrailers = body !== null && call.head.contentLength === null && hasField(call.head, fieldIds.trailer);
  return {
    upstream,
    method: call.head.method,
    path: changed === null ? `${call.restPath}${call.query}` : `${changed.path}${changed.query}`,
    fields: changed === null ? upstreamFields(call) : changed.fields,
    body,
    whole,
    contentLength: call.head.contentLength,
    connectTimeoutMs: product.connectTimeoutMs,
    headTimeoutMs: product.headTimeoutMs,
    upgrade: call.head.upgrade,
    expectsContinue: client.expectsContinue && body !== null && !invited,
    trailers: hasTrailers ? () => trailerFields(client.trailers()) : null,
  };
}

/** The gateway has words of its own for these, or keeps them to itself. */
const ownBits = bitsOf('host', 'via', 'expect', 'x-request-id', 'x-api-key', 'x-real-ip', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host');
const lengthBit = bitsOf('content-length');
const authorizationBit = bitsOf('authorization');
const forwardedBit = bitsOf('forwarded');

function upstreamFields(call: Call): string[] {
  const { head } = call;
  const dropped = ownBits | (head.upgrade ? lengthBit : 0) | (call.keyField === 'authorization' ? authorizationBit : 0) | (call.client.viaTrustedProxy ? 0 : forwardedBit);
  const fields = endToEndFields(head, dropped, isForwardedField);
  const changes = call.product!.policies.requestHeaders;
  if (changes !== null) dropFields(fields, changes.drops);
  const via = valueOf(head, fieldIds.via);
  fields.push('Via', `${via === undefined ? '' : `${via}, `}${head.httpVersion} portico`);
  addForwardedFields(fields, head, call.client);
  fields.push('X-Request-Id', call.id);
  // RFC 9110 section 10.1.4: TE speaks for the next hop only, and this one passes trailers on.
  if (hasField(head, fieldIds.te) && listMembers(head, 'te').includes('trailers')) fields.push('TE', 'trailers');
  if (changes !== null) addSetFields(fields, changes, call);
  return fields;
}

function nothing(): void {}

function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    run();
  };
}
