// Replayed subscriptions enter as they come; bills by consumer, and what they come to, leave.
import { minorPlacesOf, amountText } from '../../domain/pricing/money.ts';
import type { SimulatedConsumer, SimulatedTotals, SimulationResult } from '../services.ts';
import type { ReplayedPart } from './replay-job.ts';

const subscriptionsNamed = 20;
/** Of each currency: half of them rises, half falls. */
const consumersShown = 1_000;
const risesShown = [0, 5, 10, 20, 30, 50, 100] as const;
const spreadEnds = [-50, -20, -10, -5, 0, 5, 10, 20, 50, 100] as const;

/** What a consumer paid and would pay in one currency, over the window. */
export interface ReplayedBill { consumerId: string; currency: string; plans: Set<string>; subscriptionIds: string[]; subscriptions: number; periods: number; old: bigint; new: bigint; hits: Map<string, number> }

export type NamesOf = (consumerIds: string[]) => Promise<ReadonlyMap<string, string>>;

export interface ReplaySum {
  add(part: ReplayedPart): void;
  /** `bills` are all of them: of each currency the greatest rise first, as the result shows those foremost. `nameOf` asks for the names of those that are shown. */
  finish(rise: number, nameOf: NamesOf): Promise<{ result: SimulationResult; bills: readonly ReplayedBill[] }>;
}

export function openReplaySum(): ReplaySum {
  const bills = new Map<string, ReplayedBill>();
  const limits = new Map<string, { plan: string; limit: string; subscriptions: number }>();
  const leftOut = { trial: 0, otherCurrency: 0, limitUnchecked: 0, keptPlan: 0 };
  return {
    add: (part) => {
      leftOut.trial += part.leftOut.trial;
      leftOut.otherCurrency += part.leftOut.otherCurrency;
      leftOut.limitUnchecked += part.leftOut.limitUnchecked;
      for (const row of part.rows) {
        if (row.kept) leftOut.keptPlan++;
        const key = `${row.consumerId} ${row.currency}`;
        let bill = bills.get(key);
        if (!bill) bills.set(key, bill = { consumerId: row.consumerId, currency: row.currency, plans: new Set(), subscriptionIds: [], subscriptions: 0, periods: 0, old: 0n, new: 0n, hits: new Map() });
        bill.plans.add(row.plan);
        bill.subscriptions++;
        if (bill.subscriptionIds.length < subscriptionsNamed) bill.subscriptionIds.push(row.subscriptionId);
        bill.periods += row.periods;
        bill.old += BigInt(row.old);
        bill.new += BigInt(row.new);
        for (const [limit, windows] of row.hits) {
          bill.hits.set(limit, (bill.hits.get(limit) ?? 0) + windows);
          const hit = limits.get(`${row.plan} ${limit}`) ?? { plan: row.plan, limit, subscriptions: 0 };
          hit.subscriptions++;
          limits.set(`${row.plan} ${limit}`, hit);
        }
      }
    },
    finish: async (rise, nameOf) => {
      const byCurrency = [...Map.groupBy(bills.values(), ({ currency }) => currency)].sort(([, a], [, b]) => b.length - a.length).map(([currency, own]) => [currency, byChange(own)] as const);
      const shown = byCurrency.flatMap(([, own]) => foremost(own));
      const result = {
        totals: byCurrency.map(([currency, own]) => totalsOf(currency, own, rise)),
        consumers: await describeBills(shown, nameOf), consumersTotal: bills.size,
        limits: [...limits.values()].sort((a, b) => b.subscriptions - a.subscriptions), leftOut,
      };
      return { result, bills: byCurrency.flatMap(([, own]) => own) };
    },
  };
}

const changeOf = (bill: ReplayedBill): bigint => bill.new - bill.old;

function byChange(bills: ReplayedBill[]): ReplayedBill[] {
  return bills.toSorted((a, b) => (changeOf(a) === changeOf(b) ? (a.consumerId < b.consumerId ? -1 : 1) : changeOf(a) > changeOf(b) ? -1 : 1));
}

function foremost(sorted: ReplayedBill[]): ReplayedBill[] {
  return sorted.length <= consumersShown ? sorted : [...sorted.slice(0, consumersShown / 2), ...sorted.slice(-consumersShown / 2)];
}

export async function describeBills(bills: readonly ReplayedBill[], nameOf: NamesOf): Promise<SimulatedConsumer[]> {
  const names = await nameOf([...new Set(bills.map(({ consumerId }) => consumerId))]);
  return bills.map((bill) => describe(bill, names.get(bill.consumerId) ?? bill.consumerId));
}

function describe(bill: ReplayedBill, consumerName: string): SimulatedConsumer {
  const places = minorPlacesOf(bill.currency);
  return {
    consumerId: bill.consumerId, consumerName, currency: bill.currency, plans: [...bill.plans].sort(), subscriptionIds: bill.subscriptionIds, periods: bill.periods,
    old: amountText(bill.old, places), new: amountText(bill.new, places), change: amountText(changeOf(bill), places), changePercent: percent(changeOf(bill), bill.old), hits: [...bill.hits].map(([limit, windows]) => ({ limit, windows })),
  };
}

function totalsOf(currency: string, bills: ReplayedBill[], rise: number): SimulatedTotals {
  const places = minorPlacesOf(currency);
  const sum = (part: (bill: ReplayedBill) => bigint): bigint => bills.reduce((total, bill) => total + part(bill), 0n);
  const [before, after] = [sum((bill) => bill.old), sum((bill) => bill.new)];
  const spread = [null, ...spreadEnds].map((from, index) => ({ from, to: spreadEnds[index] ?? null, consumers: 0 }));
  let [losers, winners] = [0, 0];
  for (const bill of bills) {
    if (bill.new > bill.old) losers++;
    if (bill.new < bill.old) winners++;
    const change = bill.old === 0n ? (bill.new === 0n ? 0 : Infinity) : Number(changeOf(bill)) * 100 / Number(bill.old);
    const band = spread.findIndex(({ to }) => to === null || change <= to);
    spread[band]!.consumers++;
  }
  const retention = [rise, ...risesShown.filter((each) => each !== rise)].map((each) => {
    const staying = bills.filter((bill) => !risesBeyond(bill, each));
    const revenue = staying.reduce((total, bill) => total + bill.new, 0n);
    return { rise: each, leaving: bills.length - staying.length, revenue: amountText(revenue, places), percent: percent(revenue, before) };
  });
  return {
    currency, consumers: bills.length, subscriptions: bills.reduce((total, bill) => total + bill.subscriptions, 0), periods: bills.reduce((total, bill) => total + bill.periods, 0),
    old: amountText(before, places), new: amountText(after, places), change: amountText(after - before, places), changePercent: percent(after - before, before), losers, winners, same: bills.length - losers - winners, retention, spread,
  };
}

/** `rise` has at most one place. */
function risesBeyond(bill: ReplayedBill, rise: number): boolean {
  return changeOf(bill) > 0n && changeOf(bill) * 1_000n > bill.old * BigInt(Math.round(rise * 10));
}

/** One place, half away from zero; null of nothing. */
function percent(part: bigint, whole: bigint): string | null {
  if (whole === 0n) return null;
  const size = part < 0n ? -part : part;
  const tenths = (size * 2_000n + whole) / (2n * whole);
  return amountText(part < 0n ? -tenths : tenths, 1);
}
