import type { PlanConfig } from '../config.ts';
import { scaleDecimal } from '../decimal.ts';
import { one, pricePlaces, type Scaled } from './price.ts';

/** The fee of one whole interval, whatever is used; null when the plan has none. */
export function chargePlanFee(plan: Pick<PlanConfig, 'fee'>): { quantity: Scaled; unitPrice: Scaled } | null {
  const fee = scaleDecimal(plan.fee, pricePlaces);
  return fee === 0n ? null : { quantity: one, unitPrice: fee };
}
