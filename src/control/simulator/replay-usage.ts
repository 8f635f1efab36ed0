// What subscriptions used in a period, as the replay asks for it: from the months of the ledger, or where they cannot tell from the ledger itself.
import { sql } from 'kysely';
import type { PriceConfig } from '../../domain/config.ts';
import type { MeterSums } from '../../domain/pricing/compile-plan.ts';
import { meterQuantities, type OperationQuantity } from '../../domain/pricing/meter-quantities.ts';
import { addSums, type MonthSums } from '../../domain/usage-month.ts';
import { windowAt } from '../../domain/window.ts';
import type { Query } from '../../store/database.ts';
import { readPeriodUsage } from '../billing/period-usage.ts';

export interface UsedInPeriod {
  /** By meter; with prices that count named operations, as those prices see it. */
  sums(prices: readonly PriceConfig[] | null): MeterSums;
  requests: number | string;
}
export type Month = [from: number, sums: MonthSums];
export interface BilledPeriod { from: number; to: number; anchorAt: number }

/** Of months in their order. Undefined for a period that begins or ends within a month, or is asked for by operation: the ledger must say. */
export function sumOfMonths(months: readonly Month[], { from, to, anchorAt }: BilledPeriod): MonthSums | undefined {
  const day = new Date(anchorAt).getUTCDate();
  let end = monthEnd(from, day, anchorAt);
  while (end < to) end = monthEnd(end, day, anchorAt);
  if (end !== to) return undefined;
  let sums: MonthSums | undefined;
  for (const [begin, own] of months) {
    if (begin < from || begin >= to) continue;
    sums = sums === undefined ? own : addSums(sums, own);
  }
  return sums ?? {};
}

export function usedByMonths(sums: MonthSums): UsedInPeriod {
  return { sums: () => sums, requests: sums['requests'] ?? 0 };
}

export async function usedByLedger(query: Query, subscriptionId: string, { from, to }: BilledPeriod): Promise<UsedInPeriod> {
  return ofLedger(await readPeriodUsage(query, { subscriptionId, from, to }));
}

/** One row for each subscription: most of what a row costs is its way out of the store. */
export async function readMonths(query: Query, { first, last, from, to }: { first: string; last: string; from: number; to: number }): Promise<Map<string, Month[]>> {
  const rows = await query.selectFrom('usage_month').select(['subscription_id', sql<string>`string_agg('[' || from_at || ',' || sums || ']', ',')`.as('list')])
    .where('subscription_id', '>=', first).where('subscription_id', '<=', last).where('from_at', '>=', from).where('from_at', '<', to).groupBy('subscription_id').execute();
  return bySubscription<Month>(rows);
}

/** `list`: JSON of arrays that begin with a moment, in any order. */
export function bySubscription<Entry extends [number, ...unknown[]]>(rows: readonly { subscription_id: string; list: string }[]): Map<string, Entry[]> {
  return new Map(rows.map(({ subscription_id: id, list }) => [id, (JSON.parse(`[${list}]`) as Entry[]).sort((a, b) => a[0] - b[0])]));
}

function ofLedger(rows: OperationQuantity[]): UsedInPeriod {
  const counted = Object.fromEntries(meterQuantities(rows, []));
  return { sums: (prices) => (prices === null ? counted : Object.fromEntries(meterQuantities(rows, prices))), requests: counted['requests'] ?? 0 };
}

const ends = new Map<number, number>();
const endsKeptMax = 10_000;

/** Infinity where no month of the anchor begins. */
function monthEnd(from: number, day: number, anchorAt: number): number {
  const key = from * 32 + day;
  let end = ends.get(key);
  if (end === undefined) {
    const window = windowAt('period', from, anchorAt);
    end = window.from === from ? window.to : Infinity;
    if (ends.size >= endsKeptMax) ends.clear();
    ends.set(key, end);
  }
  return end;
}
