// The ledger of a period, as bills read it: live calls of one subscription, by meter and operation.
import { sql } from 'kysely';
import { addDecimals } from '../../domain/decimal.ts';
import type { OperationQuantity } from '../../domain/pricing/meter-quantities.ts';
import type { Query } from '../../store/database.ts';
import { isWhole, wholeSum } from '../usage/sum-usage.ts';

const hourMs = 3_600_000;

/**
 * What was used in `[from, to)`, exact whatever the places, in one query. The ledger counts by the hour and belongs to one subscription alone: the hour
 * that `from` falls in is whole, and so is the one that a subscription ended in.
 */
export async function readPeriodUsage(query: Query, { subscriptionId, from, to }: { subscriptionId: string; from: number; to: number }): Promise<OperationQuantity[]> {
  const rows = () => query.selectFrom('usage').where('usage.subscription_id', '=', subscriptionId).where('usage.mode', '=', 'live')
    .where('usage.hour', '>=', Math.floor(from / hourMs) * hourMs).where('usage.hour', '<', to);
  const found = await rows().where(isWhole).select(['usage.meter', 'usage.operation', wholeSum.as('quantity')]).groupBy(['usage.meter', 'usage.operation'])
    .unionAll(rows().where(sql<boolean>`not ${isWhole}`).select(['usage.meter', 'usage.operation', 'usage.quantity']))
    .execute();
  const sums = new Map<string, OperationQuantity>();
  for (const row of found) {
    const name = `${row.meter}\n${row.operation}`;
    const sum = sums.get(name);
    if (sum) sum.quantity = addDecimals(sum.quantity, row.quantity);
    else sums.set(name, row);
  }
  return [...sums.values()].sort((a, b) => (a.meter === b.meter ? (a.operation < b.operation ? -1 : 1) : a.meter < b.meter ? -1 : 1));
}
