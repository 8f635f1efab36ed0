// What subscriptions used in a period, as the replay asks for it: from the months of the ledger, or where they cannot tell from the ledger itself.
import type { PriceConfig } from '../../domain/config.ts';
import type { MeterSums } from '../../domain/pricing/compile-plan.ts';
import { meterQuantities, type OperationQuantity } from '../../domain/pricing/meter-quantities.ts';
import { addSums, type MonthRow, type MonthSums } from '../../domain/usage-month.ts';
import { windowAt } from '../../domain/window.ts';
import type { Query } from '../../store/database.ts';
import { readPeriodUsage } from '../billing/period-usage.ts';

export interface UsedInPeriod {
  /** By meter; with prices that count named operations, as those prices see it. */
  sums(prices: readonly PriceConfig[] | null): MeterSums;
  requests: number | string;
}
export interface BilledPeriod { from: number; to: number; anchorAt: number }

/** Of months in their order. Undefined for a period that begins or ends within a month, or is asked for by operation: the ledger must say. */
export function sumOfMonths(months: readonly MonthRow[], { from, to, anchorAt }: BilledPeriod): MonthSums | undefined {
  const day = new Date(anchorAt).getUTCDate();
  let end = monthEnd(from, day, anchorAt);
  while (end < to) end = monthEnd(end, day, anchorAt);
  if (end !== to) return undefined;
  let sums: MonthSums | undefined;
  for (const month of months) {
    if (month.from_at < from || month.from_at >= to) continue;
    const own = JSON.parse(month.sums) as MonthSums;
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

export function readMonths(query: Query, { first, last, from, to }: { first: string; last: string; from: number; to: number }): Promise<MonthRow[]> {
  return query.selectFrom('usage_month').select(['subscription_id', 'from_at', 'sums']).where('subscription_id', '>=', first).where('subscription_id', '<=', last)
    .where('from_at', '>=', from).where('from_at', '<', to).orderBy('subscription_id').orderBy('from_at').execute();
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
