// Which invoices are collected, and when: those that are finalised once there is a method, and declined ones again on their schedule.
import { decimalText } from '../../domain/decimal.ts';
import type { Query } from '../../store/database.ts';
import { readBalance } from '../billing/settle-invoice.ts';
import { getInvoiceRow } from '../billing/write-invoice.ts';
import { getPayment, insertCollection, provider, refreshPaymentState, type PaymentDeps } from './payment-rows.ts';

const rowsMax = 200;
const busyMs = 1_800_000;
type Deps = Pick<PaymentDeps, 'database' | 'clock' | 'random'>;

/** Begins an attempt for each invoice that is due to be collected. May be killed and repeated. */
export async function beginCollections(deps: Deps): Promise<void> {
  const { kysely } = deps.database;
  for (let after = ''; ;) {
    const rows = await kysely.selectFrom('invoice').innerJoin('payment_customer', 'payment_customer.consumer_id', 'invoice.consumer_id').select('invoice.id')
      .where('invoice.state', '=', 'finalised').where('invoice.payment_state', '=', 'none').where('payment_customer.provider', '=', provider).where('payment_customer.method', 'is not', null).where('invoice.id', '>', after).orderBy('invoice.id').limit(rowsMax).execute();
    for (const { id } of rows) await deps.database.transaction((query) => beginCollection(deps, query, id));
    if (rows.length < rowsMax) break;
    after = rows.at(-1)!.id;
  }
  for (;;) {
    const rows = await kysely.selectFrom('payment').select('id').where('provider', '=', provider).where('state', '=', 'failed').where('next_attempt_at', '<=', deps.clock.now()).orderBy('next_attempt_at').limit(rowsMax).execute();
    for (const { id } of rows) {
      await deps.database.transaction(async (query) => {
        const row = await getPayment(query, id);
        if (row.next_attempt_at === null) return;
        const busy = await beginCollection(deps, query, row.invoice_id) === 'busy';
        await query.updateTable('payment').set({ next_attempt_at: busy ? deps.clock.now() + busyMs : null }).where('id', '=', id).execute();
        await refreshPaymentState(query, await getInvoiceRow(query, row.invoice_id));
      });
    }
    if (rows.length < rowsMax) return;
  }
}

/** Nothing where there is nothing open; `busy` where an attempt lives, such as an open page. */
async function beginCollection(deps: Deps, query: Query, invoiceId: string): Promise<'busy' | undefined> {
  const invoice = await getInvoiceRow(query, invoiceId);
  const { openMinor, places } = await readBalance(query, invoice);
  const live = await query.selectFrom('payment').select('id').where('invoice_id', '=', invoiceId).where('state', 'in', ['pending', 'processing']).where('refunds_id', 'is', null).limit(1).execute();
  if (invoice.state !== 'finalised' || openMinor <= 0n) return undefined;
  if (live.length > 0) return 'busy';
  await insertCollection(deps, query, { invoice_id: invoiceId, amount: decimalText(openMinor, places) });
  await refreshPaymentState(query, invoice);
  return undefined;
}
