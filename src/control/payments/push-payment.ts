// Brings one payment forward at the provider. What is prepared there costs nothing; its reference is committed before it is charged, and it is charged once:
// so whoever is killed between any two steps, and goes on however late, makes no second charge.
import { decimalText } from '../../domain/decimal.ts';
import type { Query } from '../../store/database.ts';
import { readBalance } from '../billing/settle-invoice.ts';
import { getInvoiceRow, type InvoiceRow } from '../billing/write-invoice.ts';
import { applyReport } from './apply-report.ts';
import { ProviderFault, type Collection, type CollectionReport } from './payment-provider.ts';
import { declined, getPayment, listAttempts, provider, refreshPaymentState, waitAfter, type PaymentDeps, type PaymentRow } from './payment-rows.ts';

/** Longer than any request to the provider: until then it belongs to whoever claimed it. */
const claimMs = 120_000;

interface Claimed { row: PaymentRow; invoice: InvoiceRow; customer: string | null; method: string | null }

export async function pushPayment(deps: PaymentDeps, id: string): Promise<void> {
  const claimed = await deps.database.transaction((query) => claim(deps, query, id));
  if (claimed === undefined) return;
  try {
    const report = await bringForward(deps, claimed);
    if (report) await deps.database.transaction((query) => applyReport(deps, query, id, report));
  } catch (error) {
    await giveBack(deps, claimed, error);
  }
}

/** Undefined where nothing is to be done, or where the attempt ended because nothing is left to collect. */
async function claim(deps: PaymentDeps, query: Query, id: string): Promise<Claimed | undefined> {
  const now = deps.clock.now();
  const row = await getPayment(query, id);
  if ((row.state !== 'pending' && row.state !== 'processing') || row.next_attempt_at === null || row.next_attempt_at > now) return undefined;
  const invoice = await getInvoiceRow(query, row.invoice_id);
  const payer = await query.selectFrom('payment_customer').select(['reference', 'method']).where('consumer_id', '=', invoice.consumer_id).where('provider', '=', provider).executeTakeFirst();
  const claimed = { attempts: row.attempts + 1, next_attempt_at: now + claimMs, updated_at: now };
  const begins = row.state === 'pending' && row.refunds_id === null && row.url === null;
  if (begins) {
    const { openMinor, places } = await readBalance(query, invoice);
    const amount = decimalText(openMinor, places);
    // What was prepared for another amount is left unpaid.
    const stands = invoice.state === 'finalised' && openMinor > 0n && (payer?.method ?? null) !== null && (row.reference === null || row.amount === amount);
    if (!stands && invoice.state === 'finalised' && openMinor > 0n && (payer?.method ?? null) === null && declined(await listAttempts(query, invoice.id)) > 0) {
      // Who takes the card away after it was declined is an attempt further, not out of reach.
      await applyReport(deps, query, id, withoutMethod(row));
      return undefined;
    }
    await query.updateTable('payment').set(stands ? { ...claimed, amount } : { state: 'cancelled', next_attempt_at: null, updated_at: now }).where('id', '=', id).execute();
    if (!stands) await refreshPaymentState(query, invoice);
    return stands ? { row: { ...row, ...claimed, amount }, invoice, customer: payer!.reference, method: payer!.method } : undefined;
  }
  await query.updateTable('payment').set(claimed).where('id', '=', id).execute();
  return { row: { ...row, ...claimed }, invoice, customer: payer?.reference ?? null, method: payer?.method ?? null };
}

async function bringForward(deps: PaymentDeps, claimed: Claimed): Promise<CollectionReport | undefined> {
  const { row, invoice: { currency }, method } = claimed;
  const { collecting } = deps;
  if (row.refunds_id !== null) return payBackNow(deps, claimed);
  if (row.url !== null) return collecting.look({ reference: row.reference!, currency });
  const idempotencyKey = `portico-${row.id}-collect-${row.attempts}`;
  if (row.state === 'processing') {
    const report = await collecting.look({ reference: row.reference!, currency });
    // Nothing was charged: the process ended, or the connection broke, before the provider heard of it.
    if (report.state !== 'pending') return report;
    return method === null ? withoutMethod(row) : collecting.collect({ reference: report.reference, method, currency, idempotencyKey });
  }
  const reference = await prepare(deps, claimed);
  const held = await deps.database.transaction(async (query) => {
    const { numUpdatedRows } = await query.updateTable('payment').set({ reference, state: 'processing' }).where('id', '=', row.id).where('state', '=', 'pending').executeTakeFirst();
    if (numUpdatedRows === 1n) await refreshPaymentState(query, await getInvoiceRow(query, row.invoice_id));
    return numUpdatedRows === 1n;
  });
  return held ? collecting.collect({ reference, method: method!, currency, idempotencyKey }) : undefined;
}

function withoutMethod({ reference }: Pick<PaymentRow, 'reference'>): CollectionReport {
  return { reference: reference ?? '', state: 'failed', amount: null, error: 'There is no payment method any more.' };
}

async function prepare({ collecting }: PaymentDeps, { row, invoice, customer }: Claimed): Promise<string> {
  if (row.reference !== null) return row.reference;
  const collection = collectionOf({ row, invoice, customer: customer! });
  const found = row.attempts > 1 ? await collecting.findPrepared(collection, row.created_at) : undefined;
  return (found ?? await collecting.prepare(collection, `portico-${row.id}-${row.attempts}`)).reference;
}

export function collectionOf({ row, invoice, customer }: { row: Pick<PaymentRow, 'id' | 'amount'>; invoice: Pick<InvoiceRow, 'number' | 'currency'>; customer: string }): Collection {
  return { paymentId: row.id, invoiceNumber: invoice.number!, currency: invoice.currency, amount: row.amount, description: `Invoice ${invoice.number!}`, customer };
}

async function payBackNow({ collecting, database }: PaymentDeps, { row, invoice: { currency } }: Claimed): Promise<CollectionReport> {
  if (row.reference !== null) return collecting.lookRefund({ reference: row.reference, currency });
  const { reference: of } = await getPayment(database.kysely, row.refunds_id!);
  return collecting.refund({ paymentId: row.id, of: of!, currency, amount: row.amount.replace('-', ''), idempotencyKey: `portico-${row.id}-${row.attempts}` });
}

async function giveBack(deps: PaymentDeps, { row }: Claimed, error: unknown): Promise<void> {
  const { database, clock, log } = deps;
  if (!(error instanceof ProviderFault)) log.error({ err: error, payment: row.id }, 'a payment could not be brought forward');
  const message = error instanceof ProviderFault ? error.message : 'Portico failed here; its log says why.';
  await database.transaction(async (query) => {
    if (error instanceof ProviderFault && error.kind === 'never') {
      const { reference } = await getPayment(query, row.id);
      return applyReport(deps, query, row.id, { reference: reference ?? '', state: 'failed', amount: null, error: message }, { final: true });
    }
    await query.updateTable('payment').set({ error: message, next_attempt_at: clock.now() + waitAfter(row.attempts) }).where('id', '=', row.id).where('state', 'in', ['pending', 'processing']).execute();
  });
}
