// A year of usage that is generated: consumers with mixed anchors and plans, late batches, payments, credit notes. In the end ledger,
// invoices and payments must agree to the cent, by a reckoning that shares no code with the run.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { nextPeriod } from '../../domain/billing-period.ts';
import { newId } from '../../domain/id.ts';
import { openSqlite } from '../../store/sqlite.ts';
import type { Reconciliation } from '../services.ts';
import { admin } from '../testkit.ts';
import { billOnce } from './crash-child.testkit.ts';
import { openBilling } from './testkit.ts';

/** `PORTICO_BILLING_CONSUMERS=1000` for the long run. */
const consumers = Number(process.env['PORTICO_BILLING_CONSUMERS'] ?? 12);
const dayMs = 86_400_000;
const begin = Date.UTC(2025, 0, 1);
const end = Date.UTC(2026, 1, 1);
const plans = ['ten', 'usage', 'bulk', 'yen', 'free'] as const;

test(`a year of ${consumers} consumers reconciles to zero difference`, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'portico-year-'));
  const database = await openSqlite({ file: join(folder, 'portico.db') });
  t.after(async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });
  const { query, invoices, at } = await openBilling(database, { events: { meterTotals: async () => [] } as never });
  const random = numbers(7);
  await generate();
  let billed = 0;
  const begun = performance.now();
  for (let month = 1; month <= 13; month++) {
    const now = Date.UTC(2025, month, 1) + 2 * 3_600_000;
    at(new Date(now).toISOString());
    const run = await billOnce(database, now);
    assert.deepEqual(run.failures, []);
    billed += run.billed;
    await settle(month);
    await addLateUsage(month);
  }
  t.diagnostic(`${billed} periods billed in ${((performance.now() - begun) / 1_000).toFixed(1)} s, with ${await count('usage')} rows of the ledger, ${await count('invoice')} documents, ${await count('payment')} payments`);

  const { meters, money } = await reconcileAll();
  assert.notEqual(meters.length, 0);
  assert.deepEqual(meters.filter((row) => row.ledgerLessInvoiced !== null && /[1-9]/.test(row.ledgerLessInvoiced)).filter((row) => row.period.to < Date.UTC(2025, 11, 25)), [], 'what came late was billed by the next invoice');
  for (const row of money) assert.match(row.difference, /^0(\.0+)?$/, row.currency);
  assert.deepEqual(await invoicedBySubscription(), await expectedBySubscription(), 'each subscription was billed what its ledger costs, by a reckoning of its own');
  const all = (await query.selectFrom('invoice').select('number').where('number', 'is not', null).execute()).map((row) => Number(row.number!.slice(4))).sort((a, b) => a - b);
  assert.deepEqual(all, all.map((_, index) => index + 1), 'numbers without a gap');

  async function generate(): Promise<void> {
    const { id: productId } = await query.selectFrom('product').select('id').executeTakeFirstOrThrow();
    const revisions = new Map((await query.selectFrom('plan').select(['slug', 'id', 'current_revision_id']).execute()).map((row) => [row.slug, row]));
    await database.transaction(async (write) => {
      for (let each = 0; each < consumers; each++) {
        const plan = revisions.get(plans[each % plans.length]!)!;
        const anchor = begin + (each % 31) * dayMs;
        const id = `sub_${String(each).padStart(5, '0')}`;
        await write.insertInto('consumer').values({ id: `con_${each}`, name: `Consumer ${each}`, origin: 'import', created_at: anchor, blocked_at: null, verified_at: null, first_success_at: null, first_live_success_at: null, first_key_at: null }).execute();
        await write.insertInto('subscription').values({ id, consumer_id: `con_${each}`, product_id: productId, plan_id: plan.id, plan_revision_id: plan.current_revision_id, state: 'active', anchor_at: anchor, created_at: anchor, ended_at: null }).execute();
        await write.insertInto('subscription_phase').values({ id: newId('phase', anchor, randomBytes), subscription_id: id, plan_revision_id: plan.current_revision_id, from_at: anchor, to_at: null, reason: 'start' }).execute();
        await write.insertInto('billing_period').values({ id: newId('period', anchor, randomBytes), subscription_id: id, kind: 'regular', from_at: anchor, to_at: nextPeriod(anchor, 'month', anchor).to, state: 'open', invoice_id: null, billed_at: null }).execute();
        const rows = Array.from({ length: 36 }, (_, index) => ({ subscription_id: id, meter: index % 3 === 0 ? 'tokens' : 'requests', operation: `op${index % 2}`, version: 'v1', mode: 'live' as const, hour: anchor + Math.floor(random() * (end - anchor) / dayMs) * dayMs + (index % 24) * 3_600_000, quantity: index % 3 === 0 ? (random() * 50).toFixed(3) : String(Math.floor(random() * 30)) }));
        await write.insertInto('usage').values(rows).onConflict((conflict) => conflict.doNothing()).execute();
      }
    });
  }
  /** Most invoices are paid, some in part credited, with or without paying back. */
  async function settle(month: number): Promise<void> {
    const open = await query.selectFrom('invoice').innerJoin('subscription', 'subscription.id', 'invoice.subscription_id').innerJoin('plan', 'plan.id', 'subscription.plan_id').select(['invoice.id', 'invoice.total', 'plan.slug']).where('invoice.state', '=', 'finalised').execute();
    for (const [index, { id, total, slug }] of open.entries()) {
      // What was given back whole is not given back again when late usage makes it cheaper, which the reckoning below knows nothing of.
      const dice = slug === 'bulk' ? 10 : (index + month) % 11;
      if (dice === 0) continue;
      if (dice === 1 && Number(total) > 0) await invoices.credit(admin, { id, reason: 'before it was paid' });
      else await invoices.markPaid(admin, { id });
      if (dice === 2 || dice === 3) await invoices.credit(admin, { id, reason: 'after it was paid', refund: dice === 3 });
    }
  }
  async function addLateUsage(month: number): Promise<void> {
    if (month > 11) return;
    for (let each = month % 4; each < consumers; each += 4) {
      const hour = Date.UTC(2025, month - 1, 3) + 3_600_000 * (1 + month);
      if (hour < begin + (each % 31) * dayMs) continue;
      await query.insertInto('usage').values({ subscription_id: `sub_${String(each).padStart(5, '0')}`, meter: 'requests', operation: 'late', version: 'v1', mode: 'live', hour, quantity: String(1 + each % 17) }).onConflict((conflict) => conflict.doNothing()).execute();
    }
  }
  async function reconcileAll() {
    const meters = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page: Reconciliation = await invoices.reconcile(admin, { from: begin, to: end, cursor });
      meters.push(...page.meters);
      cursor = page.nextCursor;
    }
    return { meters, money: (await invoices.reconcile(admin, { from: 0, to: Date.UTC(2027, 0, 1) })).money };
  }
  async function count(table: 'usage' | 'invoice' | 'payment'): Promise<number> {
    return Number((await query.selectFrom(table).select((eb) => eb.fn.countAll().as('count')).executeTakeFirstOrThrow()).count);
  }
  /** Everything that lines of invoices came to, in thousandths; reversals apart. */
  async function invoicedBySubscription(): Promise<Record<string, number>> {
    const rows = await query.selectFrom('invoice_line').innerJoin('invoice', 'invoice.id', 'invoice_line.invoice_id').select(['invoice.subscription_id', 'invoice_line.amount']).where('invoice_line.kind', '!=', 'reversal').execute();
    const sums: Record<string, number> = {};
    for (const { subscription_id: id, amount } of rows) sums[id!] = (sums[id!] ?? 0) + Math.round(Number(amount) * 1_000);
    return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0).sort());
  }
  /** What was billed of each period, priced by hand: the plans of the testkit in plain numbers. */
  async function expectedBySubscription(): Promise<Record<string, number>> {
    const periods = await query.selectFrom('billing_period').innerJoin('subscription', 'subscription.id', 'billing_period.subscription_id').innerJoin('plan', 'plan.id', 'subscription.plan_id').select(['billing_period.id', 'billing_period.subscription_id', 'plan.slug']).where('billing_period.state', '=', 'billed').execute();
    const used = Map.groupBy(await query.selectFrom('billed_usage').selectAll().execute(), (row) => row.period_id);
    const sums: Record<string, number> = {};
    for (const { id, subscription_id: subscription, slug } of periods) {
      const of = (meter: string): number => Number((used.get(id) ?? []).find((row) => row.meter === meter)?.quantity ?? 0);
      const requests = of('requests');
      const cost = { ten: 10_000 + Math.max(0, requests - 100) * 10, usage: requests * 100 + Math.ceil(of('tokens') / 100) * 5_000, bulk: requests <= 10 ? requests * 1_000 : requests * 500, yen: 1_000_000, free: 0 }[slug as (typeof plans)[number]];
      sums[subscription] = (sums[subscription] ?? 0) + cost;
    }
    return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0).sort());
  }
});

/** The same row of numbers from 0 to 1 in every run (Lehmer, 48271). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = state * 48_271 % 2_147_483_647) / 2_147_483_647;
}
