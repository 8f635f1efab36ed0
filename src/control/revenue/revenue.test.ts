import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBilling } from '../billing/testkit.ts';
import { createCoupons } from '../coupons/coupons.ts';
import { createConfiguration } from '../configuration/configuration.ts';
import type { RevenueReport } from '../services.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { admin, atlasDocument } from '../testkit.ts';
import { createRevenue } from './revenue.ts';

const plans = `
      - { slug: free, name: Free, default: true, currency: usd }
      - { slug: ten, name: Ten, currency: usd, interval: month, fee: "10", prices: [ { meter: requests, model: unit, unitPrice: "0.01" } ] }
      - { slug: hundred, name: Hundred, currency: usd, interval: year, fee: "100" }
      - { slug: yen, name: Yen, currency: jpy, interval: month, fee: "1000" }`;
const at = (iso: string): number => Date.parse(iso);

forEachEngine('revenue', (stores) => {
  async function open() {
    const billing = await openBilling(await stores.open());
    const text = `portal: { name: Atlas }\nproducts:\n  - slug: atlas\n    name: Atlas API\n    upstream: http://127.0.0.1:4010\n    meters: [ { name: tokens, header: X-Tokens } ]\n    versions: [ { name: v1, openapi: atlas.yaml } ]\n    plans:${plans}\n`;
    await createConfiguration(billing.deps, billing.gateways).apply(admin, { bundle: { file: 'portico.yaml', text, files: [{ path: 'atlas.yaml', text: atlasDocument }] }, dryRun: false, prune: true });
    for (const name of ['ada', 'bob', 'cid', 'dan', 'eve']) await billing.consumer(name);
    const revenue = createRevenue(billing.deps);
    const rows = (report: RevenueReport, currency = 'usd') => report.currencies.find((one) => one.currency === currency)!.months.map(({ from, mrr, paying, created, returned, expansion, contraction, churned }) => `${new Date(from).toISOString().slice(0, 7)} ${mrr} of ${paying}: +${created} +${returned} +${expansion} -${contraction} -${churned}`);
    const revision = async (slug: string) => (await billing.query.selectFrom('plan').select('current_revision_id').where('slug', '=', slug).executeTakeFirstOrThrow()).current_revision_id;
    const phase = async (subscription: string, plan: string, from: string, to: string | null) => billing.query.insertInto('subscription_phase').values({ id: `pha_${subscription}_${from}`, subscription_id: subscription, plan_revision_id: await revision(plan), from_at: at(from), to_at: to === null ? null : at(to), reason: 'upgrade' }).execute();
    return { ...billing, revenue, rows, phase };
  }

  test('contracted: fees of the moment, a year as a twelfth, without trials, usage and what is free', async () => {
    const { revenue, rows, subscribe, phase, query, at: moveTo } = await open();
    moveTo('2026-09-15T00:00:00Z');
    await subscribe('sub_1', 'con_ada', { plan: 'ten', periods: [['2026-06-10', '2026-07-10']] });
    await subscribe('sub_2', 'con_bob', { plan: 'hundred', periods: [['2026-06-01', '2027-06-01']] });
    await subscribe('sub_3', 'con_cid', { plan: 'ten', periods: [['2026-07-05', '2026-08-05']], ended: true });
    await subscribe('sub_4', 'con_dan', { plan: 'ten', periods: [['2026-07-20', '2026-08-20']] });
    await query.updateTable('subscription').set({ trial_ends_at: at('2026-08-10') }).where('id', '=', 'sub_4').execute();
    await subscribe('sub_5', 'con_eve', { plan: 'yen', periods: [['2026-07-20', '2026-08-20']] });
    await subscribe('sub_6', 'con_eve', { plan: 'free', periods: [['2026-07-20', '2026-08-20']] });
    await query.updateTable('subscription_phase').set({ to_at: at('2026-09-02') }).where('subscription_id', '=', 'sub_1').execute();
    await phase('sub_1', 'hundred', '2026-09-02', null);
    const report = await revenue.report(admin, { basis: 'contracted', months: 4 });
    assert.deepEqual(rows(report), [
      '2026-06 18.33 of 2: +18.33 +0.00 +0.00 -0.00 -0.00',
      '2026-07 28.33 of 3: +10.00 +0.00 +0.00 -0.00 -0.00',
      '2026-08 28.33 of 3: +10.00 +0.00 +0.00 -0.00 -10.00',
      '2026-09 26.66 of 3: +0.00 +0.00 +0.00 -1.67 -0.00',
    ]);
    assert.deepEqual(rows(report, 'jpy').at(-1), '2026-09 1000 of 1: +0 +0 +0 -0 -0');
    const [june, , august, september] = report.currencies.find(({ currency }) => currency === 'usd')!.months;
    assert.deepEqual([june!.arpu, june!.retention, june!.complete, september!.complete], ['9.17', null, true, false]);
    assert.deepEqual([august!.consumerChurn, august!.revenueChurn, august!.retention].map((share) => share!.toFixed(4)), ['0.3333', '0.3530', '0.6470']);
    assert.deepEqual((await revenue.report(admin, { basis: 'contracted', productSlug: 'atlas', months: 4 })).currencies, report.currencies);
  });

  test('invoiced: lines over their own time, less credit notes, without tax, credit, drafts and what is void', async () => {
    const { revenue, rows, subscribe, use, run, at: moveTo, invoices, billing, query } = await open();
    await billing.setTaxRate(admin, { country: 'DE', name: 'VAT', percent: '19' });
    await subscribe('sub_1', 'con_ada', { plan: 'ten', periods: [['2026-06-16', '2026-07-16'], ['2026-07-16', '2026-08-16']] });
    await subscribe('sub_2', 'con_bob', { plan: 'ten', periods: [['2026-07-01', '2026-08-01']], ended: true });
    await use('sub_2', 'requests', '500', '2026-07-10T05:00:00Z');
    moveTo('2026-08-20T00:00:00Z');
    await run();
    const all = (await invoices.list(admin, { sort: 'number' })).invoices;
    assert.equal(all.length, 3);
    const bobs = all.find(({ consumerId }) => consumerId === 'con_bob')!;
    await invoices.credit(admin, { id: bobs.id, lines: [{ position: 1, amount: '2.00' }], reason: 'An outage' });
    const report = await revenue.report(admin, { basis: 'invoiced', months: 3 });
    assert.deepEqual(rows(report), [
      '2026-06 5.00 of 1: +5.00 +0.00 +0.00 -0.00 -0.00',
      '2026-07 23.16 of 2: +13.00 +0.00 +5.16 -0.00 -0.00',
      '2026-08 4.84 of 1: +0.00 +0.00 +0.00 -5.32 -13.00',
    ]);
    assert.deepEqual(report.currencies[0]!.months.map(({ complete }) => complete), [true, true, false]);
    await invoices.void(admin, { id: all.find(({ consumerId }) => consumerId === 'con_ada')!.id, reason: 'A test' });
    assert.equal((await revenue.report(admin, { basis: 'invoiced', months: 3 })).currencies[0]!.months[0]!.mrr, '0.00');
    await query.updateTable('billing_period').set({ state: 'ended' }).where('id', '=', 'per_1_2').execute();
    assert.deepEqual((await revenue.report(admin, { basis: 'invoiced', months: 3 })).currencies[0]!.months.map(({ complete }) => complete), [true, false, false]);
  });

  test('invoiced: sums beyond 64 bits are exact, and a month in which more came off than was charged stays in them', async () => {
    const { revenue, rows, subscribe, use, run, at: moveTo, query, phase, deps } = await open();
    // 20 digits of cents each: neither fits 64 bits.
    for (const [index, name] of ['ada', 'cid'].entries()) {
      await subscribe(`sub_${index}`, `con_${name}`, { plan: 'ten', periods: [['2026-07-01', '2026-08-01']], ended: true });
      await use(`sub_${index}`, 'requests', '98765432109876543210', '2026-07-10T05:00:00Z');
    }
    // Ten that fit 64 bits, and their sum does not.
    for (let each = 10; each < 20; each++) {
      await subscribe(`sub_${each}`, 'con_dan', { plan: 'ten', periods: [['2026-07-01', '2026-08-01']], ended: true });
      await use(`sub_${each}`, 'requests', '8000000000000000000', '2026-07-10T05:00:00Z');
    }
    // Half of the fee from July on, and 4.00 off the whole period.
    await subscribe('sub_9', 'con_bob', { plan: 'free', periods: [['2026-06-16', '2026-07-16']] });
    await query.updateTable('subscription_phase').set({ to_at: at('2026-07-01') }).where('subscription_id', '=', 'sub_9').execute();
    await phase('sub_9', 'ten', '2026-07-01', null);
    moveTo('2026-07-02T00:00:00Z');
    await createCoupons(deps).create(admin, { code: 'FOUR', amount: '4', currency: 'usd' });
    await createCoupons(deps).redeem(admin, { subscriptionId: 'sub_9', code: 'FOUR' });
    moveTo('2026-08-20T00:00:00Z');
    await run();
    const report = await revenue.report(admin, { basis: 'invoiced', months: 3 });
    const july = 2n * (98_765_432_109_876_543_210n + 1_000n) + 10n * (8_000_000_000_000_000_000n + 1_000n);
    const text = (cents: bigint): string => `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
    assert.deepEqual(rows(report), [
      '2026-06 -2.00 of 0: +0.00 +0.00 +0.00 -2.00 -0.00',
      `2026-07 ${text(july + 300n)} of 4: +${text(july + 500n)} +0.00 +0.00 -0.00 -0.00`,
      `2026-08 0.00 of 0: +0.00 +0.00 +0.00 -0.00 -${text(july + 300n)}`,
    ]);
    assert.deepEqual(report.currencies[0]!.months.map(({ arpu, retention }) => [arpu === null, retention]), [[true, null], [false, null], [true, 0]]);
  });

  test('free to paid by the month of the sign-up; a number waits until all have had the time', async () => {
    const { revenue, subscribe, query, at: moveTo } = await open();
    moveTo('2026-09-15T00:00:00Z');
    for (const [id, created] of [['ada', '2026-06-05'], ['bob', '2026-06-20'], ['cid', '2026-08-25'], ['dan', '2026-06-21'], ['eve', '2026-06-22']] as const) await query.updateTable('consumer').set({ created_at: at(created), origin: id === 'eve' ? 'command' : 'sign-up' }).where('id', '=', `con_${id}`).execute();
    await subscribe('sub_1', 'con_ada', { plan: 'ten', periods: [['2026-06-10', '2026-07-10']] });
    await subscribe('sub_2', 'con_bob', { plan: 'ten', periods: [['2026-08-10', '2026-09-10']] });
    const { cohorts } = await revenue.report(admin, { basis: 'contracted', months: 4 });
    assert.deepEqual(cohorts.map(({ from, signUps, within30, within90, ever }) => [new Date(from).toISOString().slice(0, 7), signUps, within30, within90, ever]), [['2026-06', 3, 1, null, 2], ['2026-07', 0, 0, 0, 0], ['2026-08', 1, null, null, 0], ['2026-09', 0, null, null, 0]]);
  });

  test('nothing sold is an empty report; wrong asks are refused', async () => {
    const { revenue } = await open();
    for (const basis of ['contracted', 'invoiced'] as const) assert.deepEqual((await revenue.report(admin, { basis })).currencies, []);
    await assert.rejects(revenue.report(admin, { basis: 'invoiced', productSlug: 'nowhere' }), { code: 'not_found' });
    for (const months of [0, 37, 1.5]) await assert.rejects(revenue.report(admin, { basis: 'invoiced', months }), { code: 'input_invalid' });
    await assert.rejects(revenue.report({ kind: 'developer', developerId: 'dev_1', consumerId: 'con_ada', email: 'ada@example.com', verified: true }, { basis: 'invoiced' }), { code: 'role_forbids' });
  });
});
