// What of an invoice is still to be paid, and what settles it.
import { decimalText, scaleDecimal } from '../../domain/decimal.ts';
import { newId } from '../../domain/id.ts';
import { minorPlacesOf } from '../../domain/pricing/money.ts';
import { AppError } from '../../errors.ts';
import type { ExpressionBuilder } from 'kysely';
import type { Query } from '../../store/database.ts';
import type { Tables } from '../../store/tables.ts';
import { listHeld, returnCoupons } from '../coupons/coupons-of.ts';
import type { ControlDeps } from '../deps.ts';
import { manualPayments } from '../payments/manual-payments.ts';
import { releasePayments } from '../payments/release-payments.ts';
import { setPaid, setVoid, type InvoiceRow } from './write-invoice.ts';

type Deps = Pick<ControlDeps, 'clock' | 'random'>;

export interface Balance { /** Payments that succeeded, less what was paid back or is on its way back; minor units. */ paidMinor: bigint; /** What credit notes took off what was due; at most 0. */ takenOffMinor: bigint; openMinor: bigint; places: number }

/** Of invoices; those of other kinds and states have nothing open. */
export async function readBalances(query: Query, invoices: readonly Pick<InvoiceRow, 'id' | 'kind' | 'state' | 'due' | 'currency'>[]): Promise<Map<string, Balance>> {
  if (invoices.length === 0) return new Map();
  const ids = invoices.map(({ id }) => id);
  const payments = Map.groupBy(await query.selectFrom('payment').select(['invoice_id', 'amount']).where('invoice_id', 'in', ids).where(countsAsPaid).execute(), (row) => row.invoice_id);
  const notes = Map.groupBy(await query.selectFrom('invoice').select(['corrects_invoice_id', 'due']).where('corrects_invoice_id', 'in', ids).where('state', '!=', 'void').execute(), (row) => row.corrects_invoice_id!);
  return new Map(invoices.map((invoice) => {
    const places = minorPlacesOf(invoice.currency);
    const sum = (rows: string[]): bigint => rows.reduce((total, text) => total + scaleDecimal(text, places), 0n);
    const paidMinor = sum((payments.get(invoice.id) ?? []).map(({ amount }) => amount));
    const takenOffMinor = sum((notes.get(invoice.id) ?? []).map(({ due }) => due));
    const owed = invoice.kind === 'invoice' && (invoice.state === 'finalised' || invoice.state === 'paid');
    return [invoice.id, { paidMinor, takenOffMinor, places, openMinor: owed ? scaleDecimal(invoice.due, places) + takenOffMinor - paidMinor : 0n }];
  }));
}

/** Money that came, and money that goes back as soon as the provider sends it. */
export function countsAsPaid(eb: ExpressionBuilder<Tables, 'payment'>) {
  return eb.or([eb('payment.state', '=', 'succeeded'), eb.and([eb('payment.refunds_id', 'is not', null), eb('payment.state', 'in', ['pending', 'processing'])])]);
}

export async function readBalance(query: Query, invoice: InvoiceRow): Promise<Balance> {
  return (await readBalances(query, [invoice])).get(invoice.id)!;
}

/** Inside the caller's transaction. @throws AppError `conflict` when there is nothing to pay */
export async function payManually(deps: Deps, query: Query, invoice: InvoiceRow, { at, note }: { at: number; note: string | null }): Promise<string> {
  const { openMinor, places } = await readBalance(query, invoice);
  if (invoice.kind !== 'invoice' || invoice.state !== 'finalised' || openMinor <= 0n) throw new AppError('conflict', `${invoice.number ?? 'A draft'} is ${invoice.state}${invoice.state === 'finalised' ? ', and nothing of it is open' : ''}: there is nothing to pay.`);
  await releasePayments(query, invoice, deps.clock.now());
  const amount = decimalText(openMinor, places);
  await insertPayment(deps, query, { invoiceId: invoice.id, amount, at, note });
  await setPaid(query, invoice.id, at);
  return amount;
}

/** Something that was settled outside, or below zero paid back. */
export async function insertPayment({ clock, random }: Deps, query: Query, { invoiceId, amount, at, note }: { invoiceId: string; amount: string; at: number; note: string | null }): Promise<void> {
  const now = clock.now();
  await query.insertInto('payment').values({ id: newId('payment', now, random), invoice_id: invoiceId, provider: manualPayments.name, reference: note, state: 'succeeded', amount, attempts: 1, next_attempt_at: null, error: null, url: null, created_at: at, updated_at: now }).execute();
}

/** Inside the caller's transaction; prepaid credit goes back to where it was drawn, and coupons have a bill more. @throws AppError `conflict` when something was paid or credited */
export async function voidInvoice({ clock }: Deps, query: Query, invoice: InvoiceRow): Promise<void> {
  if (invoice.kind !== 'invoice' || invoice.state === 'void') throw new AppError('conflict', `${invoice.number ?? 'This'} is ${invoice.kind === 'invoice' ? 'void already' : 'a credit note, which stays'}.`);
  const notes = await query.selectFrom('invoice').select('id').where('corrects_invoice_id', '=', invoice.id).limit(1).execute();
  const { paidMinor } = await readBalance(query, invoice);
  if (paidMinor !== 0n || notes.length > 0) throw new AppError('conflict', `Something was paid or credited on ${invoice.number}: reverse it with a credit note.`);
  await releasePayments(query, invoice, clock.now());
  await returnCredit(query, invoice);
  await setVoid(query, invoice.id, clock.now());
  await returnCouponsOf(query, invoice);
}

/** Those of its periods that no other document has used them for. */
async function returnCouponsOf(query: Query, { id, consumer_id: consumerId, subscription_id: subscriptionId }: InvoiceRow): Promise<void> {
  if (subscriptionId === null) return;
  const lines = await query.selectFrom('invoice_line').innerJoin('invoice', 'invoice.id', 'invoice_line.invoice_id').select(['invoice.id', 'invoice.state', 'invoice_line.detail', 'invoice_line.period_id as line_period_id', 'invoice.period_id'])
    .where('invoice.consumer_id', '=', consumerId).where('invoice.subscription_id', '=', subscriptionId).where('invoice_line.kind', '=', 'coupon').execute();
  const uses = lines.map((line) => ({ ...line, code: (JSON.parse(line.detail) as { code: string }).code, periodId: line.line_period_id ?? line.period_id }));
  const elsewhere = new Set(uses.filter(({ state }) => state !== 'void').map(({ code, periodId }) => `${code} ${periodId}`));
  const given = new Set(uses.filter((use) => use.id === id && !elsewhere.has(`${use.code} ${use.periodId}`)).map(({ code, periodId }) => `${code} ${periodId}`));
  for (const { code, redemptionId } of given.size === 0 ? [] : await listHeld(query, subscriptionId)) {
    for (const use of given) if (use.startsWith(`${code} `)) await returnCoupons(query, [redemptionId]);
  }
}

async function returnCredit(query: Query, { id, currency }: InvoiceRow): Promise<void> {
  const places = minorPlacesOf(currency);
  const uses = await query.selectFrom('credit_use').innerJoin('credit_grant', 'credit_grant.id', 'credit_use.grant_id').select(['grant_id', 'credit_use.amount', 'credit_grant.remaining']).where('invoice_id', '=', id).execute();
  for (const use of uses) await query.updateTable('credit_grant').set({ remaining: decimalText(scaleDecimal(use.remaining, places) + scaleDecimal(use.amount, places), places) }).where('id', '=', use.grant_id).execute();
  await query.deleteFrom('credit_use').where('invoice_id', '=', id).execute();
}
