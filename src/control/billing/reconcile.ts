// Gateway count = ledger = invoiced: three counts of the same calls, by period and meter, and the money that they came to.
import { compareDecimals, decimalText, scaleDecimal, subtractDecimals } from '../../domain/decimal.ts';
import { meterQuantities, type OperationQuantity } from '../../domain/pricing/meter-quantities.ts';
import { minorPlacesOf } from '../../domain/pricing/money.ts';
import type { MeterTotal } from '../../events/event-store.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import type { ReconciledMeter, ReconciledMoney, Reconciliation } from '../services.ts';
import { parsePlace, placeText } from './list-invoices.ts';
import { readPeriodUsage } from './period-usage.ts';
import { countsAsPaid } from './settle-invoice.ts';
import { readPhases } from './reckon-period.ts';

type Deps = Pick<ControlDeps, 'database' | 'events' | 'clock' | 'config'>;
export interface ReconcileInput { consumerId: string | undefined; from: number; to: number; differing: boolean; cursor: string | undefined; limit: number | undefined }

const periodsMax = 500;
const subscriptionsAtOnce = 200;
const dayMs = 86_400_000;

/** Periods that touch [from, to), newest first. Where events are no longer kept for the whole of a period, the gateway's count is null. */
export async function reconcile({ database, events, clock, config }: Deps, { consumerId, from, to, differing, cursor, limit = periodsMax }: ReconcileInput): Promise<Reconciliation> {
  const { kysely } = database;
  if (!Number.isInteger(limit) || limit < 1 || limit > periodsMax) throw new AppError('input_invalid', `Between 1 and ${periodsMax} periods are compared at once.`, { errors: [{ pointer: '/limit', detail: `must be a whole number from 1 to ${periodsMax}` }] });
  const found = await listPeriods(kysely, { consumerId, from, to, cursor, limit });
  const periods = found.slice(0, limit);
  const last = found.length > limit ? periods.at(-1)! : undefined;
  const keptSince = clock.now() - config.eventRetentionDays * dayMs;
  const gateway = await readGatewayCounts(events, periods.filter((period) => period.from_at >= keptSince));
  const billed = await readBilled(kysely, periods.map(({ id }) => id));
  const meters: ReconciledMeter[] = [];
  for (const period of periods) {
    const { subscription_id: subscriptionId, from_at: periodFrom, to_at: periodTo } = period;
    const { prices } = (await readPhases(kysely, { subscriptionId, from: periodFrom, to: periodTo })).at(-1)!.plan;
    const ledger = meterQuantities(await readPeriodUsage(kysely, { subscriptionId, from: periodFrom, to: periodTo }), prices);
    const events = gateway.get(period.id);
    const counted = events && meterQuantities(events, prices);
    meters.push(...compare(period, { ledger, counted, billed: period.state === 'billed' && period.kind === 'regular' ? (billed.get(period.id) ?? new Map()) : undefined }));
  }
  const rows = meters.filter((row) => !differing || differs(row));
  return { meters: rows, money: await reconcileMoney(kysely, { consumerId, from, to }), differing: meters.filter(differs).length, nextCursor: last === undefined ? null : placeText(last.from_at, last.id) };
}

export function differs(row: ReconciledMeter): boolean {
  return [row.gatewayLessLedger, row.ledgerLessInvoiced].some((difference) => difference !== null && compareDecimals(difference, '0') !== 0);
}

type PeriodRow = Awaited<ReturnType<typeof listPeriods>>[number];

async function listPeriods(query: Query, { consumerId, from, to, cursor, limit }: Omit<ReconcileInput, 'differing' | 'limit'> & { limit: number }) {
  let rows = query.selectFrom('billing_period').innerJoin('subscription', 'subscription.id', 'billing_period.subscription_id').innerJoin('consumer', 'consumer.id', 'subscription.consumer_id').innerJoin('product', 'product.id', 'subscription.product_id')
    .leftJoin('invoice', 'invoice.id', 'billing_period.invoice_id')
    .select(['billing_period.id', 'billing_period.subscription_id', 'billing_period.kind', 'billing_period.from_at', 'billing_period.to_at', 'billing_period.state', 'consumer.id as consumer_id', 'consumer.name as consumer_name', 'product.slug as product_slug', 'invoice.number'])
    .where('billing_period.from_at', '<', to).where('billing_period.to_at', '>', from);
  if (consumerId !== undefined) rows = rows.where('subscription.consumer_id', '=', consumerId);
  if (cursor !== undefined) {
    const [at, id] = parsePlace(cursor, 'number') as [number, string];
    rows = rows.where((eb) => eb.or([eb('billing_period.from_at', '<', at), eb.and([eb('billing_period.from_at', '=', at), eb('billing_period.id', '>', id)])]));
  }
  return rows.orderBy('billing_period.from_at', 'desc').orderBy('billing_period.id').limit(limit + 1).execute();
}

