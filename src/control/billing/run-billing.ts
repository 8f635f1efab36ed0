// The billing run: periods end, those that are over are billed, drafts are finalised. Each step is a transaction of its own that asks the store what is
// left to do, so that the run may be killed anywhere, repeated, and run twice at once.
import { sql } from 'kysely';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import { recordAudit, type AuditActor } from '../audit/record-audit.ts';
import { readSetting, writeSetting } from '../configuration/setting.ts';
import { drawCredit } from '../credits/draw-credit.ts';
import type { ControlDeps } from '../deps.ts';
import type { BillingRun, BillingWait } from '../services.ts';
import { billLateUsage, billPeriodOnce } from './bill-period-once.ts';
import { readBillingSettings } from './billing-settings.ts';
import { lateUsageMs } from './late-usage.ts';
import { finaliseDraft, getInvoiceRow } from './write-invoice.ts';

export type RunDeps = Pick<ControlDeps, 'database' | 'clock' | 'random' | 'log' | 'ingestStatus'>;
export interface RunParts {
  /** Ends periods whose end has passed and begins the next; answers how many. */
  rollPeriods(): Promise<number>;
}

const setting = 'billing-run';
const rowsMax = 200;
const failuresMax = 20;
const dayMs = 86_400_000;

/** @param everything also looks for late usage of subscriptions that have ended, which otherwise happens once a day */
export async function runBilling(deps: RunDeps, { rollPeriods }: RunParts, { actor, everything }: { actor: AuditActor; everything: boolean }): Promise<BillingRun> {
  const { database, clock } = deps;
  const startedAt = clock.now();
  const run: BillingRun = { startedAt, endedAt: startedAt, rolled: await rollPeriods(), billed: 0, withoutInvoice: 0, late: 0, finalised: 0, numbers: null, drafts: 0, inGrace: 0, waiting: null, failures: [] };
  // Asked before any period is looked at, so that what is billed was read whole.
  const { ledger } = await deps.ingestStatus();
  const { graceMs, finalise } = await readBillingSettings(database.kysely);
  const readUpTo = Math.min(ledger.readUpTo ?? -Infinity, startedAt);
  await billPeriods(deps, run, readUpTo - graceMs);
  if (everything || await isDue(database.kysely, startedAt)) await billEndedSubscriptions(deps, run, startedAt);
  if (finalise === 'automatic') await finaliseDrafts(deps, run, actor);
  Object.assign(run, await countWaiting(database.kysely, { graceMs, now: startedAt, ledger }), { drafts: await countDrafts(database.kysely), endedAt: clock.now() });
  await writeSetting(database.kysely, setting, run);
  return run;
}

export async function findBillingRun(query: Query): Promise<BillingRun | null> {
  return (await readSetting<BillingRun>(query, setting)) ?? null;
}

/** Finalises one draft inside the caller's transaction: number, tax, prepaid credit; and tells its consumer. */
export async function finaliseInvoice(deps: Pick<ControlDeps, 'clock' | 'random'>, query: Query, actor: AuditActor, id: string): Promise<{ number: string }> {
  const final = await finaliseDraft(deps, query, id, (invoice, amount) => drawCredit(query, { consumerId: invoice.consumer_id, currency: invoice.currency, invoiceId: id, amount, at: deps.clock.now() }));
  const row = await getInvoiceRow(query, id);
  await recordAudit(query, deps, actor, { action: 'finalised', noun: 'invoice', subject: id, name: final.number, before: { state: 'draft' }, after: { state: row.state, number: final.number, total: row.total, due: final.due, currency: row.currency } });
  await recordActivity(query, deps, { consumerId: row.consumer_id, actor: 'system', kind: 'invoice.finalised', subject: id, detail: { id, number: final.number, due: final.due, total: row.total, currency: row.currency, dueAt: row.due_at } });
  return final;
}

/** Oldest first. A period that fails holds up the later ones of its subscription, and no other. */
async function billPeriods(deps: RunDeps, run: BillingRun, endedBy: number): Promise<void> {
  const held = new Set<string>();
  for (let after = { to: -1, id: '' }; ;) {
    const rows = await deps.database.kysely.selectFrom('billing_period').select(['id', 'subscription_id', 'to_at']).where('state', '=', 'ended').where('to_at', '<=', Math.max(endedBy, -1))
      .where((eb) => eb.or([eb('to_at', '>', after.to), eb.and([eb('to_at', '=', after.to), eb('id', '>', after.id)])])).orderBy('to_at').orderBy('id').limit(rowsMax).execute();
    for (const { id, subscription_id: subscriptionId } of rows) {
      if (held.has(subscriptionId)) continue;
      const billed = await attempt(deps, run, subscriptionId, () => deps.database.transaction((query) => billPeriodOnce(deps, query, id)));
      if (billed === undefined) held.add(subscriptionId);
      if (!billed) continue;
      run.billed++;
      run.late += billed.late;
      if (billed.invoiceId === null) run.withoutInvoice++;
    }
    if (rows.length < rowsMax) return;
    after = { to: rows.at(-1)!.to_at, id: rows.at(-1)!.id };
  }
}

