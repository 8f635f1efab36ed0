// The billing run is killed: before each of many statements by its own hand, and at random moments from outside. Then it runs to its end, and the store
// must hold what an undisturbed run makes.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openSqlite } from '../../store/sqlite.ts';
import { billOnce, type BillingCrash } from './crash-child.testkit.ts';
import { openBilling } from './testkit.ts';

/** Each way. `PORTICO_BILLING_KILLS=200` for the long run. */
const kills = Number(process.env['PORTICO_BILLING_KILLS'] ?? 3);
const now = Date.parse('2026-11-01T03:00:00Z');
const months: [string, string][] = [['2026-08-01', '2026-09-01'], ['2026-09-01', '2026-10-01'], ['2026-10-01', '2026-11-01']];

test(`killed before ${kills} statements and at ${kills} random moments, the run bills each period once, with numbers without a gap`, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'portico-billing-crash-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const seed = join(folder, 'seed.db');
  await seedStore(seed);
  const undisturbed = await finish(folder, seed, 'undisturbed');
  assert.equal(undisturbed.numbers.length, 12);
  let statements = 0;
  const whole = join(folder, 'whole.db');
  await copyFile(seed, whole);
  const database = await openSqlite({ file: whole });
  await billOnce(database, now, () => void statements++);
  await database.close();
  let killed = 0;
  for (let each = 0; each < kills; each++) {
    const file = join(folder, `own-${each}.db`);
    await copyFile(seed, file);
    const killAt = 1 + Math.floor((each + Math.random()) * statements / kills);
    killed += Number(await run({ file, now, killAt }, null));
    assert.deepEqual(await finish(folder, file, `${each}`), undisturbed, `killed before statement ${killAt} of ${statements}`);
  }
  assert.equal(killed, kills, 'every child died in the midst of its work');
  for (let each = 0; each < kills; each++) {
    const file = join(folder, `out-${each}.db`);
    await copyFile(seed, file);
    for (let round = 0; round < 2; round++) await run({ file, now, killAt: null }, Math.random() * 150);
    assert.deepEqual(await finish(folder, file, `out${each}`), undisturbed, `killed from outside, store ${each}`);
  }
});

/** Answers whether it was killed before it had finished. */
async function run(input: BillingCrash, killAfterMs: number | null): Promise<boolean> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-child.testkit.ts'), JSON.stringify(input)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  const closed = once(child, 'close');
  child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString(); });
  if (killAfterMs !== null) {
    while (!said.includes('started') && child.exitCode === null) await Promise.race([once(child.stdout, 'data'), closed]);
    await delay(killAfterMs);
    child.kill('SIGKILL');
  }
  await closed;
  return !said.includes('finished');
}

/** Runs to the end, twice, and tells what the store holds. */
async function finish(folder: string, from: string, name: string) {
  const file = name === 'undisturbed' ? join(folder, 'undisturbed.db') : from;
  if (file !== from) await copyFile(from, file);
  const database = await openSqlite({ file });
  try {
    assert.deepEqual((await billOnce(database, now)).failures, []);
    const again = await billOnce(database, now);
    assert.deepEqual([again.billed, again.finalised, again.late], [0, 0, 0]);
    const query = database.kysely;
    const invoices = await query.selectFrom('invoice').select(['id', 'number', 'kind', 'state', 'period_id', 'subscription_id', 'total', 'credit', 'due']).execute();
    const periods = await query.selectFrom('billing_period').selectAll().orderBy('subscription_id').orderBy('from_at').execute();
    for (const period of periods.filter(({ invoice_id: id }) => id !== null)) assert.equal(invoices.find(({ id }) => id === period.invoice_id)?.period_id, period.id);
    const lines = await query.selectFrom('invoice_line').innerJoin('invoice', 'invoice.id', 'invoice_line.invoice_id').select(['invoice.subscription_id', 'invoice_line.kind', 'invoice_line.meter', 'invoice_line.amount', 'invoice_line.from_at']).execute();
    return {
      numbers: invoices.map(({ number }) => number).sort(),
      invoices: invoices.map((row) => `${row.subscription_id} ${row.period_id} ${row.kind} ${row.state} ${row.total} ${row.credit} ${row.due}`).sort(),
      lines: lines.map((row) => JSON.stringify(Object.values(row))).sort(),
      periods: periods.map((row) => `${row.subscription_id} ${row.from_at} ${row.to_at} ${row.state} ${row.invoice_id !== null}`),
      billedUsage: (await query.selectFrom('billed_usage').selectAll().execute()).map((row) => JSON.stringify(Object.values(row))).sort(),
      credit: (await query.selectFrom('credit_grant').select(['consumer_id', 'remaining']).orderBy('consumer_id').execute()),
      audited: Number((await query.selectFrom('audit_entry').where('noun', '=', 'invoice').select((eb) => eb.fn.countAll().as('count')).executeTakeFirstOrThrow()).count),
    };
  } finally {
    await database.close();
  }
}

/** Six subscriptions: priced by fee, by usage, in yen and for nothing; one that has ended, late usage, prepaid credit, and the last period of each still open. */
async function seedStore(file: string): Promise<void> {
  const database = await openSqlite({ file });
  const { consumer, subscribe, use, query } = await openBilling(database);
  for (const [index, plan] of ['ten', 'usage', 'yen', 'free', 'bulk', 'ten'].entries()) {
    await consumer(`c${index}`);
    await subscribe(`sub_${index}`, `con_c${index}`, { plan, periods: index === 5 ? months.slice(0, 1) : months, ended: index === 5 });
    for (const [at, [from]] of months.entries()) await use(`sub_${index}`, 'requests', String(100 * index + 7 * at + 3), `${from}T05:00:00Z`);
  }
  await query.updateTable('billing_period').set({ state: 'open' }).where('to_at', '=', Date.parse('2026-11-01')).execute();
  await query.insertInto('credit_grant').values({ id: 'crg_1', consumer_id: 'con_c0', currency: 'usd', amount: '12.00', remaining: '12.00', reason: 'gift', granted_at: 0, granted_by: 'owner', expires_at: null }).execute();
  // Billed before some of its usage came.
  await query.updateTable('billing_period').set({ state: 'billed', billed_at: 1 }).where('id', 'in', ['per_1_1', 'per_5_1']).execute();
  await query.insertInto('billed_usage').values([{ period_id: 'per_1_1', meter: 'requests', quantity: '50' }, { period_id: 'per_1_1', meter: 'tokens', quantity: '0' }, { period_id: 'per_5_1', meter: 'requests', quantity: '100' }]).execute();
  await database.close();
}
