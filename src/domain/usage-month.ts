// The ledger summed by billing month: live usage of a subscription by meter, in the months of its anchor.
import { addQuantity, readQuantity, type Quantity } from './quantity.ts';
import { windowAt } from './window.ts';

/** By meter. As JSON it is what `usage_month.sums` holds. */
export type MonthSums = Record<string, Quantity>;
export interface MonthRow { subscription_id: string; from_at: number; sums: string }

/** Sums by the month that each row of the ledger falls in. @param anchorMs as the subscription has it; 0, which makes calendar months, for one that is not known */
export function sumMonths(rows: Iterable<{ meter: string; hour: number; quantity: string }>, anchorMs: number, months = new Map<number, MonthSums>()): Map<number, MonthSums> {
  let [from, to] = [Infinity, -Infinity];
  let sums: MonthSums = {};
  for (const { meter, hour, quantity } of rows) {
    if (hour < from || hour >= to) {
      ({ from, to } = windowAt('period', hour, anchorMs));
      const known = months.get(from);
      sums = known ?? {};
      if (known === undefined) months.set(from, sums);
    }
    sums[meter] = addQuantity(sums[meter] ?? 0, readQuantity(quantity));
  }
  return months;
}

export function addSums(a: MonthSums, b: MonthSums): MonthSums {
  const sum = { ...a };
  for (const meter of Object.keys(b)) sum[meter] = addQuantity(sum[meter] ?? 0, b[meter]!);
  return sum;
}

export function monthRows(subscriptionId: string, months: ReadonlyMap<number, MonthSums>): MonthRow[] {
  return [...months].map(([from, sums]) => ({ subscription_id: subscriptionId, from_at: from, sums: JSON.stringify(sums) }));
}
