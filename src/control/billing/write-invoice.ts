// The only file that writes invoices and their lines. What is finalised stays: after that only its state, and when it was paid or made void, are written.
import type { Selectable } from 'kysely';
import { decimalText, scaleDecimal } from '../../domain/decimal.ts';
import { newId } from '../../domain/id.ts';
import { invoiceNumber } from '../../domain/invoice-number.ts';
import { amountText, minorPlacesOf } from '../../domain/pricing/money.ts';
import { taxOn } from '../../domain/pricing/tax.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { Tables } from '../../store/tables.ts';
import { readSetting, writeSetting } from '../configuration/setting.ts';
import type { ControlDeps } from '../deps.ts';
import type { InvoiceLine, Party } from '../services.ts';
import { getBillingAccount, partyOf } from './billing-accounts.ts';
import { readBillingSettings } from './billing-settings.ts';
import { findTaxFor } from './tax-rates.ts';

export type InvoiceRow = Selectable<Tables['invoice']>;
export type DraftLine = Omit<InvoiceLine, 'position' | 'credited'>;
type Deps = Pick<ControlDeps, 'clock' | 'random'>;

export interface Draft {
  consumerId: string;
  subscriptionId: string | null;
  /** Null for what is billed apart from a period. */
  periodId: string | null;
  currency: string;
  lines: DraftLine[];
}

const counter = 'invoice-count';
const linesAtOnce = 50;

/** Inside the caller's transaction. Answers the draft's id. */
export async function insertDraft({ clock, random }: Deps, query: Query, draft: Draft): Promise<string> {
  const now = clock.now();
  const id = newId('invoice', now, random);
  const places = minorPlacesOf(draft.currency);
  const subtotal = amountText(draft.lines.reduce((sum, { amount }) => sum + scaleDecimal(amount, places), 0n), places);
  const terms = await termsOf(query, { consumerId: draft.consumerId, currency: draft.currency, subtotal });
  await query.insertInto('invoice').values({
    id, number: null, kind: 'invoice', state: 'draft', consumer_id: draft.consumerId, subscription_id: draft.subscriptionId, period_id: draft.periodId, corrects_invoice_id: null, currency: draft.currency,
    subtotal, ...terms, credit: amountText(0n, places), due: terms.total, created_at: now, finalised_at: null, due_at: null, paid_at: null, voided_at: null, payment_state: 'none',
  }).execute();
  await insertLines(query, id, draft.lines);
  return id;
}

export interface CreditNoteDraft { corrects: InvoiceRow; lines: DraftLine[]; tax: string; credit: string; due: string }

/** A credit note is final at once: it has no draft. Amounts are below zero. */
export async function insertCreditNote({ clock, random }: Deps, query: Query, { corrects, lines, tax, credit, due }: CreditNoteDraft): Promise<{ id: string; number: string }> {
  const now = clock.now();
  const id = newId('invoice', now, random);
  const places = minorPlacesOf(corrects.currency);
  const subtotal = lines.reduce((sum, { amount }) => sum + scaleDecimal(amount, places), 0n);
  const number = await nextNumber(query);
  await query.insertInto('invoice').values({
    id, number, kind: 'credit-note', state: 'paid', consumer_id: corrects.consumer_id, subscription_id: corrects.subscription_id, period_id: corrects.period_id, corrects_invoice_id: corrects.id, currency: corrects.currency,
    subtotal: amountText(subtotal, places), tax_name: corrects.tax_name, tax_percent: corrects.tax_percent, tax, total: amountText(subtotal + scaleDecimal(tax, places), places), credit, due, seller: corrects.seller, buyer: corrects.buyer,
    created_at: now, finalised_at: now, due_at: null, paid_at: now, voided_at: null, payment_state: 'none',
  }).execute();
  await insertLines(query, id, lines);
  return { id, number };
}

