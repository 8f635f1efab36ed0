import { one, type Charge, type Scaled, type TieredPrice } from './price.ts';

/** All units cost what the tier (above, upTo] of the total says, and only its flat fee is due. Past a tier's end a bill may be lower than at it. */
export function chargeVolume(price: TieredPrice, quantity: Scaled): Charge[] {
  const reached = price.tiers.find(({ upTo }) => upTo === null || quantity <= upTo);
  if (reached === undefined) throw new RangeError(`The last tier of ${price.meter} ends below the quantity.`);
  const { above, upTo, unitPrice, flatFee } = reached;
  const units: Charge = { part: { kind: 'volume-units', above, upTo }, quantity, unitPrice };
  return flatFee > 0n ? [{ part: { kind: 'volume-fee', above, upTo }, quantity: one, unitPrice: flatFee }, units] : [units];
}
