import { sql } from 'kysely';
import { addDecimals } from '../../domain/decimal.ts';
import type { Mode } from '../../domain/key.ts';
import type { Query } from '../../store/database.ts';

export interface UsageFilter {
  consumerId?: string | undefined;
  productId?: string | undefined;
  subscriptionId?: string | undefined;
  meter?: string;
  mode?: Mode;
  /** ms UTC, half-open. The ledger counts by the hour: the hour that `from` falls in is whole. */
  from: number;
  to: number;
}

const hourMs = 3_600_000;
/** Whole numbers of up to this many digits are summed by the store; a sum of them fits 64 bits. */
const digitsMax = 12;

/** Rows of the ledger that the filter chooses. */
export function usageRows(query: Query, filter: UsageFilter) {
  let rows = query
    .selectFrom('usage')
    .innerJoin('subscription', 'subscription.id', 'usage.subscription_id')
    .where('usage.hour', '>=', Math.floor(filter.from / hourMs) * hourMs)
    .where('usage.hour', '<', filter.to);
  if (filter.consumerId !== undefined) rows = rows.where('subscription.consumer_id', '=', filter.consumerId);
  if (filter.productId !== undefined) rows = rows.where('subscription.product_id', '=', filter.productId);
  if (filter.subscriptionId !== undefined) rows = rows.where('subscription.id', '=', filter.subscriptionId);
  if (filter.meter !== undefined) rows = rows.where('usage.meter', '=', filter.meter);
  if (filter.mode !== undefined) rows = rows.where('usage.mode', '=', filter.mode);
  return rows;
}

/** Of the table `usage`. */
export const isWhole = sql<boolean>`(usage.quantity not like '%.%' and length(usage.quantity) <= ${sql.lit(digitsMax)})`;
/** As text: a number of JavaScript would round it. */
export const wholeSum = sql<string>`cast(coalesce(sum(case when ${isWhole} then cast(usage.quantity as bigint) else 0 end), 0) as text)`;

/** Quantity by meter, operation, version and mode: exact, whatever the places. */
export async function sumByOperation(query: Query, filter: UsageFilter): Promise<{ meter: string; operation: string; version: string; mode: Mode; quantity: string }[]> {
  const sums = await usageRows(query, filter)
    .select(['usage.meter', 'usage.operation', 'usage.version', 'usage.mode', wholeSum.as('quantity')])
    .groupBy(['usage.meter', 'usage.operation', 'usage.version', 'usage.mode'])
    .orderBy('usage.meter').orderBy('usage.operation').orderBy('usage.version').orderBy('usage.mode')
    .execute();
  const others = await usageRows(query, filter).where(sql<boolean>`not ${isWhole}`).select(['usage.meter', 'usage.operation', 'usage.version', 'usage.mode', 'usage.quantity']).execute();
  const byName = new Map(sums.map((row) => [nameOf(row), row]));
  for (const row of others) {
    const sum = byName.get(nameOf(row))!;
    sum.quantity = addDecimals(sum.quantity, row.quantity);
  }
  return sums;
}

/** Sum of a meter that counts whole units. */
export async function sumWhole(query: Query, filter: UsageFilter): Promise<number> {
  return Number((await usageRows(query, filter).select(wholeSum.as('quantity')).executeTakeFirstOrThrow()).quantity);
}

function nameOf(row: { meter: string; operation: string; version: string; mode: string }): string {
  return [row.meter, row.operation, row.version, row.mode].join('\n');
}
