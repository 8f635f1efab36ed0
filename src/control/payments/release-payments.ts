import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { InvoiceRow } from '../billing/write-invoice.ts';

/**
 * Takes back attempts that have not begun, so that an invoice can be settled in another way. Inside the caller's transaction.
 * @throws AppError `conflict` while money is on its way, or could be paid on an open page
 */
export async function releasePayments(query: Query, { id, number }: Pick<InvoiceRow, 'id' | 'number'>, now: number): Promise<void> {
  const live = (await query.selectFrom('payment').select(['id', 'state', 'reference', 'url', 'amount']).where('invoice_id', '=', id).where('state', 'in', ['pending', 'processing']).execute()).filter(({ amount }) => !amount.startsWith('-'));
  if (live.some(({ state }) => state === 'processing')) throw new AppError('conflict', `${number} is being collected at this moment. Look again when the provider has answered.`);
  if (live.some(({ url }) => url !== null)) throw new AppError('conflict', `A payment page for ${number} is open at the provider. It closes half an hour after it was opened.`);
  if (live.length > 0) await query.updateTable('payment').set({ state: 'cancelled', next_attempt_at: null, updated_at: now }).where('id', 'in', live.map((row) => row.id)).execute();
}
