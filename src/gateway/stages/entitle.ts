// In: product, operation and credential. Out: the subscription and plan that the call is made under.
import { inRanges } from '../../domain/client-address.ts';
import type { Call, Refusal } from '../call.ts';

export function entitle(webUrl: string, call: Call): Refusal | undefined {
  const credential = call.credential!;
  const routed = call.product!;
  const { product } = routed;
  if (credential.origin === 'sample') return modeAllowed(call);
  const place = credential.subscriptions.findIndex((candidate) => candidate.productId === product.id);
  if (place < 0) {
    return modeAllowed(call) ?? { code: 'key_wrong_product', detail: `The key ${credential.masked} opens no subscription to ${product.name}. Subscribe at ${webUrl}/${product.slug} and use the same key.` };
  }
  const subscription = credential.subscriptions[place]!;
  call.subscription = subscription;
  call.subscriptionSlot = credential.slots[place]!;
  if (credential.spendCaps !== null) call.spendCap = credential.spendCaps[place]!;
  const plan = routed.plans.get(subscription.planRevisionId);
  if (!subscription.active || !plan) {
    return { code: 'subscription_inactive', detail: `The subscription of ${credential.masked} to ${product.name} is not active. ${webUrl}/${product.slug} shows its state.` };
  }
  call.plan = plan;
  return modeAllowed(call) ?? operationAllowed(webUrl, call) ?? addressAllowed(webUrl, call);
}

/** Whether the key has, or had, anything to do with the product: an ended key of a subscriber does. */
export function opensProduct({ credential, product }: Call): boolean {
  return credential !== null && (credential.origin === 'sample' || credential.subscriptions.some(({ productId }) => productId === product!.product.id));
}

function modeAllowed(call: Call): Refusal | undefined {
  const { mode, masked } = call.credential!;
  if (mode === 'live' || call.product!.testUpstream !== null) return undefined;
  return { code: 'mode_forbidden', detail: `${masked} is a test key, but ${call.product!.product.name} has no test mode. Use a live key.` };
}

function operationAllowed(webUrl: string, call: Call): Refusal | undefined {
  const { id, method, path } = call.operation!.operation;
  const plan = call.plan!;
  if (plan.operations !== null && !plan.operations.has(id)) {
    return { code: 'plan_forbids', detail: `The plan ${plan.plan.name} does not include ${method} ${path}. Compare the plans and upgrade at ${plan.plan.upgradeUrl}.`, members: { upgradeUrl: plan.plan.upgradeUrl } };
  }
  const scopes = call.credential!.scopeSet;
  if (scopes !== null && !scopes.has(id)) {
    return { code: 'scope_forbids', detail: `The key ${call.credential!.masked} is limited to other operations than ${id}. Use another key, or change the operations of this one at ${webUrl}/dashboard/keys/${call.credential!.keyId}.` };
  }
  return undefined;
}

function addressAllowed(webUrl: string, call: Call): Refusal | undefined {
  const { allowed, masked, keyId } = call.credential!;
  const { address } = call.client;
  if (allowed === null || inRanges(allowed, address)) return undefined;
  return { code: 'address_forbids', detail: `The key ${masked} may not be used from ${address}. Call from an allowed address, or change the list of the key at ${webUrl}/dashboard/keys/${keyId}.` };
}