/** One question to the event store for all periods of the same days. */
async function readGatewayCounts(events: Deps['events'], periods: PeriodRow[]): Promise<Map<string, OperationQuantity[]>> {
  const counts = new Map<string, OperationQuantity[]>(periods.map(({ id }) => [id, []]));
  for (const group of Map.groupBy(periods, ({ from_at: from, to_at: to }) => `${from}-${to}`).values()) {
    const { from_at: from, to_at: to } = group[0]!;
    const periodOf = new Map(group.map((period) => [period.subscription_id, period.id]));
    for (let start = 0; start < group.length; start += subscriptionsAtOnce) {
      const totals: MeterTotal[] = await events.meterTotals({ subscriptionIds: group.slice(start, start + subscriptionsAtOnce).map((period) => period.subscription_id), from, to });
      for (const { subscriptionId, meter, operation, quantity } of totals) counts.get(periodOf.get(subscriptionId)!)!.push({ meter, operation, quantity });
    }
  }
  return counts;
}

async function readBilled(query: Query, periodIds: string[]): Promise<Map<string, Map<string, string>>> {
  if (periodIds.length === 0) return new Map();
  const rows = await query.selectFrom('billed_usage').select(['period_id', 'meter', 'quantity']).where('period_id', 'in', periodIds).execute();
  return new Map([...Map.groupBy(rows, (row) => row.period_id)].map(([id, group]) => [id, new Map(group.map(({ meter, quantity }) => [meter, quantity]))]));
}

function compare(period: PeriodRow, { ledger, counted, billed }: { ledger: Map<string, string>; counted: Map<string, string> | undefined; billed: Map<string, string> | undefined }): ReconciledMeter[] {
  const names = [...new Set([...ledger.keys(), ...(counted?.keys() ?? []), ...(billed?.keys() ?? [])])].sort();
  return names.map((meter) => {
    const inLedger = ledger.get(meter) ?? '0';
    const gateway = counted === undefined ? null : (counted.get(meter) ?? '0');
    // What has no price is counted and not billed.
    const invoiced = billed?.get(meter) ?? null;
    return {
      consumerId: period.consumer_id, consumerName: period.consumer_name, subscriptionId: period.subscription_id, productSlug: period.product_slug,
      period: { id: period.id, kind: period.kind, from: period.from_at, to: period.to_at, state: period.state }, invoiceNumber: period.number, meter, gateway, ledger: inLedger, invoiced,
      gatewayLessLedger: gateway === null ? null : subtractDecimals(gateway, inLedger), ledgerLessInvoiced: invoiced === null ? null : subtractDecimals(inLedger, invoiced),
    };
  });
}

/** Of documents finalised in [from, to), by currency. */
async function reconcileMoney(query: Query, { consumerId, from, to }: Pick<ReconcileInput, 'consumerId' | 'from' | 'to'>): Promise<ReconciledMoney[]> {
  const chosen = () => {
    const rows = query.selectFrom('invoice').where('invoice.finalised_at', '>=', from).where('invoice.finalised_at', '<', to).where('invoice.state', '!=', 'void').where('invoice.kind', '=', 'invoice');
    return consumerId === undefined ? rows : rows.where('invoice.consumer_id', '=', consumerId);
  };
  const invoices = await chosen().select(['id', 'currency', 'total', 'credit', 'due', 'state']).execute();
  const notes = await query.selectFrom('invoice as note').select(['note.corrects_invoice_id', 'note.currency', 'note.total', 'note.credit']).where('note.corrects_invoice_id', 'in', chosen().select('invoice.id')).execute();
  const payments = await query.selectFrom('payment').select(['invoice_id', 'amount']).where(countsAsPaid).where('invoice_id', 'in', chosen().select('invoice.id')).execute();
  const currencyOf = new Map(invoices.map(({ id, currency }) => [id, currency]));
  const unpaid = new Set(invoices.filter(({ state }) => state === 'finalised').map(({ id }) => id));
  return [...new Set(invoices.map(({ currency }) => currency))].sort().map((currency) => {
    const places = minorPlacesOf(currency);
    const sum = (texts: string[]): bigint => texts.reduce((total, text) => total + scaleDecimal(text, places), 0n);
    const [own, ownNotes] = [invoices.filter((row) => row.currency === currency), notes.filter((row) => row.currency === currency)];
    const invoiced = sum([...own, ...ownNotes].map(({ total }) => total));
    const credit = sum([...own, ...ownNotes].map((row) => row.credit));
    const paid = sum(payments.filter((row) => currencyOf.get(row.invoice_id) === currency).map(({ amount }) => amount));
    // A settled invoice owes nothing, whatever the sums say: what they do not explain shows as the difference.
    const open = sum(own.filter(({ state }) => state === 'finalised').map(({ due }) => due)) + sum(ownNotes.filter((note) => unpaid.has(note.corrects_invoice_id!)).map(({ total, credit: back }) => decimalText(scaleDecimal(total, places) - scaleDecimal(back, places), places)))
      - sum(payments.filter((row) => unpaid.has(row.invoice_id) && currencyOf.get(row.invoice_id) === currency).map(({ amount }) => amount));
    const text = (minor: bigint): string => decimalText(minor, places);
    return { currency, invoiced: text(invoiced), credit: text(credit), paid: text(paid), open: text(open), difference: text(invoiced - credit - paid - open) };
  });
}
