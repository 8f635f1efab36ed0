import { sql, type Kysely } from 'kysely';
import { monthRows, sumMonths } from '../../domain/usage-month.ts';
import { windowAt } from '../../domain/window.ts';
import type { Engine, Tell } from '../migrate.ts';
import { guardInvoices } from './guard-invoices.ts';
import { optional, primary, references, required, tableIn, typesOf, type Table, type Types } from './columns.ts';

/** Periods, invoices and payments. Subscriptions that exist begin their first period with the window of their anchor that holds `now`. */
export async function addBilling(db: Kysely<unknown>, engine: Engine, now: number, tell: Tell): Promise<void> {
  const types = typesOf(engine);
  const table = tableIn(db, engine);
  await addSubscriptionColumns(db, types);
  await createPeriodTables(db, table, types);
  await createInvoiceTables(db, table, types);
  await guardInvoices(db, engine);
  await createCreditTables(db, table, types);
  await createPaymentTables(db, table, types);
  await beginPeriods(db, now);
  await createUsageMonths(db, engine, types);
  await fillUsageMonths(db, tell);
}

async function addSubscriptionColumns(db: Kysely<unknown>, { text, flag, time }: Types): Promise<void> {
  const add = (name: string, type: Types['text'], build = optional) => db.schema.alterTable('subscription').addColumn(name, type, build).execute();
  await add('trial_ends_at', time);
  await add('scheduled_plan_id', text, references('plan.id', 'set null', optional));
  await add('scheduled_plan_revision_id', text, references('plan_revision.id', 'set null', optional));
  await add('scheduled_revision_id', text, references('plan_revision.id', 'set null', optional));
  await add('scheduled_at', time);
  await add('cancel_at_period_end', flag, (column) => column.notNull().defaultTo(0));
  await add('spend_cap', text);
  await add('spend_alerts', text, (column) => column.notNull().defaultTo('[50,80,100]'));
}

async function createPeriodTables(db: Kysely<unknown>, table: Table, { text, time }: Types): Promise<void> {
  await table('subscription_phase').addColumn('id', text, primary).addColumn('subscription_id', text, references('subscription.id', 'restrict')).addColumn('plan_revision_id', text, references('plan_revision.id', 'restrict'))
    .addColumn('from_at', time, required).addColumn('to_at', time).addColumn('reason', text, required).execute();
  await db.schema.createIndex('subscription_phase_subscription').on('subscription_phase').columns(['subscription_id', 'from_at']).execute();
  await table('billing_period').addColumn('id', text, primary).addColumn('subscription_id', text, references('subscription.id', 'restrict')).addColumn('kind', text, required).addColumn('from_at', time, required).addColumn('to_at', time, required)
    .addColumn('state', text, required).addColumn('invoice_id', text).addColumn('billed_at', time)
    .addUniqueConstraint('billing_period_once', ['subscription_id', 'from_at'] as never).execute();
  await db.schema.createIndex('billing_period_state').on('billing_period').columns(['state', 'to_at']).execute();
  await table('billed_usage').addColumn('period_id', text, references('billing_period.id', 'cascade')).addColumn('meter', text, required).addColumn('quantity', text, required)
    .addPrimaryKeyConstraint('billed_usage_of_period', ['period_id', 'meter'] as never).execute();
}

async function createInvoiceTables(db: Kysely<unknown>, table: Table, { text, integer, flag, time }: Types): Promise<void> {
  await table('invoice').addColumn('id', text, primary).addColumn('number', text, (column) => column.unique()).addColumn('kind', text, required).addColumn('state', text, required)
    .addColumn('consumer_id', text, references('consumer.id', 'restrict')).addColumn('subscription_id', text, references('subscription.id', 'restrict', optional)).addColumn('period_id', text, references('billing_period.id', 'restrict', optional))
    .addColumn('corrects_invoice_id', text, references('invoice.id', 'restrict', optional)).addColumn('currency', text, required)
    .addColumn('subtotal', text, required).addColumn('tax_name', text).addColumn('tax_percent', text).addColumn('tax', text, required).addColumn('total', text, required).addColumn('credit', text, required).addColumn('due', text, required)
    .addColumn('seller', text, required).addColumn('buyer', text, required)
    .addColumn('created_at', time, required).addColumn('finalised_at', time).addColumn('due_at', time).addColumn('paid_at', time).addColumn('voided_at', time)
    .addColumn('payment_state', text, required).execute();
  await db.schema.createIndex('invoice_consumer').on('invoice').columns(['consumer_id', 'id']).execute();
  await db.schema.createIndex('invoice_state').on('invoice').columns(['state', 'id']).execute();
  await db.schema.createIndex('invoice_period').on('invoice').column('period_id').execute();
  await db.schema.createIndex('invoice_corrects').on('invoice').column('corrects_invoice_id').execute();
  await table('invoice_line').addColumn('invoice_id', text, references('invoice.id', 'cascade')).addColumn('position', integer, required).addColumn('kind', text, required).addColumn('description', text, required)
    .addColumn('meter', text).addColumn('quantity', text, required).addColumn('unit_price', text, required).addColumn('amount', text, required)
    .addColumn('from_at', time, required).addColumn('to_at', time, required).addColumn('period_id', text, references('billing_period.id', 'restrict', optional)).addColumn('detail', text, required)
    .addPrimaryKeyConstraint('invoice_line_of_invoice', ['invoice_id', 'position'] as never).execute();
  await table('billing_account').addColumn('consumer_id', text, (column) => references('consumer.id', 'cascade')(column).primaryKey()).addColumn('name', text, required).addColumn('address', text, required)
    .addColumn('country', text).addColumn('email', text).addColumn('tax_id', text).addColumn('tax_exempt', flag, required).addColumn('updated_at', time, required).execute();
  await table('tax_rate').addColumn('country', text, primary).addColumn('name', text, required).addColumn('percent', text, required).execute();
}

