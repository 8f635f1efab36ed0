// In: the client's address. Out: nothing, or a refusal of an address that may not call this product.
import { inRanges } from '../../domain/client-address.ts';
import type { Call, Refusal } from '../call.ts';
import type { AddressRules } from '../routing/compile-policies.ts';

export function admitAddress(call: Call): Refusal | undefined {
  const rules = call.product!.policies.addresses;
  // Portico's own samples come from its own machine.
  if (rules === null || allows(rules, call.client.address) || call.credential!.origin === 'sample') return undefined;
  return { code: 'address_forbids', detail: `${call.product!.product.name} may not be called from ${call.client.address}. Call from an address that its producer allows, or ask the producer to allow this one.` };
}

function allows({ allow, deny }: AddressRules, address: string): boolean {
  return (deny === null || !inRanges(deny, address)) && (allow === null || inRanges(allow, address));
}
