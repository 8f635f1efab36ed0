import type { PlanConfig } from '../../domain/config.ts';
import { scaleDecimal } from '../../domain/decimal.ts';
import { billPlan } from '../../domain/pricing/bill.ts';
import { meterQuantities } from '../../domain/pricing/meter-quantities.ts';
import { minorPlacesOf } from '../../domain/pricing/money.ts';
import type { Query } from '../../store/database.ts';
import { readPeriodUsage } from '../billing/period-usage.ts';
import type { PlanChange } from './change-plan.ts';

/** What the usage of the period so far would cost on a plan, in minor units, without its fee. */
export async function usageCosts(query: Query, { subscription, period }: PlanChange, terms: PlanConfig): Promise<bigint> {
  const usage = meterQuantities(await readPeriodUsage(query, { subscriptionId: subscription.id, ...period }), terms.prices);
  return scaleDecimal(billPlan({ ...terms, fee: '0' }, [...usage].map(([meter, quantity]) => ({ meter, quantity }))).total, minorPlacesOf(terms.currency));
}
