// The bill of the present period before its end: with what was used so far, and with what is likely to be.
import { scaleDecimal } from '../../domain/decimal.ts';
import { billPeriod } from '../../domain/pricing/bill-period.ts';
import { forecastQuantity } from '../../domain/pricing/forecast.ts';
import { meterQuantities, type OperationQuantity } from '../../domain/pricing/meter-quantities.ts';
import { minorPlacesOf } from '../../domain/pricing/money.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { readPeriodUsage } from '../billing/period-usage.ts';
import { readPhases, type Phase } from '../billing/reckon-period.ts';
import { couponsFor, listHeld, type HeldCoupon } from '../coupons/coupons-of.ts';
import { listCredits } from '../credits/credits.ts';
import type { BillEstimate, RunningBill } from '../services.ts';
import type { OwnSubscription } from './own-subscription.ts';

export interface PresentPeriod {
  period: { kind: 'trial' | 'regular'; from: number; to: number; anchorAt: number };
  phases: Phase[];
  usage: OperationQuantity[];
  /** What a quantity so far is likely to be at the end. */
  forecastOf: (quantity: string) => string;
  /** Whatever was redeemed, used up or not. */
  held: HeldCoupon[];
}

/** @throws AppError `conflict` when it has none */
export async function readPresentPeriod(query: Query, subscription: OwnSubscription, now: number): Promise<PresentPeriod> {
  const row = await query.selectFrom('billing_period').select(['kind', 'from_at', 'to_at']).where('subscription_id', '=', subscription.id).where('state', '=', 'open').executeTakeFirst();
  if (!row) throw new AppError('conflict', `This subscription is ${subscription.state}: it has no present period.`);
  const period = { kind: row.kind, from: row.from_at, to: row.to_at, anchorAt: subscription.anchorAt };
  const phases = await readPhases(query, { subscriptionId: subscription.id, from: period.from, to: period.to });
  const usage = await readPeriodUsage(query, { subscriptionId: subscription.id, from: period.from, to: period.to });
  const since = Math.max(period.from, Math.min(...phases.map(({ from }) => from)));
  const held = await listHeld(query, subscription.id);
  return { period, phases, usage, forecastOf: (quantity) => forecastQuantity(quantity, { to: period.to, since, at: now }), held };
}

/** By meter of a plan. */
export function soFarOn({ usage }: Pick<PresentPeriod, 'usage'>, { prices }: Phase['plan']): Map<string, string> {
  return meterQuantities(usage, prices);
}

export function forecastOn(present: Pick<PresentPeriod, 'usage' | 'forecastOf'>, plan: Phase['plan']): Map<string, string> {
  return new Map([...soFarOn(present, plan)].map(([meter, quantity]) => [meter, present.forecastOf(quantity)]));
}

export async function readRunningBill(query: Query, subscription: OwnSubscription, now: number): Promise<RunningBill> {
  const present = await readPresentPeriod(query, subscription, now);
  const { period } = present;
  const { plan } = present.phases.at(-1)!;
  const usage = soFarOn(present, plan);
  const forecast = forecastOn(present, plan);
  const { left } = await listCredits(query, subscription.consumerId, now);
  const soFar = estimate(present, present.phases, usage);
  return {
    subscriptionId: subscription.id, period: { kind: period.kind, from: period.from, to: period.to }, at: now, soFar, forecast: estimate(present, present.phases, forecast),
    usage: plan.prices.map(({ meter }) => ({ meter, soFar: usage.get(meter) ?? '0', forecast: forecast.get(meter) ?? '0' })),
    credit: left.find(({ currency }) => currency === soFar.currency)?.amount ?? '0',
    spendCap: subscription.spendCap, spendAlerts: subscription.spendAlerts, capUsed: subscription.spendCap === null ? null : shareOfCap(spentOf(soFar), subscription.spendCap, soFar.currency),
  };
}

/** As billing would bill it, with the coupons that hold by then. */
export function estimate({ period, held }: Pick<PresentPeriod, 'period' | 'held'>, phases: readonly Phase[], usage: ReadonlyMap<string, string>): BillEstimate {
  const coupons = couponsFor(held, { to: period.to, currency: phases.at(-1)!.plan.currency });
  const { currency, subtotal, lines } = billPeriod({ period, phases: [...phases], usage: [...usage].map(([meter, quantity]) => ({ meter, quantity })), coupons });
  return { currency, subtotal, lines };
}

/** Fees and usage in minor units: a cap knows no coupons. */
export function spentOf({ currency, lines }: BillEstimate): bigint {
  const places = minorPlacesOf(currency);
  return lines.filter(({ kind }) => kind !== 'coupon').reduce((sum, { amount }) => sum + scaleDecimal(amount, places), 0n);
}

/** Whole per cent, rounded down: 100 once it is reached. */
export function shareOfCap(spentMinor: bigint, cap: string, currency: string): number {
  const capMinor = scaleDecimal(cap, minorPlacesOf(currency));
  return capMinor === 0n ? 100 : Number((spentMinor * 100n) / capMinor);
}