/** Gives a draft its number, and seller, buyer and tax as they are now; `draw` pays with prepaid credit. @throws AppError `conflict` when it is no draft */
export async function finaliseDraft({ clock }: Deps, query: Query, id: string, draw: (invoice: InvoiceRow, total: string) => Promise<string>): Promise<{ number: string; due: string }> {
  const row = await getInvoiceRow(query, id);
  if (row.state !== 'draft') throw new AppError('conflict', `Invoice ${row.number ?? id} is ${row.state}: only drafts are finalised.`);
  const now = clock.now();
  const places = minorPlacesOf(row.currency);
  const terms = await termsOf(query, { consumerId: row.consumer_id, currency: row.currency, subtotal: row.subtotal });
  const credit = scaleDecimal(terms.total, places) > 0n ? await draw(row, terms.total) : amountText(0n, places);
  const due = decimalText(scaleDecimal(terms.total, places) - scaleDecimal(credit, places), places);
  const number = await nextNumber(query);
  const settled = scaleDecimal(due, places) <= 0n;
  const { dueDays } = await readBillingSettings(query);
  await changeState(query, id, ['draft'], {
    ...terms, number, credit, due, state: settled ? 'paid' : 'finalised', finalised_at: now, due_at: now + dueDays * 86_400_000, paid_at: settled ? now : null, payment_state: settled ? 'paid' : 'none',
  });
  return { number, due };
}

export async function setPaid(query: Query, id: string, at: number): Promise<void> {
  await changeState(query, id, ['finalised'], { state: 'paid', paid_at: at, payment_state: 'paid' });
}

export async function setVoid(query: Query, id: string, at: number): Promise<void> {
  await changeState(query, id, ['draft', 'finalised', 'paid'], { state: 'void', voided_at: at, payment_state: 'none' });
}

export async function setPaymentState(query: Query, id: string, state: InvoiceRow['payment_state']): Promise<void> {
  await changeState(query, id, ['finalised'], { payment_state: state });
}

export async function getInvoiceRow(query: Query, idOrNumber: string): Promise<InvoiceRow> {
  const row = await query.selectFrom('invoice').selectAll().where((eb) => eb.or([eb('id', '=', idOrNumber), eb('number', '=', idOrNumber)])).executeTakeFirst();
  if (!row) throw new AppError('not_found', `There is no invoice ${idOrNumber}.`);
  return row;
}

async function changeState(query: Query, id: string, from: InvoiceRow['state'][], set: Partial<InvoiceRow>): Promise<void> {
  const changed = await query.updateTable('invoice').set(set).where('id', '=', id).where('state', 'in', from).executeTakeFirst();
  if (changed.numUpdatedRows !== 1n) throw new AppError('conflict', 'Somebody else has changed this invoice meanwhile. Look at it again.');
}

/** One more than the last; no number is ever left out, since it is given by the transaction that keeps it. */
async function nextNumber(query: Query): Promise<string> {
  const count = ((await readSetting<number>(query, counter)) ?? 0) + 1;
  await writeSetting(query, counter, count);
  return invoiceNumber((await readBillingSettings(query)).numberPrefix, count);
}

async function termsOf(query: Query, { consumerId, currency, subtotal }: { consumerId: string; currency: string; subtotal: string }) {
  const places = minorPlacesOf(currency);
  const account = await getBillingAccount(query, consumerId);
  const rate = await findTaxFor(query, account);
  const subtotalMinor = scaleDecimal(subtotal, places);
  const tax = rate === null ? 0n : taxOn(subtotalMinor, rate.percent);
  return {
    seller: JSON.stringify(await sellerOf(query)), buyer: JSON.stringify(partyOf(account)), tax_name: rate?.name ?? null, tax_percent: rate?.percent ?? null, tax: amountText(tax, places), total: amountText(subtotalMinor + tax, places),
  };
}

async function sellerOf(query: Query): Promise<Party> {
  const { seller } = await readBillingSettings(query);
  return seller.name === '' ? { ...seller, name: (await readSetting<{ name: string }>(query, 'portal'))?.name ?? 'Portico' } : seller;
}

async function insertLines(query: Query, invoiceId: string, lines: DraftLine[]): Promise<void> {
  const rows = lines.map(({ kind, description, meter, quantity, unitPrice, amount, from, to, periodId, detail }, position) => ({
    invoice_id: invoiceId, position, kind, description, meter, quantity, unit_price: unitPrice, amount, from_at: from, to_at: to, period_id: periodId, detail: JSON.stringify(detail),
  }));
  for (let start = 0; start < rows.length; start += linesAtOnce) await query.insertInto('invoice_line').values(rows.slice(start, start + linesAtOnce)).execute();
}
