import { monthRows, sumMonths } from '../../domain/usage-month.ts';
import type { Query } from '../../store/database.ts';

const rowsAtOnce = 200;

/** A subscription's months follow its anchor: in the transaction that moves it, they are summed from the ledger again. */
export async function sumMonthsAnew(query: Query, { subscriptionId, anchorAt }: { subscriptionId: string; anchorAt: number }): Promise<void> {
  await query.deleteFrom('usage_month').where('subscription_id', '=', subscriptionId).execute();
  const ledger = await query.selectFrom('usage').select(['meter', 'hour', 'quantity']).where('subscription_id', '=', subscriptionId).where('mode', '=', 'live').orderBy('hour').execute();
  const rows = monthRows(subscriptionId, sumMonths(ledger, anchorAt));
  for (let start = 0; start < rows.length; start += rowsAtOnce) await query.insertInto('usage_month').values(rows.slice(start, start + rowsAtOnce)).execute();
}
