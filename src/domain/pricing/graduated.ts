import { one, type Charge, type Scaled, type TieredPrice } from './price.ts';

/** Units cost what the tier says that they fall into. A tier is (above, upTo]; its flat fee is due once it is entered, the first tier's at quantity 0. */
export function chargeGraduated(price: TieredPrice, quantity: Scaled): Charge[] {
  const charges: Charge[] = [];
  for (const { above, upTo, unitPrice, flatFee } of price.tiers) {
    if (quantity <= above && above > 0n) break;
    const units = (upTo === null || quantity < upTo ? quantity : upTo) - above;
    if (flatFee > 0n) charges.push({ part: { kind: 'tier-fee', above, upTo }, quantity: one, unitPrice: flatFee });
    charges.push({ part: { kind: 'tier-units', above, upTo }, quantity: units, unitPrice });
  }
  return charges;
}
