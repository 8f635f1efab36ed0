// Rows of a breakdown, as a plot and a table want them.
import type { CallBreakdownRow, CallDimension } from '../../../control/services.ts';

export interface BreakdownSeries { key: string; value: string | null; name: string | null; rest: boolean; values: number[] }

/** One series per value, in the order of their sums, the rest last. */
export function seriesOf(rows: CallBreakdownRow[], buckets: number[]): BreakdownSeries[] {
  const place = new Map(buckets.map((bucket, index) => [bucket, index]));
  const series = new Map<string, BreakdownSeries>();
  for (const { bucket, value, name, rest, count } of rows) {
    const key = rest ? 'rest' : `is ${value ?? ''}`;
    const one = series.get(key) ?? { key, value, name, rest, values: buckets.map(() => 0) };
    series.set(key, one);
    const index = place.get(bucket);
    if (index !== undefined) one.values[index]! += count;
  }
  const sum = ({ values }: BreakdownSeries): number => values.reduce((total, value) => total + value, 0);
  return [...series.values()].sort((a, b) => Number(a.rest) - Number(b.rest) || sum(b) - sum(a));
}

export interface BreakdownTotal { key: string; value: string | null; name: string | null; rest: boolean; count: number; before: number; failed: number; p95: number | null }

/** Rows of one bucket each, beside those of the range before. The rests are not of the same values, so they are not compared. */
export function totalsOf(now: CallBreakdownRow[], before: CallBreakdownRow[]): BreakdownTotal[] {
  const earlier = new Map(before.filter(({ rest }) => !rest).map(({ value, count }) => [value, count]));
  return now.map(({ value, name, rest, count, failed, p95 }) => ({ key: rest ? 'rest' : `is ${value ?? ''}`, value, name, rest, count, before: rest ? 0 : (earlier.get(value) ?? 0), failed, p95 }));
}

/** Which of the address's parameters chooses the calls of a row. */
export const filterOf: Record<CallDimension, string> = { status: 'status', operation: 'operation', key: 'key', version: 'version', mode: 'mode', product: 'product', consumer: 'consumer', code: 'code' };