async function createCreditTables(db: Kysely<unknown>, table: Table, { text, integer, time }: Types): Promise<void> {
  await table('credit_grant').addColumn('id', text, primary).addColumn('consumer_id', text, references('consumer.id', 'restrict')).addColumn('currency', text, required).addColumn('amount', text, required).addColumn('remaining', text, required)
    .addColumn('reason', text, required).addColumn('granted_at', time, required).addColumn('granted_by', text, required).addColumn('expires_at', time).execute();
  await db.schema.createIndex('credit_grant_consumer').on('credit_grant').columns(['consumer_id', 'currency', 'expires_at']).execute();
  await table('credit_use').addColumn('grant_id', text, references('credit_grant.id', 'restrict')).addColumn('invoice_id', text, references('invoice.id', 'restrict')).addColumn('amount', text, required).addColumn('at', time, required)
    .addPrimaryKeyConstraint('credit_use_of_invoice', ['grant_id', 'invoice_id'] as never).execute();
  await table('coupon').addColumn('id', text, primary).addColumn('code', text, (column) => column.notNull().unique()).addColumn('product_id', text, references('product.id', 'cascade', optional)).addColumn('percent', text).addColumn('amount', text).addColumn('currency', text)
    .addColumn('periods', integer).addColumn('redemptions_max', integer).addColumn('redeemed', integer, required).addColumn('expires_at', time).addColumn('created_at', time, required).addColumn('created_by', text, required).addColumn('archived_at', time).execute();
  await table('coupon_redemption').addColumn('id', text, primary).addColumn('coupon_id', text, references('coupon.id', 'restrict')).addColumn('subscription_id', text, references('subscription.id', 'restrict')).addColumn('at', time, required).addColumn('periods_left', integer)
    .addUniqueConstraint('coupon_redemption_once', ['coupon_id', 'subscription_id'] as never).execute();
  await db.schema.createIndex('coupon_redemption_subscription').on('coupon_redemption').column('subscription_id').execute();
  await table('upgrade_case').addColumn('id', text, primary).addColumn('token_hash', text, (column) => column.notNull().unique()).addColumn('subscription_id', text, references('subscription.id', 'cascade')).addColumn('developer_id', text, references('developer.id', 'cascade'))
    .addColumn('message', text, required).addColumn('created_at', time, required).addColumn('expires_at', time, required).addColumn('revoked_at', time).addColumn('approved_at', time).addColumn('approved_by', text).execute();
  await db.schema.createIndex('upgrade_case_subscription').on('upgrade_case').column('subscription_id').execute();
}

