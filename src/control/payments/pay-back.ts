// What was paid goes back the way it came: through the provider that collected it, the newest payment first; the rest by other means.
import { decimalText, scaleDecimal } from '../../domain/decimal.ts';
import { minorPlacesOf } from '../../domain/pricing/money.ts';
import type { Query } from '../../store/database.ts';
import { insertPayment } from '../billing/settle-invoice.ts';
import type { InvoiceRow } from '../billing/write-invoice.ts';
import type { ControlDeps } from '../deps.ts';
import { insertCollection } from './payment-rows.ts';

/** Inside the caller's transaction. `amountMinor` is at most what was paid. */
export async function payBack(deps: Pick<ControlDeps, 'clock' | 'random'>, query: Query, invoice: InvoiceRow, { amountMinor, note }: { amountMinor: bigint; note: string }): Promise<void> {
  const places = minorPlacesOf(invoice.currency);
  const rows = await query.selectFrom('payment').select(['id', 'provider', 'state', 'amount', 'refunds_id']).where('invoice_id', '=', invoice.id).orderBy('created_at', 'desc').orderBy('id', 'desc').execute();
  let left = amountMinor;
  for (const { id, provider, state, amount } of rows) {
    if (provider === 'manual' || state !== 'succeeded' || amount.startsWith('-')) continue;
    const back = rows.filter((row) => row.refunds_id === id && row.state !== 'failed' && row.state !== 'cancelled').reduce((sum, row) => sum + scaleDecimal(row.amount, places), 0n);
    const refundable = scaleDecimal(amount, places) + back;
    const part = refundable < left ? refundable : left;
    if (part <= 0n) continue;
    await insertCollection(deps, query, { invoice_id: invoice.id, refunds_id: id, amount: decimalText(-part, places) });
    left -= part;
  }
  if (left > 0n) await insertPayment(deps, query, { invoiceId: invoice.id, amount: decimalText(-left, places), at: deps.clock.now(), note });
}
