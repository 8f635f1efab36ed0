// What a provider says of a payment becomes what the store says: never backwards, whatever the order of reports.
import { decimalText, scaleDecimal } from '../../domain/decimal.ts';
import { minorPlacesOf } from '../../domain/pricing/money.ts';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { readBalance } from '../billing/settle-invoice.ts';
import { getInvoiceRow, setPaid, type InvoiceRow } from '../billing/write-invoice.ts';
import type { ControlDeps } from '../deps.ts';
import { cancelSubscription } from '../subscriptions/cancel-subscription.ts';
import type { CollectionReport, CollectionState } from './payment-provider.ts';
import { declined, getPayment, insertCollection, listAttempts, refreshPaymentState, retryAfterMs, type PaymentRow } from './payment-rows.ts';

type Deps = Pick<ControlDeps, 'clock' | 'random'>;

/** Money that has arrived outranks whatever was believed before. */
const rank: Record<CollectionState, number> = { pending: 0, processing: 1, cancelled: 2, failed: 2, succeeded: 3 };
/** Reports may never come: then Portico asks. */
const lookAgainMs = 6 * 3_600_000;
const system = { kind: 'system' } as const;

/** Inside the caller's transaction. `final`: no other attempt will help until somebody changes something. */
export async function applyReport(deps: Deps, query: Query, paymentId: string, report: CollectionReport, { final = false } = {}): Promise<void> {
  const row = await getPayment(query, paymentId);
  const now = deps.clock.now();
  const isRefund = row.amount.startsWith('-');
  if (!isNews(row.state, report.state, isRefund)) return;
  const invoice = await getInvoiceRow(query, row.invoice_id);
  const attempts = isRefund ? [] : await listAttempts(query, invoice.id);
  const wait = report.state === 'failed' && !isRefund && !final && invoice.state === 'finalised' ? retryAfterMs[declined(attempts)] : undefined;
  const next = report.state === 'processing' ? now + lookAgainMs : report.state === 'pending' ? row.next_attempt_at : wait === undefined ? null : now + wait;
  const ended = rank[report.state] > 1;
  await query.updateTable('payment').set({
    state: report.state, reference: report.reference || row.reference, error: report.error, amount: report.amount ?? row.amount, next_attempt_at: next, updated_at: now, ...(ended && { url: null }),
  }).where('id', '=', paymentId).execute();
  await refreshPaymentState(query, invoice);
  if (isRefund) return tellOfRefund(deps, query, invoice, row, report);
  if (report.state === 'succeeded') await settle(deps, query, invoice, row, report.amount ?? row.amount);
  if (report.state === 'failed' && invoice.state === 'finalised') await tellOfFailure(deps, query, invoice, { report, retryAt: next, final });
}

/** A refund may come back from the customer's bank after it has succeeded. */
function isNews(before: CollectionState, now: CollectionState, isRefund: boolean): boolean {
  if (isRefund && rank[before] > 1) return before === 'succeeded' && now === 'failed';
  return rank[now] > rank[before] || (now === before && rank[now] < 2);
}

/** Pays the invoice. What came beyond what is open goes back. */
async function settle(deps: Deps, query: Query, invoice: InvoiceRow, row: PaymentRow, amount: string): Promise<void> {
  const places = minorPlacesOf(invoice.currency);
  const { openMinor } = await readBalance(query, invoice);
  const received = scaleDecimal(amount, places);
  const owed = invoice.state === 'finalised' || invoice.state === 'paid';
  const surplus = owed ? (-openMinor < received ? -openMinor : received) : received;
  if (surplus > 0n) await insertCollection(deps, query, { invoice_id: invoice.id, refunds_id: row.id, amount: decimalText(-surplus, places) });
  if (invoice.state !== 'finalised' || openMinor > 0n) return;
  await setPaid(query, invoice.id, deps.clock.now());
  await recordAudit(query, deps, system, { action: 'paid', noun: 'invoice', subject: invoice.id, name: invoice.number!, before: { state: invoice.state }, after: { state: 'paid', amount, currency: invoice.currency, by: row.provider } });
  await recordActivity(query, deps, { consumerId: invoice.consumer_id, actor: 'system', kind: 'invoice.paid', subject: invoice.id, detail: { number: invoice.number, amount, currency: invoice.currency } });
}

/** Tells the consumer. After the last attempt the subscription is cancelled for the end of its period, as if they had done so. */
async function tellOfFailure(deps: Deps, query: Query, invoice: InvoiceRow, { report, retryAt, final }: { report: CollectionReport; retryAt: number | null; final: boolean }): Promise<void> {
  const { openMinor, places } = await readBalance(query, invoice);
  const detail = { id: invoice.id, number: invoice.number, amount: decimalText(openMinor, places), currency: invoice.currency, reason: report.error, retryAt };
  const uncollectible = retryAt === null && !final;
  await recordActivity(query, deps, { consumerId: invoice.consumer_id, actor: 'system', kind: uncollectible ? 'payment.uncollectible' : 'payment.failed', subject: invoice.id, detail });
  await recordAudit(query, deps, system, { action: uncollectible ? 'uncollectible' : 'payment-failed', noun: 'invoice', subject: invoice.id, name: invoice.number!, before: null, after: { reason: report.error, ...(retryAt !== null && { retryAt }) } });
  if (!uncollectible || invoice.subscription_id === null) return;
  const { state } = await query.selectFrom('subscription').select('state').where('id', '=', invoice.subscription_id).executeTakeFirstOrThrow();
  if (state === 'active') await cancelSubscription(deps, query, { subscriptionId: invoice.subscription_id, actor: system });
}

async function tellOfRefund(deps: Deps, query: Query, invoice: InvoiceRow, row: PaymentRow, { state, amount, error }: CollectionReport): Promise<void> {
  if (state !== 'succeeded' && state !== 'failed') return;
  const done = state === 'succeeded';
  await recordAudit(query, deps, system, { action: done ? 'refunded' : 'refund-failed', noun: 'invoice', subject: invoice.id, name: invoice.number ?? 'draft', before: null, after: { amount: (amount ?? row.amount).replace('-', ''), currency: invoice.currency, ...(error !== null && { reason: error }) } });
  if (done) await recordActivity(query, deps, { consumerId: invoice.consumer_id, actor: 'system', kind: 'payment.refunded', subject: invoice.id, detail: { number: invoice.number, amount: (amount ?? row.amount).replace('-', ''), currency: invoice.currency } });
}
