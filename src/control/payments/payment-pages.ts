// Pages of the provider, opened for a consumer: to enter how to pay, or to pay an invoice.
import { decimalText } from '../../domain/decimal.ts';
import { newId } from '../../domain/id.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { readBalance } from '../billing/settle-invoice.ts';
import { getInvoiceRow, type InvoiceRow } from '../billing/write-invoice.ts';
import type { Actor } from '../services.ts';
import { ensureCustomer } from './payment-customers.ts';
import { insertCollection, refreshPaymentState, type PaymentDeps, type PaymentRow } from './payment-rows.ts';
import { collectionOf } from './push-payment.ts';
import { releasePayments } from './release-payments.ts';

export async function openMethodPage(deps: PaymentDeps, actor: Actor, { consumerId, returnPath }: { consumerId: string; returnPath: string }): Promise<{ url: string }> {
  const customer = await ensureCustomer(deps, consumerId);
  const page = await deps.collecting.openMethodPage({ customer, ...addresses(deps, returnPath) });
  await deps.database.transaction(async (query) => {
    const { name } = await query.selectFrom('consumer').select('name').where('id', '=', consumerId).executeTakeFirstOrThrow();
    await recordAudit(query, deps, actor, { action: 'page-opened', noun: 'payment method', subject: consumerId, name, before: null, after: { consumer: consumerId } });
  });
  return page;
}

/** One page at a time for an invoice: who comes back finds the one that is open. @throws AppError `conflict` when nothing is open, or money is on its way */
export async function openPaymentPage(deps: PaymentDeps, actor: Actor, { invoiceId, returnPath }: { invoiceId: string; returnPath: string }): Promise<{ url: string }> {
  const { database, clock, random, collecting } = deps;
  const open = await findPage(database.kysely, invoiceId);
  const invoice = await getInvoiceRow(database.kysely, invoiceId);
  const amount = await openAmount(database.kysely, invoice);
  if (open !== undefined && open.amount === amount && open.next_attempt_at! > clock.now()) return { url: open.url! };
  if (open !== undefined) throw new AppError('conflict', `A payment page for ${invoice.number} was opened over another amount. It closes half an hour after it was opened.`);
  const customer = await ensureCustomer(deps, invoice.consumer_id);
  const id = newId('payment', clock.now(), random);
  // Nobody knows the page before it is written down, so nobody pays on one that is not.
  const page = await collecting.openPaymentPage({ ...collectionOf({ row: { id, amount }, invoice, customer }), ...addresses(deps, returnPath) });
  await database.transaction(async (query) => {
    const now = await getInvoiceRow(query, invoiceId);
    await releasePayments(query, now, clock.now());
    if (await openAmount(query, now) !== amount) throw new AppError('conflict', `What is open of ${now.number} has changed meanwhile. Try again.`);
    await insertCollection(deps, query, { id, invoice_id: invoiceId, amount, reference: page.reference, url: page.url, next_attempt_at: page.expiresAt + 60_000 });
    await refreshPaymentState(query, now);
    await recordAudit(query, deps, actor, { action: 'payment-page-opened', noun: 'invoice', subject: invoiceId, name: now.number!, before: null, after: { amount, currency: now.currency } });
  });
  return { url: page.url };
}

async function findPage(query: Query, invoiceId: string): Promise<Pick<PaymentRow, 'url' | 'amount' | 'next_attempt_at'> | undefined> {
  return query.selectFrom('payment').select(['url', 'amount', 'next_attempt_at']).where('invoice_id', '=', invoiceId).where('state', '=', 'pending').where('url', 'is not', null).executeTakeFirst();
}

async function openAmount(query: Query, invoice: InvoiceRow): Promise<string> {
  const { openMinor, places } = await readBalance(query, invoice);
  if (invoice.kind !== 'invoice' || invoice.state !== 'finalised' || openMinor <= 0n) throw new AppError('conflict', `Nothing of ${invoice.number ?? 'this draft'} is open: there is nothing to pay.`);
  if (invoice.payment_state === 'processing') throw new AppError('conflict', `${invoice.number} is being collected at this moment. Look again when the provider has answered.`);
  return decimalText(openMinor, places);
}

function addresses({ config }: Pick<PaymentDeps, 'config'>, returnPath: string): { doneUrl: string; backUrl: string } {
  const base = new URL(config.webUrl);
  const url = URL.parse(returnPath, base.href);
  if (!returnPath.startsWith('/') || url === null || url.origin !== base.origin) throw new AppError('input_invalid', 'The page to return to is a path of this site, such as `/dashboard/invoices`.', { errors: [{ pointer: '/returnPath', detail: 'Write a path of this site, such as `/dashboard/invoices`.' }] });
  const backUrl = url.href;
  url.searchParams.set('entered', 'yes');
  return { doneUrl: url.href, backUrl };
}
