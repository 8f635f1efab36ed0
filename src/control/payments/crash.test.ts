// The job is killed by its own hand before each of many steps: statements, requests to Stripe, and what follows their answers. Then it goes on, hours later,
// and each invoice must be charged once, each refund made once, and the store must say so.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqlite } from '../../store/sqlite.ts';
import { openBilling } from '../billing/testkit.ts';
import { workOnce, type PaymentsCrash } from './crash-child.testkit.ts';
import { startStripe } from './stripe/stripe-server.testkit.ts';

/** `PORTICO_PAYMENT_KILLS=200` for the long run. */
const kills = Number(process.env['PORTICO_PAYMENT_KILLS'] ?? 6);
const now = Date.parse('2026-10-01T03:00:00Z');
const hour = 3_600_000;
const consumers = ['c0', 'c1', 'c2'];

test(`killed before ${kills} steps, the job charges each invoice once and pays each refund back once`, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'portico-payments-crash-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const seed = join(folder, 'seed.db');
  await seedStore(seed);
  const steps = await inOneGo(join(folder, 'whole.db'), seed);
  let killed = 0;
  for (let each = 0; each < kills; each++) {
    const file = join(folder, `${each}.db`);
    await copyFile(seed, file);
    const stripe = await openStripe();
    const killAt = 1 + Math.floor((each + Math.random()) * steps / kills);
    killed += Number(await isKilled({ file, apiUrl: stripe.url, now, killAt }));
    const database = await openSqlite({ file });
    // Longer than Stripe remembers keys.
    for (const later of [now + hour, now + 60 * hour, now + 120 * hour]) await workOnce(database, { apiUrl: stripe.url, now: later });
    await assertSettled(database, stripe, `killed before step ${killAt} of ${steps}`);
    await database.close();
    await stripe.close();
  }
  assert.equal(killed, kills, 'every child died in the midst of its work');
});

async function inOneGo(file: string, seed: string): Promise<number> {
  await copyFile(seed, file);
  const [database, stripe] = [await openSqlite({ file }), await openStripe()];
  let steps = 0;
  await workOnce(database, { apiUrl: stripe.url, now }, () => void steps++);
  await assertSettled(database, stripe, 'undisturbed');
  await database.close();
  await stripe.close();
  return steps;
}

async function assertSettled(database: Awaited<ReturnType<typeof openSqlite>>, stripe: Awaited<ReturnType<typeof openStripe>>, when: string): Promise<void> {
  assert.deepEqual(stripe.charges().map(({ invoice, amount }) => `${invoice} ${amount}`).sort(), ['INV-000001 1000', 'INV-000002 1000', 'INV-000003 1000', 'earlier 700'], when);
  assert.deepEqual(stripe.refunds.map(({ amount }) => amount), [300], when);
  const invoices = await database.kysely.selectFrom('invoice').select(['state', 'payment_state']).execute();
  assert.ok(invoices.every(({ state, payment_state: payment }) => state === 'paid' && payment === 'paid'), when);
  const payments = await database.kysely.selectFrom('payment').select(['state', 'amount']).execute();
  assert.deepEqual(payments.map(({ state, amount }) => `${state} ${amount}`).sort(), ['succeeded -3.00', 'succeeded 10.00', 'succeeded 10.00', 'succeeded 10.00', 'succeeded 7.00'], when);
  const audited = await database.kysely.selectFrom('audit_entry').select('name').where('action', '=', 'paid').execute();
  assert.equal(audited.length, consumers.length, when);
}

async function isKilled(input: PaymentsCrash): Promise<boolean> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-child.testkit.ts'), JSON.stringify(input)], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [, signal] = await once(child, 'close') as [number | null, string | null];
  return signal === 'SIGKILL';
}

/** The cards of the seeded customers, and one payment of an earlier day. */
async function openStripe() {
  const stripe = await startStripe({ now: () => now });
  for (const name of consumers) stripe.addCard(`cus_${name}`);
  stripe.intents.push({ id: 'pi_earlier', customer: 'cus_c0', created: 1, currency: 'usd', amount: 700, amount_received: 700, status: 'succeeded', last_payment_error: null, metadata: { portico_payment: 'pay_earlier', portico_invoice: 'earlier' } });
  return stripe;
}

/** Three invoices that wait for their first attempt, and a paid one of which something goes back. */
async function seedStore(file: string): Promise<void> {
  const database = await openSqlite({ file });
  const { consumer, subscribe, query, run, at } = await openBilling(database);
  at('2026-10-01T02:30:00Z');
  for (const [index, name] of consumers.entries()) {
    await consumer(name);
    await subscribe(`sub_${name}`, `con_${name}`, { plan: 'ten', periods: [['2026-09-01', '2026-10-01']] });
    await query.insertInto('payment_customer').values({ consumer_id: `con_${name}`, provider: 'stripe', reference: `cus_${name}`, method: `pm_00000${index + 1}`, updated_at: 1 }).execute();
  }
  await run();
  const row = await query.selectFrom('invoice').selectAll().where('consumer_id', '=', 'con_c0').executeTakeFirstOrThrow();
  await query.insertInto('invoice').values({ ...row, id: 'bil_earlier', number: 'INV-000000', period_id: null, state: 'paid', payment_state: 'paid', subtotal: '7.00', total: '7.00', due: '7.00' }).execute();
  const payment = { invoice_id: 'bil_earlier', provider: 'stripe', attempts: 1, error: null, url: null, created_at: 1, updated_at: 1 };
  await query.insertInto('payment').values([{ ...payment, id: 'pay_earlier', reference: 'pi_earlier', state: 'succeeded', amount: '7.00', next_attempt_at: null }, { ...payment, id: 'pay_back', refunds_id: 'pay_earlier', reference: null, state: 'pending', amount: '-3.00', next_attempt_at: 1 }]).execute();
  await database.close();
}
