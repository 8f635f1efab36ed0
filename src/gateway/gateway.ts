// The path of a request, stage by stage. In: a request head and the two sides of its connection. Out: an answer that is metered.
import type { Buffer } from 'node:buffer';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { newId } from '../domain/id.ts';
import type { Call, RequestHead, Refusal } from './call.ts';
import { originOf, type TrustedProxies } from './client-origin.ts';
import type { ClientSide } from './exchange.ts';
import type { OpenBodies } from './open-bodies.ts';
import type { PolicyDeps } from './own-policy/run-hook.ts';
import type { Routes } from './routing/compile-routes.ts';
import type { AddressGenerations } from './shared/address-generations.ts';
import type { CredentialTable } from './shared/credential-table.ts';
import { admitAddress } from './stages/addresses.ts';
import { admitCertificate } from './stages/certificate.ts';
import { admitCapacity } from './stages/capacity.ts';
import { authenticate } from './stages/authenticate.ts';
import { entitle, opensProduct } from './stages/entitle.ts';
import { forward } from './stages/forward.ts';
import { limit, type LimitDeps } from './stages/limit.ts';
import { isPreflight, answerPreflight } from './stages/preflight.ts';
import type { RecordDeps } from './stages/record.ts';
import { refuse } from './stages/respond.ts';
import { hideProduct, route } from './stages/route.ts';
import { validate } from './stages/validate.ts';
import type { UpstreamPools } from './upstream/upstream-pools.ts';

/** What one gateway thread serves with. */
export interface Gateway extends LimitDeps, RecordDeps, PolicyDeps {
  clock: Clock;
  random(bytes: number): Buffer;
  /** Replaced whole with each snapshot. */
  routes: Routes;
  credentials: CredentialTable;
  generations: AddressGenerations;
  pools: UpstreamPools;
  openBodies: OpenBodies;
  trustedProxies: TrustedProxies;
  whenUnmeterable: Config['whenUnmeterable'];
}

/** Serves one call. Answers at once; the exchange goes on by itself. */
export function serveCall(gateway: Gateway, head: RequestHead, client: ClientSide): void {
  const call = newCall(gateway, head);
  if (isPreflight(head)) {
    answerPreflight(gateway, call, client);
    return;
  }
  const refusal = admit(gateway, call);
  if (refusal) refuse(gateway, call, client, refusal);
  else forward(gateway, call, client);
}

/** The stages before the upstream, in order. The key is looked at even when the address leads nowhere, so that its owner sees why. */
function admit(gateway: Gateway, call: Call): Refusal | undefined {
  const misrouted = route(gateway.routes, call);
  const stranger = authenticate(gateway.credentials, gateway.routes.sample, call);
  if (call.product?.product.private && !opensProduct(call)) return hideProduct(gateway.routes, call, stranger?.hint);
  // The same hint as of a hidden product: from neither can be told whether there is one.
  if (misrouted?.code === 'no_route' && call.product === null && stranger?.hint) return { ...misrouted, hint: stranger.hint };
  return misrouted
    ?? stranger
    ?? admitAddress(call)
    ?? admitCertificate(call)
    ?? entitle(gateway.routes.snapshot.webUrl, call)
    ?? admitCapacity(gateway)
    ?? limit(gateway, call)
    ?? validate(gateway, call);
}

/** A call whose head could not even be read has none of the stages' findings either. */
export function newCall(gateway: Gateway, head: RequestHead): Call {
  const at = gateway.clock.now();
  return {
    id: newId('request', at, gateway.random),
    head,
    at,
    startedNs: gateway.clock.monotonicNs(),
    client: originOf(head, gateway.trustedProxies),
    product: null,
    version: null,
    operation: null,
    restPath: '',
    query: '',
    credential: null,
    keyField: null,
    subscription: null,
    subscriptionSlot: 0,
    spendCap: null,
    plan: null,
    policies: [],
    reservation: null,
  };
}
