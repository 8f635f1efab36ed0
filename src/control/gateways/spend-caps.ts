// Spend caps on their way to the gateways: only entries of keys whose subscription has one carry anything.
import { nextPeriod } from '../../domain/billing-period.ts';
import { addDecimals, decimalText, scaleDecimal } from '../../domain/decimal.ts';
import { minorPlacesOf } from '../../domain/pricing/money.ts';
import { windowAt } from '../../domain/window.ts';
import type { CredentialEntry, SpendCap } from '../../snapshot/snapshot.ts';
import type { Query } from '../../store/database.ts';
import { readPeriodUsage } from '../billing/period-usage.ts';
import { readPhases, type Phase } from '../billing/reckon-period.ts';
import { estimate } from '../subscriptions/running-bill.ts';

/** The same entries, those of live keys with the caps of their subscriptions. */
export async function withSpendCaps(query: Query, entries: CredentialEntry[], now: number): Promise<CredentialEntry[]> {
  const ids = new Set(entries.flatMap(({ mode, subscriptions }) => (mode === 'live' ? subscriptions.map(({ subscriptionId }) => subscriptionId) : [])));
  if (ids.size === 0) return entries;
  const capped = await query.selectFrom('subscription').innerJoin('billing_period', 'billing_period.subscription_id', 'subscription.id')
    .select(['subscription.id', 'subscription.anchor_at', 'subscription.spend_cap', 'billing_period.kind', 'billing_period.from_at', 'billing_period.to_at'])
    .where('subscription.id', 'in', [...ids]).where('subscription.spend_cap', 'is not', null).where('subscription.state', '=', 'active').where('billing_period.state', '=', 'open').execute();
  if (capped.length === 0) return entries;
  const caps = new Map<string, SpendCap>();
  for (const row of capped) caps.set(row.id, await readSpendCap(query, row, now));
  return entries.map((entry) => (entry.mode !== 'live' ? entry : { ...entry, subscriptions: entry.subscriptions.map((subscription) => {
    const spendCap = caps.get(subscription.subscriptionId);
    return spendCap === undefined ? subscription : { ...subscription, spendCap };
  }) }));
}

interface Capped { id: string; anchor_at: number; spend_cap: string | null; kind: 'trial' | 'regular'; from_at: number; to_at: number }

async function readSpendCap(query: Query, row: Capped, now: number): Promise<SpendCap> {
  const period = { from: row.from_at, to: row.to_at };
  const phases = await readPhases(query, { subscriptionId: row.id, ...period });
  const { currency, prices, interval } = phases.at(-1)!.plan;
  const month = windowAt('period', Math.min(Math.max(now, period.from), period.to - 1), row.anchor_at);
  const used = row.kind === 'trial' ? [] : await readPeriodUsage(query, { subscriptionId: row.id, ...period });
  const wanted = new Set([...prices.map(({ meter }) => meter).filter((meter) => meter !== 'requests'), ...prices.flatMap(({ source }) => source?.meter ?? [])]);
  const before = month.from <= period.from ? [] : await readPeriodUsage(query, { subscriptionId: row.id, from: period.from, to: month.from });
  const next = nextPeriod(row.anchor_at, interval ?? 'month', period.to);
  return {
    currency, amount: row.spend_cap!, ...period, fees: row.kind === 'trial' ? null : feesOf(phases, { ...period, anchorAt: row.anchor_at }), nextFees: feesOf([{ plan: phases.at(-1)!.plan, from: next.from, to: null }], { ...next, anchorAt: row.anchor_at }), prices,
    requestsBefore: Number(before.filter(({ meter }) => meter === 'requests').reduce((sum, { quantity }) => addDecimals(sum, quantity), '0')), month: month.ordinal, used: used.filter(({ meter }) => wanted.has(meter)),
  };
}

/** Whatever is used. */
function feesOf(phases: readonly Phase[], period: { from: number; to: number; anchorAt: number }): string {
  const { currency, lines } = estimate({ period: { kind: 'regular', ...period }, held: [] }, phases, new Map());
  const places = minorPlacesOf(currency);
  return decimalText(lines.filter(({ kind }) => kind === 'fee' || kind === 'proration').reduce((sum, { amount }) => sum + scaleDecimal(amount, places), 0n), places);
}