const lookedSetting = 'late-usage-looked-at';

async function isDue(query: Query, now: number): Promise<boolean> {
  return now - ((await readSetting<number>(query, lookedSetting)) ?? 0) >= dayMs;
}

async function billEndedSubscriptions(deps: RunDeps, run: BillingRun, now: number): Promise<void> {
  for (let after = ''; ;) {
    const rows = await deps.database.kysely.selectFrom('subscription').select('subscription.id').where('state', '=', 'ended').where('subscription.id', '>', after)
      .where((eb) => eb.exists(eb.selectFrom('billing_period').select('billing_period.id').whereRef('billing_period.subscription_id', '=', 'subscription.id').where('billing_period.state', '=', 'billed').where('billing_period.to_at', '>', now - lateUsageMs)))
      .where((eb) => eb.not(eb.exists(eb.selectFrom('billing_period').select('billing_period.id').whereRef('billing_period.subscription_id', '=', 'subscription.id').where('billing_period.state', '!=', 'billed'))))
      .orderBy('subscription.id').limit(rowsMax).execute();
    for (const { id } of rows) run.late += (await attempt(deps, run, id, () => deps.database.transaction((query) => billLateUsage(deps, query, id)))) ?? 0;
    if (rows.length < rowsMax) break;
    after = rows.at(-1)!.id;
  }
  await writeSetting(deps.database.kysely, lookedSetting, now);
}

/** Oldest period first, so that prepaid credit and numbers follow the calendar. */
async function finaliseDrafts(deps: RunDeps, run: BillingRun, actor: AuditActor): Promise<void> {
  const at = sql<number>`coalesce(billing_period.to_at, invoice.created_at)`;
  for (let after = { at: -1, id: '' }; ;) {
    const rows = await deps.database.kysely.selectFrom('invoice').leftJoin('billing_period', 'billing_period.id', 'invoice.period_id').select(['invoice.id', 'invoice.subscription_id', 'invoice.consumer_id', at.as('at')]).where('invoice.state', '=', 'draft')
      .where(sql<boolean>`(${at} > ${after.at} or (${at} = ${after.at} and invoice.id > ${after.id}))`).orderBy(at).orderBy('invoice.id').limit(rowsMax).execute();
    for (const { id, subscription_id: subscriptionId, consumer_id: consumerId } of rows) {
      const final = await attempt(deps, run, subscriptionId ?? consumerId, () => deps.database.transaction(async (query) => {
        // Another run may have been quicker.
        const { state } = await getInvoiceRow(query, id);
        return state === 'draft' ? finaliseInvoice(deps, query, actor, id) : null;
      }));
      if (!final) continue;
      run.finalised++;
      run.numbers = { first: run.numbers?.first ?? final.number, last: final.number };
    }
    if (rows.length < rowsMax) return;
    after = { at: Number(rows.at(-1)!.at), id: rows.at(-1)!.id };
  }
}

/** What cannot be billed is said, and holds up nobody else. */
async function attempt<T>(deps: RunDeps, run: BillingRun, subscriptionId: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    deps.log.error({ err: error, subscriptionId }, 'this could not be billed; the next run tries again');
    if (run.failures.length < failuresMax) run.failures.push({ subscriptionId, message: (error as Error).message });
    return undefined;
  }
}

/** What is over but not billed: within its grace, or until the ledger has read far enough. */
async function countWaiting(query: Query, { graceMs, now, ledger }: { graceMs: number; now: number; ledger: Awaited<ReturnType<ControlDeps['ingestStatus']>>['ledger'] }): Promise<Pick<BillingRun, 'inGrace' | 'waiting'>> {
  const ended = query.selectFrom('billing_period').where('state', '=', 'ended');
  const { inGrace } = await ended.where('to_at', '>', now - graceMs).select((eb) => eb.fn.countAll().as('inGrace')).executeTakeFirstOrThrow();
  const past = await ended.where('to_at', '<=', now - graceMs).where('to_at', '>', Math.max((ledger.readUpTo ?? -1) - graceMs, -1)).select((eb) => [eb.fn.countAll().as('periods'), eb.fn.max('to_at').as('last')]).executeTakeFirstOrThrow();
  const waiting: BillingWait | null = Number(past.periods) === 0 ? null : {
    periods: Number(past.periods), until: Number(past.last) + graceMs, readUpTo: ledger.readUpTo, failing: ledger.failing, segments: ledger.unread.map(({ segment, bytes, writtenAt }) => ({ segment, gateway: gatewayOf(segment), bytes, writtenAt })),
  };
  return { inGrace: Number(inGrace), waiting };
}

async function countDrafts(query: Query): Promise<number> {
  return Number((await query.selectFrom('invoice').where('state', '=', 'draft').select((eb) => eb.fn.countAll().as('drafts')).executeTakeFirstOrThrow()).drafts);
}

/** `00000007-01-000042.spool` was written by gateway 7, thread 1. */
function gatewayOf(segment: string): string {
  const [epoch, thread] = segment.split('-').map(Number);
  return `${epoch}, thread ${thread}`;
}
