// What subscriptions used in a period, as the replay asks for it.
import type { PriceConfig } from '../../domain/config.ts';
import type { MeterSums } from '../../domain/pricing/compile-plan.ts';
import { meterQuantities, type OperationQuantity } from '../../domain/pricing/meter-quantities.ts';
import type { Query } from '../../store/database.ts';
import { readPeriodUsage } from '../billing/period-usage.ts';

export interface UsedInPeriod {
  /** By meter; with prices that count named operations, as those prices see it. */
  sums(prices: readonly PriceConfig[] | null): MeterSums;
  requests: number | string;
}
export type PeriodSums = (subscription: { id: string }, period: { from: number; to: number; anchorAt: number }, byOperation: boolean) => Promise<UsedInPeriod>;

export async function openUsage(query: Query, _job: object, _ends: object): Promise<PeriodSums> {
  return async ({ id }, { from, to }) => ofLedger(await readPeriodUsage(query, { subscriptionId: id, from, to }));
}

function ofLedger(rows: OperationQuantity[]): UsedInPeriod {
  const counted = Object.fromEntries(meterQuantities(rows, []));
  return { sums: (prices) => (prices === null ? counted : Object.fromEntries(meterQuantities(rows, prices))), requests: counted['requests'] ?? 0 };
}
