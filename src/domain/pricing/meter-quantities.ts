// Rows of the ledger enter; quantities by meter leave: those that it counts, and those that a plan's prices derive from them.
import type { MeterConfig, MeterSource, PlanConfig, PriceConfig } from '../config.ts';
import { addDecimals } from '../decimal.ts';

/** Exact decimal text. `operation` is '' for what belongs to none. */
export interface OperationQuantity { meter: string; operation: string; quantity: string }

/** A derived meter without a row has 0. */
export function meterQuantities(rows: readonly OperationQuantity[], prices: readonly PriceConfig[]): Map<string, string> {
  const sums = new Map<string, string>();
  const add = (meter: string, quantity: string): void => void sums.set(meter, addDecimals(sums.get(meter) ?? '0', quantity));
  const derived = prices.filter(({ source }) => source !== undefined);
  for (const row of rows) {
    add(row.meter, row.quantity);
    for (const price of derived) if (isOfSource(row, price.source!)) add(price.meter, row.quantity);
  }
  return sums;
}

export function isOfSource({ meter, operation }: { meter: string; operation: string }, source: MeterSource): boolean {
  return meter === source.meter && (source.operations === null || source.operations.includes(operation));
}

export function sourceOf({ meter, source }: Pick<PriceConfig, 'meter' | 'source'>): MeterSource {
  return source ?? { meter, operations: null };
}

/** The plan with what its priced meters are sums of, as the product defines them now. */
export function withSources<Plan extends Pick<PlanConfig, 'prices'>>(plan: Plan, meters: readonly MeterConfig[]): Plan {
  const sources = new Map(meters.flatMap((meter): [string, MeterSource][] => ('operations' in meter ? [[meter.name, { meter: meter.only ?? 'requests', operations: meter.operations }]] : [])));
  return { ...plan, prices: plan.prices.map(({ source: _former, ...price }) => {
    const source = sources.get(price.meter);
    return source === undefined ? price : { ...price, source };
  }) };
}
