// In: an admitted call of a product with a policy of its own. Out: the call on its way, perhaps changed, or the policy's refusal or answer.
import type { Call } from '../call.ts';
import type { AnswerListener } from '../exchange.ts';
import { fieldListOf } from '../http1/field-section.ts';
import type { Relay } from '../relay.ts';
import type { RequestBody } from '../request-body.ts';
import type { OwnRules } from '../routing/own-policies.ts';
import { ChangedAnswer } from './changed-answer.ts';
import { PolicyCallView, type Outgoing } from './policy-call.ts';
import { readVerdict, type OwnAnswer } from './policy-verdict.ts';
import { runHook, type PolicyDeps } from './run-hook.ts';

interface PoliciedCall {
  call: Call;
  own: OwnRules;
  outgoing: Outgoing;
  body: RequestBody | null;
  relay: Relay;
  /** Asks the client for its body. */
  invite(): void;
  /** Goes on, and tells `listener` of the answer. */
  send(listener: AnswerListener): void;
}

export function sendThroughPolicy(deps: PolicyDeps, { call, own, outgoing, body, relay, invite, send }: PoliciedCall): void {
  const view = new PolicyCallView(call, outgoing);
  const { policy } = own;
  const goOn = (): void => send(policy.onResponse === undefined || call.head.upgrade ? relay : new ChangedAnswer(deps, { own, call, view, relay }));
  if (policy.onRequest === undefined) {
    goOn();
    return;
  }
  const ask = async (promise: PromiseLike<unknown>) => readVerdict(await promise);
  const run = () => {
    const said: unknown = policy.onRequest!(view);
    return typeof said === 'object' && said !== null && 'then' in said ? ask(said as PromiseLike<unknown>) : readVerdict(said);
  };
  runHook(deps, { call, own, name: 'onRequest', run }, (failed, verdict) => {
    // The client left, or its body broke off, while the policy thought about it.
    if (relay.over) return;
    if (failed !== null) relay.onFailure(failed);
    else if (verdict === null || verdict === undefined) goOn();
    else if ('refusal' in verdict) relay.onFailure(verdict.refusal);
    else answer(verdict.answer, call, body, relay, invite);
  });
}

/** Once the request's body is in, so that the connection can serve the next call. */
function answer({ status, fields, body: octets }: OwnAnswer, call: Call, body: RequestBody | null, relay: Relay, invite: () => void): void {
  relay.nobodyAsked = true;
  const start = (): void => {
    relay.onHead(status, '', fieldListOf(status === 204 || status === 304 ? fields : [...fields, 'Content-Length', String(octets.length)]));
    if (octets.length > 0 && call.head.method !== 'HEAD') relay.onData(octets, null);
    relay.onEnd([]);
  };
  if (body === null) {
    start();
    return;
  }
  invite();
  body.on('end', start);
  body.resume();
}
