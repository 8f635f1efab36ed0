// Usage of billed periods that came after their bill: what the ledger holds now against what was billed.
import { sql } from 'kysely';
import { addDecimals, compareDecimals, scaleDecimal, subtractDecimals } from '../../domain/decimal.ts';
import { billPeriod } from '../../domain/pricing/bill-period.ts';
import { amountText, minorPlacesOf } from '../../domain/pricing/money.ts';
import { meterQuantities, type OperationQuantity } from '../../domain/pricing/meter-quantities.ts';
import { priceLateUsage, type KnownLine, type LateCharge } from '../../domain/pricing/price-late-usage.ts';
import type { Query } from '../../store/database.ts';
import { afterBill, codesOf, couponsFor, listHeld, type HeldCoupon } from '../coupons/coupons-of.ts';
import { isWhole, wholeSum } from '../usage/sum-usage.ts';
import { readPhases, type Phase } from './reckon-period.ts';
import type { DraftLine } from './write-invoice.ts';

/** Periods that ended longer ago are closed for good. */
export const lateUsageMs = 400 * 86_400_000;
const hourMs = 3_600_000;

export interface LateUsage {
  period: { id: string; from: number; to: number; invoiceId: string | null };
  consumerId: string;
  currency: string;
  /** Lines that cost or give back something; none where what came late is free. */
  lines: DraftLine[];
  amountMinor: bigint;
  /** What `billed_usage` holds once the lines are billed. */
  quantities: Map<string, string>;
  /** Of coupons that first take something off the period now. */
  redemptionIds: string[];
}

/**
 * Oldest first: billed periods of a subscription that began before `before` and whose ledger has grown since. Each costs what it would have cost had all of it arrived in time, with the coupons of that
 * bill; a coupon that it did not use, and that later bills have used up, takes nothing off.
 */
export async function findLateUsage(query: Query, { subscriptionId, before, now }: { subscriptionId: string; before: number; now: number }): Promise<LateUsage[]> {
  const periods = await query.selectFrom('billing_period').select(['id', 'from_at', 'to_at', 'invoice_id']).where('subscription_id', '=', subscriptionId)
    .where('state', '=', 'billed').where('kind', '=', 'regular').where('from_at', '<', before).where('to_at', '>', now - lateUsageMs).orderBy('from_at').execute();
  if (periods.length === 0) return [];
  const billedRows = await query.selectFrom('billed_usage').select(['period_id', 'meter', 'quantity']).where('period_id', 'in', periods.map(({ id }) => id)).execute();
  const billedOf = Map.groupBy(billedRows, (row) => row.period_id);
  const ledgerOf = Map.groupBy(await sumByPeriod(query, subscriptionId, { from: periods[0]!.from_at, to: periods.at(-1)!.to_at }), (row) => row.period_id);
  const phases = await readPhases(query, { subscriptionId, from: periods[0]!.from_at, to: periods.at(-1)!.to_at });
  const subscription = await query.selectFrom('subscription').select(['consumer_id', 'anchor_at']).where('id', '=', subscriptionId).executeTakeFirstOrThrow();
  let held: HeldCoupon[] | undefined;
  const found: LateUsage[] = [];
  for (const { id, from_at: from, to_at: to, invoice_id: invoiceId } of periods) {
    const within = phasesWithin(phases, { from, to });
    const billed = new Map((billedOf.get(id) ?? []).map(({ meter, quantity }) => [meter, quantity]));
    const present = meterQuantities(ledgerOf.get(id) ?? [], within.at(-1)!.plan.prices);
    if ([...billed].every(([meter, quantity]) => compareDecimals(quantity, present.get(meter) ?? '0') === 0)) continue;
    held ??= await listHeld(query, subscriptionId);
    const late = priceLate({
      period: { id, from, to, invoiceId }, consumerId: subscription.consumer_id, anchorAt: subscription.anchor_at, phases: within, billed, present, held, billedLines: await readBilledLines(query, { consumerId: subscription.consumer_id, periodId: id }),
    });
    held = afterBill(held, new Set(held.filter(({ redemptionId }) => late.redemptionIds.includes(redemptionId)).map(({ code }) => code)));
    found.push(late);
  }
  return found;
}

