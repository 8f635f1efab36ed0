import type { PlanConfig } from '../../domain/config.ts';
import { scaleDecimal } from '../../domain/decimal.ts';
import { billPlan } from '../../domain/pricing/bill.ts';
import { minorPlacesOf } from '../../domain/pricing/money.ts';
import type { Query } from '../../store/database.ts';
import { meterQuantities } from '../billing/meter-quantities.ts';
import { readPeriodUsage } from '../billing/period-usage.ts';
import type { PlanChange } from './change-plan.ts';

/** What the usage of the period so far would cost on a plan, in minor units, without its fee. */
export async function usageCosts(query: Query, { subscription, period }: PlanChange, terms: PlanConfig): Promise<bigint> {
  const usage = await meterQuantities(query, subscription.id, await readPeriodUsage(query, { subscriptionId: subscription.id, ...period }));
  return scaleDecimal(billPlan({ ...terms, fee: '0' }, [...usage].map(([meter, quantity]) => ({ meter, quantity }))).total, minorPlacesOf(terms.currency));
}
