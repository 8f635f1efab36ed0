// Usage of billed periods that came after their bill: what the ledger holds now against what was billed.
import { sql } from 'kysely';
import type { PlanConfig } from '../../domain/config.ts';
import { addDecimals, compareDecimals } from '../../domain/decimal.ts';
import { amountText, minorPlacesOf } from '../../domain/pricing/money.ts';
import { meterQuantities, type OperationQuantity } from '../../domain/pricing/meter-quantities.ts';
import { priceLateUsage } from '../../domain/pricing/price-late-usage.ts';
import type { Query } from '../../store/database.ts';
import { isWhole, wholeSum } from '../usage/sum-usage.ts';
import { readPhases, type Phase } from './reckon-period.ts';
import type { DraftLine } from './write-invoice.ts';

/** Periods that ended longer ago are closed for good. */
export const lateUsageMs = 400 * 86_400_000;
const hourMs = 3_600_000;

export interface LateUsage {
  period: { id: string; from: number; to: number; invoiceId: string | null };
  currency: string;
  /** Lines that cost or give back something; none where what came late is free. */
  lines: DraftLine[];
  amountMinor: bigint;
  /** What `billed_usage` holds once the lines are billed. */
  quantities: Map<string, string>;
}

/** Oldest first: billed periods of a subscription that began before `before` and whose ledger has grown since. */
export async function findLateUsage(query: Query, { subscriptionId, before, now }: { subscriptionId: string; before: number; now: number }): Promise<LateUsage[]> {
  const periods = await query.selectFrom('billing_period').select(['id', 'from_at', 'to_at', 'invoice_id']).where('subscription_id', '=', subscriptionId)
    .where('state', '=', 'billed').where('kind', '=', 'regular').where('from_at', '<', before).where('to_at', '>', now - lateUsageMs).orderBy('from_at').execute();
  if (periods.length === 0) return [];
  const billedRows = await query.selectFrom('billed_usage').select(['period_id', 'meter', 'quantity']).where('period_id', 'in', periods.map(({ id }) => id)).execute();
  const billedOf = Map.groupBy(billedRows, (row) => row.period_id);
  const ledgerOf = Map.groupBy(await sumByPeriod(query, subscriptionId, { from: periods[0]!.from_at, to: periods.at(-1)!.to_at }), (row) => row.period_id);
  const phases = await readPhases(query, { subscriptionId, from: periods[0]!.from_at, to: periods.at(-1)!.to_at });
  const found: LateUsage[] = [];
  for (const period of periods) {
    const plan = planAtEnd(phases, period.to_at);
    const billed = new Map((billedOf.get(period.id) ?? []).map(({ meter, quantity }) => [meter, quantity]));
    const present = meterQuantities(ledgerOf.get(period.id) ?? [], plan.prices);
    if ([...billed].every(([meter, quantity]) => compareDecimals(quantity, present.get(meter) ?? '0') === 0)) continue;
    const { id, from_at: from, to_at: to, invoice_id: invoiceId } = period;
    found.push(priceLate({ plan, period: { id, from, to, invoiceId }, billed, present }));
  }
  return found;
}

/** Usage is priced by the plan in force at the period's end. */
function planAtEnd(phases: readonly Phase[], end: number): PlanConfig {
  return (phases.findLast(({ from }) => from < end) ?? phases[0]!).plan;
}

function priceLate({ plan, period, billed, present }: { plan: PlanConfig; period: LateUsage['period']; billed: Map<string, string>; present: Map<string, string> }): LateUsage {
  const places = minorPlacesOf(plan.currency);
  const charges = priceLateUsage(plan, billed, present).map((charge) => ({ ...charge, amountMinor: charge.presentMinor - charge.billedMinor }));
  const lines = charges.filter(({ amountMinor }) => amountMinor !== 0n).map(({ meter, quantity, amountMinor, ...rest }): DraftLine => ({
    kind: 'late-usage', description: `${meter} of the period from ${day(period.from)} to ${day(period.to - 1)}, reported late`, meter, quantity, unitPrice: '0', amount: amountText(amountMinor, places), from: period.from, to: period.to, periodId: period.id,
    detail: { plan: plan.slug, billed: rest.billed, present: rest.present, billedAmount: amountText(rest.billedMinor, places), presentAmount: amountText(rest.presentMinor, places) },
  }));
  return { period, currency: plan.currency, lines, amountMinor: charges.reduce((sum, { amountMinor }) => sum + amountMinor, 0n), quantities: new Map(plan.prices.map(({ meter }) => [meter, present.get(meter) ?? '0'])) };
}

/** In the transaction that bills it. */
export async function keepBilled(query: Query, periodId: string, quantities: ReadonlyMap<string, string>): Promise<void> {
  for (const [meter, quantity] of quantities) {
    await query.insertInto('billed_usage').values({ period_id: periodId, meter, quantity }).onConflict((conflict) => conflict.columns(['period_id', 'meter']).doUpdateSet({ quantity })).execute();
  }
}

/** The live ledger of a subscription by its billed periods, meter and operation; exact, in one reading. */
async function sumByPeriod(query: Query, subscriptionId: string, { from, to }: { from: number; to: number }): Promise<(OperationQuantity & { period_id: string })[]> {
  const rows = () => query.selectFrom('usage').innerJoin('billing_period', 'billing_period.subscription_id', 'usage.subscription_id')
    .where('usage.subscription_id', '=', subscriptionId).where('usage.mode', '=', 'live').where('usage.hour', '>=', Math.floor(from / hourMs) * hourMs).where('usage.hour', '<', to)
    .where('billing_period.state', '=', 'billed').where(sql<boolean>`usage.hour >= billing_period.from_at - billing_period.from_at % ${sql.lit(hourMs)}`).whereRef('usage.hour', '<', 'billing_period.to_at');
  const found = await rows().where(isWhole).select(['billing_period.id as period_id', 'usage.meter', 'usage.operation', wholeSum.as('quantity')]).groupBy(['billing_period.id', 'usage.meter', 'usage.operation'])
    .unionAll(rows().where(sql<boolean>`not ${isWhole}`).select(['billing_period.id as period_id', 'usage.meter', 'usage.operation', 'usage.quantity']))
    .execute();
  const sums = new Map<string, OperationQuantity & { period_id: string }>();
  for (const row of found) {
    const name = `${row.period_id}\n${row.meter}\n${row.operation}`;
    const sum = sums.get(name);
    if (sum) sum.quantity = addDecimals(sum.quantity, row.quantity);
    else sums.set(name, row);
  }
  return [...sums.values()];
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
