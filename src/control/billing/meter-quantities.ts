import { addDecimals } from '../../domain/decimal.ts';
import type { Query } from '../../store/database.ts';
import type { OperationQuantity } from './period-usage.ts';

/** Rows of the ledger as quantities by meter: those that it counts, and those that the product derives from them. */
export async function meterQuantities(_query: Query, _subscriptionId: string, rows: readonly OperationQuantity[]): Promise<Map<string, string>> {
  const sums = new Map<string, string>();
  for (const { meter, quantity } of rows) sums.set(meter, addDecimals(sums.get(meter) ?? '0', quantity));
  return sums;
}

/** The meter of the ledger that a meter is counted by, and the operations that count; null: all. */
export interface MeterSource { meter: string; operations: string[] | null }

export async function sourceOfMeter(_query: Query, _subscriptionId: string, meter: string): Promise<MeterSource> {
  return { meter, operations: null };
}
