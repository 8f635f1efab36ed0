// Reports of a provider: verified, kept once by their id, answered; then worked off by the job, with retries. A report is a hint: how things stand is asked.
import type { Selectable } from 'kysely';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { Tables } from '../../store/tables.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { getInvoiceRow } from '../billing/write-invoice.ts';
import type { Actor, WebhookEvent } from '../services.ts';
import { applyReport } from './apply-report.ts';
import { ProviderFault, type EventSubject, type ProviderEvent } from './payment-provider.ts';
import { refreshMethod } from './payment-customers.ts';
import { provider, waitAfter, type PaymentDeps } from './payment-rows.ts';

const attemptsMax = 12;
const atOnce = 50;
const shownMax = 200;
const keptMs = 90 * 86_400_000;

type EventRow = Selectable<Tables['webhook_event']>;

/** Keeps it if it is new. Only what it is about is kept, not what else it says of people. @throws AppError `input_invalid` for what the provider did not sign */
export async function receiveEvent({ database, clock, collecting }: PaymentDeps, { signature, body }: { signature: string | null; body: Uint8Array }): Promise<void> {
  const now = clock.now();
  let event: ProviderEvent;
  try {
    event = collecting.readEvent({ signature, body, receivedAt: now });
  } catch (cause) {
    if (!(cause instanceof ProviderFault)) throw cause;
    throw new AppError('input_invalid', cause.message, { cause });
  }
  await database.transaction(async (query) => {
    await query.insertInto('webhook_event').values({
      provider, id: event.id, type: event.type, occurred_at: event.occurredAt, received_at: now, processed_at: event.subject === null ? now : null, attempts: 0, next_attempt_at: event.subject === null ? null : now, error: null, payload: JSON.stringify(event.subject),
    }).onConflict((conflict) => conflict.columns(['provider', 'id']).doNothing()).execute();
    const old = query.selectFrom('webhook_event').select('id').where('provider', '=', provider).where('processed_at', '<', now - keptMs).limit(atOnce);
    await query.deleteFrom('webhook_event').where('provider', '=', provider).where('id', 'in', old).execute();
  });
}

/** Works off what is due. One that fails waits longer each time, and after twelve times for a member. */
export async function processEvents(deps: PaymentDeps): Promise<void> {
  for (;;) {
    const rows = await deps.database.kysely.selectFrom('webhook_event').selectAll().where('provider', '=', provider).where('next_attempt_at', '<=', deps.clock.now()).orderBy('next_attempt_at').orderBy('id').limit(atOnce).execute();
    for (const row of rows) await processEvent(deps, row);
    if (rows.length < atOnce) return;
  }
}

async function processEvent(deps: PaymentDeps, row: EventRow): Promise<void> {
  const { database, clock, log } = deps;
  const mine = database.kysely.updateTable('webhook_event').where('provider', '=', provider).where('id', '=', row.id);
  try {
    await follow(deps, JSON.parse(row.payload) as EventSubject);
    await mine.set({ processed_at: clock.now(), next_attempt_at: null, error: null, attempts: row.attempts + 1 }).execute();
  } catch (error) {
    const attempts = row.attempts + 1;
    if (!(error instanceof ProviderFault)) log.error({ err: error, event: row.id }, 'a report of the payment provider could not be worked off');
    await mine.set({ attempts, error: error instanceof ProviderFault ? error.message : 'Portico failed here; its log says why.', next_attempt_at: attempts >= attemptsMax ? null : clock.now() + waitAfter(attempts) }).execute();
  }
}

async function follow(deps: PaymentDeps, subject: EventSubject): Promise<void> {
  if (subject.kind === 'customer') return refreshMethod(deps, subject.reference);
  const { kysely } = deps.database;
  const row = await kysely.selectFrom('payment').select(['id', 'invoice_id', 'reference', 'state']).where('id', '=', subject.paymentId).executeTakeFirst();
  // It may be quicker than what it is about; or it is about a page that nobody was shown.
  if (!row) throw new ProviderFault('again', `There is no payment ${subject.paymentId} here, or not yet.`);
  const { currency } = await getInvoiceRow(kysely, row.invoice_id);
  const report = subject.kind === 'refund' ? await deps.collecting.lookRefund({ reference: subject.reference, currency }) : await deps.collecting.look({ reference: subject.reference, currency });
  // What is not charged yet is for the job to bring forward.
  if (report.state !== 'pending') await deps.database.transaction((query) => applyReport(deps, query, row.id, report));
}

/** Newest first. `failed`: those that were given up or did not work the last time. */
export async function listEvents(query: Query, { failed }: { failed: boolean }): Promise<WebhookEvent[]> {
  let rows = query.selectFrom('webhook_event').select(['id', 'type', 'occurred_at', 'received_at', 'processed_at', 'attempts', 'next_attempt_at', 'error']).where('provider', '=', provider);
  if (failed) rows = rows.where('error', 'is not', null).where('processed_at', 'is', null);
  return (await rows.orderBy('received_at', 'desc').orderBy('id').limit(shownMax).execute()).map((row) => ({
    id: row.id, type: row.type, occurredAt: row.occurred_at, receivedAt: row.received_at, processedAt: row.processed_at, attempts: row.attempts, nextAttemptAt: row.next_attempt_at, error: row.error,
  }));
}

/** @throws AppError `not_found`, `conflict` for one that was worked off */
export async function retryEvent({ database, clock, random }: PaymentDeps, actor: Actor, id: string): Promise<void> {
  await database.transaction(async (query) => {
    const row = await query.selectFrom('webhook_event').select(['type', 'processed_at', 'error']).where('provider', '=', provider).where('id', '=', id).executeTakeFirst();
    if (!row) throw new AppError('not_found', `There is no report ${id}.`);
    if (row.processed_at !== null) throw new AppError('conflict', `The report ${id} was worked off: there is nothing to repeat.`);
    await query.updateTable('webhook_event').set({ attempts: 0, next_attempt_at: clock.now() }).where('provider', '=', provider).where('id', '=', id).execute();
    await recordAudit(query, { clock, random }, actor, { action: 'retried', noun: 'webhook event', subject: id, name: row.type, before: { error: row.error }, after: {} });
  });
}
