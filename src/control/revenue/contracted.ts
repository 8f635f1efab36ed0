// Monthly recurring revenue by what was agreed: at the end of each month, the fee of the plan that each subscription is on.
import type { PlanConfig } from '../../domain/config.ts';
import { scaleDecimal } from '../../domain/decimal.ts';
import { minorPlacesOf } from '../../domain/pricing/money.ts';
import type { Query } from '../../store/database.ts';

export interface RevenueInput { productId: string | undefined; /** First moments of months and of the one after, ms UTC. */ bounds: readonly number[]; at: number }
export interface RevenueRead {
  /** By currency: what each consumer paid, one map per month, in minor units. */
  payers: Map<string, Map<string, bigint>[]>;
  /** When each consumer first paid, ms. */
  firstPaid: Map<string, number>;
  /** Months that end later are not complete; null: all that has ended is. */
  unbilledSince: number | null;
}

interface Fee { currency: string; monthlyMinor: bigint }

/** A yearly fee counts as a twelfth, a trial and what costs nothing as nothing; usage, coupons and tax are no part of it. The present month is as of now. */
export async function readContracted(query: Query, { productId, bounds, at }: RevenueInput): Promise<RevenueRead> {
  let rows = query.selectFrom('subscription_phase').innerJoin('subscription', 'subscription.id', 'subscription_phase.subscription_id')
    .select(['subscription.consumer_id', 'subscription.trial_ends_at', 'subscription.ended_at', 'subscription_phase.plan_revision_id', 'subscription_phase.from_at', 'subscription_phase.to_at']);
  if (productId !== undefined) rows = rows.where('subscription.product_id', '=', productId);
  const phases = await rows.execute();
  const fees = await readFees(query, new Set(phases.map((phase) => phase.plan_revision_id)));
  const ends = bounds.slice(1).map((end) => Math.min(end, at + 1));
  const payers: RevenueRead['payers'] = new Map();
  const firstPaid: RevenueRead['firstPaid'] = new Map();
  for (const phase of phases) {
    const fee = fees.get(phase.plan_revision_id);
    if (!fee) continue;
    const from = Math.max(phase.from_at, phase.trial_ends_at ?? 0);
    const to = Math.min(phase.to_at ?? Infinity, phase.ended_at ?? Infinity);
    if (from >= to || from > at) continue;
    firstPaid.set(phase.consumer_id, Math.min(from, firstPaid.get(phase.consumer_id) ?? Infinity));
    // As it stood in the last millisecond of the month.
    ends.forEach((end, month) => { if (from < end && to >= end) pay(payers, ends.length, { ...fee, consumer: phase.consumer_id, month, minor: fee.monthlyMinor }); });
  }
  return { payers, firstPaid, unbilledSince: null };
}

export function pay(payers: RevenueRead['payers'], months: number, { currency, consumer, month, minor }: { currency: string; consumer: string; month: number; minor: bigint }): void {
  if (!payers.has(currency)) payers.set(currency, Array.from({ length: months }, () => new Map()));
  const paid = payers.get(currency)![month]!;
  paid.set(consumer, (paid.get(consumer) ?? 0n) + minor);
}

const revisionsAtOnce = 500;

/** By revision; those without a fee are left out. */
async function readFees(query: Query, revisionIds: ReadonlySet<string>): Promise<Map<string, Fee>> {
  const fees = new Map<string, Fee>();
  const ids = [...revisionIds];
  for (let start = 0; start < ids.length; start += revisionsAtOnce) {
    for (const { id, config } of await query.selectFrom('plan_revision').select(['id', 'config']).where('id', 'in', ids.slice(start, start + revisionsAtOnce)).execute()) {
      const { fee, interval, currency } = JSON.parse(config) as PlanConfig;
      const minor = scaleDecimal(fee, 12);
      const scale = 10n ** BigInt(12 - minorPlacesOf(currency)) * (interval === 'year' ? 12n : 1n);
      const monthlyMinor = (2n * minor + scale) / (2n * scale);
      if (monthlyMinor > 0n) fees.set(id, { currency, monthlyMinor });
    }
  }
  return fees;
}