async function createPaymentTables(db: Kysely<unknown>, table: Table, { text, integer, time }: Types): Promise<void> {
  await table('payment_customer').addColumn('consumer_id', text, references('consumer.id', 'restrict')).addColumn('provider', text, required).addColumn('reference', text, required).addColumn('method', text).addColumn('method_label', text).addColumn('updated_at', time, required)
    .addPrimaryKeyConstraint('payment_customer_of_provider', ['consumer_id', 'provider'] as never).addUniqueConstraint('payment_customer_reference', ['provider', 'reference'] as never).execute();
  await table('payment').addColumn('id', text, primary).addColumn('invoice_id', text, references('invoice.id', 'restrict')).addColumn('refunds_id', text).addColumn('provider', text, required).addColumn('reference', text).addColumn('state', text, required).addColumn('amount', text, required)
    .addColumn('attempts', integer, required).addColumn('next_attempt_at', time).addColumn('error', text).addColumn('url', text).addColumn('created_at', time, required).addColumn('updated_at', time, required).execute();
  await db.schema.createIndex('payment_invoice').on('payment').column('invoice_id').execute();
  await db.schema.createIndex('payment_next_attempt').on('payment').column('next_attempt_at').execute();
  await table('webhook_event').addColumn('provider', text, required).addColumn('id', text, required).addColumn('type', text, required).addColumn('occurred_at', time, required).addColumn('received_at', time, required).addColumn('processed_at', time)
    .addColumn('attempts', integer, required).addColumn('next_attempt_at', time).addColumn('error', text).addColumn('payload', text, required)
    .addPrimaryKeyConstraint('webhook_event_once', ['provider', 'id'] as never).execute();
  await db.schema.createIndex('webhook_event_next_attempt').on('webhook_event').column('next_attempt_at').execute();
}

interface Subscription { id: string; plan_revision_id: string; anchor_at: number | string; created_at: number | string; state: string }

export async function beginPeriods(db: Kysely<unknown>, now: number): Promise<void> {
  const { rows } = await sql<Subscription>`select id, plan_revision_id, anchor_at, created_at, state from subscription where state <> 'ended'`.execute(db);
  for (const { id, plan_revision_id: revision, anchor_at: anchor, created_at: created, state } of rows) {
    if (state === 'pending') continue;
    const { from, to } = windowAt('period', now, Number(anchor));
    await sql`insert into subscription_phase (id, subscription_id, plan_revision_id, from_at, to_at, reason) values (${id.replace('sub_', 'pha_')}, ${id}, ${revision}, ${Math.min(Number(created), now)}, null, 'start')`.execute(db);
    await sql`insert into billing_period (id, subscription_id, kind, from_at, to_at, state, invoice_id, billed_at) values (${id.replace('sub_', 'per_')}, ${id}, 'regular', ${from}, ${to}, 'open', null, null)`.execute(db);
  }
}

/** Read in the order of its key, and never by another name. */
async function createUsageMonths(db: Kysely<unknown>, engine: Engine, { text, time }: Types): Promise<void> {
  const table = db.schema.createTable('usage_month').addColumn('subscription_id', text, required).addColumn('from_at', time, required).addColumn('sums', text, required)
    .addPrimaryKeyConstraint('usage_month_of_subscription', ['subscription_id', 'from_at'] as never);
  await (engine === 'postgres' ? table : table.modifyEnd(sql`strict, without rowid`)).execute();
}

const subscriptionsAtOnce = 100;

/** A million subscription-months take some two minutes: the operator hears of it after this. */
const tellEveryMs = 5_000;

/** From a ledger that is older than its months: of each subscription in turn, those that the store does not know too. In the migration's transaction: killed anywhere, the next start begins anew. */
export async function fillUsageMonths(db: Kysely<unknown>, tell: Tell, everyMs = tellEveryMs): Promise<void> {
  let [told, done, total] = [performance.now(), 0, ''];
  for (let after = ''; ;) {
    const { rows: subscriptions } = await sql<{ id: string; anchor_at: number | string | null }>`
      select ids.id, subscription.anchor_at from (select distinct subscription_id as id from "usage" where subscription_id > ${after} order by subscription_id limit ${subscriptionsAtOnce}) ids left join subscription on subscription.id = ids.id order by ids.id`.execute(db);
    if (subscriptions.length === 0) return;
    for (const { id, anchor_at: anchor } of subscriptions) {
      const { rows } = await sql<{ meter: string; hour: number | string; quantity: string }>`select meter, hour, quantity from "usage" where subscription_id = ${id} and mode = 'live' order by hour`.execute(db);
      for (const row of monthRows(id, sumMonths(rows.map(({ hour, ...rest }) => ({ ...rest, hour: Number(hour) })), Number(anchor ?? 0)))) {
        await sql`insert into usage_month (subscription_id, from_at, sums) values (${row.subscription_id}, ${row.from_at}, ${row.sums})`.execute(db);
      }
    }
    after = subscriptions.at(-1)!.id;
    done += subscriptions.length;
    if (performance.now() - told < everyMs) continue;
    // Counting reads all of the ledger's keys: only where it is large enough to be waited for.
    total ||= count((await sql<{ count: number | string }>`select count(distinct subscription_id) as count from "usage"`.execute(db)).rows[0]!.count);
    tell(`Summing the ledger by month, once: ${count(done)} of ${total} subscriptions`);
    told = performance.now();
  }
}

function count(value: number | string): string {
  return Number(value).toLocaleString('en-US');
}