/** At least one: where the store has none of the period itself, what was in force at its end. */
function phasesWithin(phases: readonly Phase[], { from, to }: { from: number; to: number }): Phase[] {
  const within = phases.filter((phase) => phase.from < to && (phase.to === null || phase.to > from));
  return within.length > 0 ? within : [phases.findLast((phase) => phase.from < to) ?? phases[0]!];
}

interface BilledLine extends KnownLine { state: 'draft' | 'finalised' | 'paid' | 'void' }
interface LatePeriod { period: LateUsage['period']; consumerId: string; anchorAt: number; phases: Phase[]; billed: Map<string, string>; present: Map<string, string>; held: readonly HeldCoupon[]; billedLines: BilledLine[] }

function priceLate({ period, consumerId, anchorAt, phases, billed, present, held, billedLines }: LatePeriod): LateUsage {
  const { plan } = phases.at(-1)!;
  const places = minorPlacesOf(plan.currency);
  const counted = codesOf(billedLines);
  const coupons = couponsFor(held, { to: period.to, currency: plan.currency, counted });
  const bill = billPeriod({ period: { from: period.from, to: period.to, kind: 'regular', anchorAt }, phases, usage: [...present].map(([meter, quantity]) => ({ meter, quantity })), coupons });
  const span = `of the period from ${day(period.from)} to ${day(period.to - 1)}, reported late`;
  const lineOf = ({ kind, name, billedMinor, presentMinor }: LateCharge): DraftLine => {
    const shared = { unitPrice: '0', amount: amountText(presentMinor - billedMinor, places), from: period.from, to: period.to, periodId: period.id };
    const amounts = { billedAmount: amountText(billedMinor, places), presentAmount: amountText(presentMinor, places) };
    if (kind === 'coupon') return { ...shared, kind: 'coupon', description: `Coupon ${name} on usage ${span}`, meter: null, quantity: '1', unitPrice: shared.amount, detail: { code: name, ...amounts } };
    const [before, after] = [billed.get(name) ?? '0', present.get(name) ?? '0'];
    return { ...shared, kind: 'late-usage', description: `${name} ${span}`, meter: name, quantity: shortDecimal(subtractDecimals(after, before)), detail: { plan: plan.slug, billed: before, present: after, ...amounts } };
  };
  const lines = priceLateUsage(bill.lines, billedLines, places).map(lineOf);
  const used = codesOf(lines);
  // A bill that was made void gave its coupons back.
  const paidFor = codesOf(billedLines.filter(({ state }) => state !== 'void'));
  return {
    period, consumerId, currency: plan.currency, lines, amountMinor: lines.reduce((sum, { amount }) => sum + scaleDecimal(amount, places), 0n), quantities: new Map(plan.prices.map(({ meter }) => [meter, present.get(meter) ?? '0'])),
    redemptionIds: coupons.filter(({ code }) => used.has(code) && !paidFor.has(code)).map(({ redemptionId }) => redemptionId),
  };
}

/** What was charged for a period, by whichever document, and what was given back because it became cheaper; what people reversed is apart. */
async function readBilledLines(query: Query, { consumerId, periodId }: { consumerId: string; periodId: string }): Promise<BilledLine[]> {
  const rows = await query.selectFrom('invoice_line').innerJoin('invoice', 'invoice.id', 'invoice_line.invoice_id').select(['invoice_line.kind', 'invoice_line.meter', 'invoice_line.amount', 'invoice_line.detail', 'invoice.state'])
    .where('invoice.consumer_id', '=', consumerId).where('invoice_line.kind', '!=', 'reversal').where((eb) => eb.or([eb('invoice_line.period_id', '=', periodId), eb.and([eb('invoice_line.period_id', 'is', null), eb('invoice.period_id', '=', periodId)])])).execute();
  return rows.map(({ detail, ...line }) => ({ ...line, detail: JSON.parse(detail) as Record<string, unknown> }));
}

function shortDecimal(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
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
