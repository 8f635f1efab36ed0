// Payments as the store keeps them: one row for each attempt to collect an invoice, or to pay something of it back. A row ends once, and what ended stays.
import type { Selectable } from 'kysely';
import { newId } from '../../domain/id.ts';
import type { Query } from '../../store/database.ts';
import type { Tables } from '../../store/tables.ts';
import { setPaymentState, type InvoiceRow } from '../billing/write-invoice.ts';
import type { ControlDeps } from '../deps.ts';
import type { Collecting } from './payment-provider.ts';

export type PaymentRow = Selectable<Tables['payment']>;
export type PaymentDeps = Pick<ControlDeps, 'database' | 'clock' | 'random' | 'log' | 'config'> & { collecting: Collecting };

export const provider = 'stripe';
const dayMs = 86_400_000;
/** From a declined attempt to the next; after the last the invoice is uncollectible. */
export const retryAfterMs = [3 * dayMs, 5 * dayMs, 7 * dayMs];

/** What was not answered is asked again after these, in milliseconds. */
export function waitAfter(attempts: number): number {
  return Math.min(15_000 * 2 ** Math.max(attempts - 1, 0), 6 * 3_600_000);
}

export async function getPayment(query: Query, id: string): Promise<PaymentRow> {
  return query.selectFrom('payment').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

/** Due at once, or when it is given. */
export async function insertCollection({ clock, random }: Pick<ControlDeps, 'clock' | 'random'>, query: Query, payment: Pick<PaymentRow, 'invoice_id' | 'amount'> & Partial<Pick<PaymentRow, 'refunds_id' | 'reference' | 'url' | 'next_attempt_at'>> & { id?: string }): Promise<string> {
  const now = clock.now();
  const id = payment.id ?? newId('payment', now, random);
  await query.insertInto('payment').values({ refunds_id: null, reference: null, url: null, next_attempt_at: now, ...payment, id, provider, state: 'pending', attempts: 0, error: null, created_at: now, updated_at: now }).execute();
  return id;
}

/** Attempts to collect, oldest first; what was paid back is left out. */
export async function listAttempts(query: Query, invoiceId: string): Promise<PaymentRow[]> {
  const rows = await query.selectFrom('payment').selectAll().where('invoice_id', '=', invoiceId).where('provider', '=', provider).orderBy('created_at').orderBy('id').execute();
  return rows.filter(({ amount }) => !amount.startsWith('-'));
}

/** Sets the invoice's payment state to what its attempts say. A settled invoice keeps its own. */
export async function refreshPaymentState(query: Query, invoice: Pick<InvoiceRow, 'id' | 'state'>): Promise<void> {
  if (invoice.state === 'finalised') await setPaymentState(query, invoice.id, stateOf(await listAttempts(query, invoice.id)));
}

function stateOf(attempts: PaymentRow[]): InvoiceRow['payment_state'] {
  const [processing, pending] = (['processing', 'pending'] as const).map((state) => attempts.some((row) => row.state === state));
  if (processing) return 'processing';
  if (pending) return 'pending';
  const last = attempts.findLast(({ state }) => state === 'failed');
  if (last === undefined) return 'none';
  return last.next_attempt_at === null && declined(attempts) > retryAfterMs.length ? 'uncollectible' : 'failed';
}

export function declined(attempts: PaymentRow[]): number {
  return attempts.filter(({ state }) => state === 'failed').length;
}
