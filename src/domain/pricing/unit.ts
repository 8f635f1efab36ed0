import type { Charge, Scaled, UnitPrice } from './price.ts';

/** Every unit, and every part of one, costs the same. */
export function chargeUnits(price: UnitPrice, quantity: Scaled): Charge[] {
  return [{ part: { kind: 'units' }, quantity, unitPrice: price.unitPrice }];
}
