// A period of a subscription as it stands in the store enters; its bill leaves, with the quantities that it was reckoned from.
import type { Selectable } from 'kysely';
import type { PlanConfig } from '../../domain/config.ts';
import { billPeriod, type PeriodBill } from '../../domain/pricing/bill-period.ts';
import { meterQuantities } from '../../domain/pricing/meter-quantities.ts';
import type { Query } from '../../store/database.ts';
import type { Tables } from '../../store/tables.ts';
import { codesOf, couponsFor, listHeld } from '../coupons/coupons-of.ts';
import { readPeriodUsage } from './period-usage.ts';

export type PeriodRow = Selectable<Tables['billing_period']>;
export interface Phase { plan: PlanConfig; from: number; to: number | null }
export interface ReckonedPeriod extends PeriodBill {
  /** By priced meter: what `billed_usage` keeps. */
  quantities: Map<string, string>;
  /** Of the coupons that took something off it. */
  redemptionIds: string[];
}

/** By the plan in force at each moment, and the ledger and the coupons as they are now. */
export async function reckonPeriod(query: Query, period: Pick<PeriodRow, 'subscription_id' | 'kind' | 'from_at' | 'to_at'>): Promise<ReckonedPeriod> {
  const { subscription_id: subscriptionId, from_at: from, to_at: to } = period;
  const phases = await readPhases(query, { subscriptionId, from, to });
  const { anchor_at: anchorAt } = await query.selectFrom('subscription').select('anchor_at').where('id', '=', subscriptionId).executeTakeFirstOrThrow();
  const { currency, prices } = phases.at(-1)!.plan;
  const usage = meterQuantities(await readPeriodUsage(query, { subscriptionId, from, to }), prices);
  const coupons = period.kind === 'trial' ? [] : couponsFor(await listHeld(query, subscriptionId), { to, currency });
  const bill = billPeriod({ period: { from, to, kind: period.kind, anchorAt }, phases, usage: [...usage].map(([meter, quantity]) => ({ meter, quantity })), coupons });
  const used = codesOf(bill.lines);
  return { ...bill, quantities: new Map(prices.map(({ meter }) => [meter, usage.get(meter) ?? '0'])), redemptionIds: coupons.filter(({ code }) => used.has(code)).map(({ redemptionId }) => redemptionId) };
}

/** The stretches on one revision of a plan that a period holds, oldest first; at least one. */
export async function readPhases(query: Query, { subscriptionId, from, to }: { subscriptionId: string; from: number; to: number }): Promise<Phase[]> {
  const rows = await query.selectFrom('subscription_phase').innerJoin('plan_revision', 'plan_revision.id', 'subscription_phase.plan_revision_id')
    .select(['subscription_phase.from_at', 'subscription_phase.to_at', 'plan_revision.config'])
    .where('subscription_phase.subscription_id', '=', subscriptionId).where('subscription_phase.from_at', '<', to)
    .where((eb) => eb.or([eb('subscription_phase.to_at', 'is', null), eb('subscription_phase.to_at', '>', from)]))
    .orderBy('subscription_phase.from_at').orderBy('subscription_phase.id').execute();
  if (rows.length > 0) return rows.map((row) => ({ plan: JSON.parse(row.config) as PlanConfig, from: row.from_at, to: row.to_at }));
  const { config } = await query.selectFrom('subscription').innerJoin('plan_revision', 'plan_revision.id', 'subscription.plan_revision_id').select('plan_revision.config').where('subscription.id', '=', subscriptionId).executeTakeFirstOrThrow();
  return [{ plan: JSON.parse(config) as PlanConfig, from, to: null }];
}
