import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { billOnce } from '../billing/crash-child.testkit.ts';
import { createCoupons } from '../coupons/coupons.ts';
import { admin, refusalOf } from '../testkit.ts';
import { createSubscriptions } from './subscriptions.ts';
import { openSubscriptions, standardPlans } from './testkit.ts';

/** Without a default plan, who cancels a paid one is without a subscription. */
const plansOf = standardPlans.replace('default: true, ', '');

forEachEngine('who cancels and comes back', (stores) => {
  async function open() {
    const control = await openSubscriptions(await stores.open(), plansOf);
    const { deps, gateways, plans, ada, query } = control;
    const subscriptions = createSubscriptions(deps, gateways, plans);
    const take = async (planSlug: string): Promise<string> => (await plans.subscribe(ada, { productSlug: 'atlas', planSlug })).id;
    /** Everything that is over is billed: each invoice as its span and total. */
    const bill = async (): Promise<string[]> => {
      assert.deepEqual((await billOnce(deps.database, deps.clock.now())).failures, []);
      const rows = await query.selectFrom('invoice').innerJoin('billing_period', 'billing_period.id', 'invoice.period_id').select(['invoice.total', 'billing_period.from_at', 'billing_period.to_at']).orderBy('billing_period.from_at').execute();
      return rows.map(({ total, from_at: from, to_at: to }) => `${[from, to].map((ms) => new Date(ms).toISOString().slice(0, 10)).join('..')} ${total}`);
    };
    return { ...control, subscriptions, take, bill };
  }

  test('tries a product once', async () => {
    const { take, subscriptions, at, ada, periods, bill } = await open();
    at('2027-03-01T00:00:00Z');
    const first = await take('trial');
    await subscriptions.cancel(ada, { subscriptionId: first });
    at('2027-03-15T00:00:00Z');
    // Before the roller has come to it.
    const second = await take('trial');
    assert.notEqual(second, first);
    assert.deepEqual([await periods(first), await periods(second)], [['trial 2027-03-01..2027-03-15 ended'], ['regular 2027-03-15..2027-04-15 open']]);
    at('2027-04-16T00:00:00Z');
    assert.deepEqual(await bill(), ['2027-03-15..2027-04-15 30.00']);
  });

  test('who waited for an approval that never came still has the trial', async () => {
    const { take, periods, query } = await open();
    const asked = await take('partner');
    await query.updateTable('subscription').set({ state: 'ended', ended_at: 1 }).where('id', '=', asked).execute();
    assert.match((await periods(await take('trial')))[0]!, /^trial /);
  });

  test('uses a coupon once', async () => {
    const { take, subscriptions, at, ada, deps, bill } = await open();
    const coupons = createCoupons(deps);
    at('2027-03-01T00:00:00Z');
    await coupons.create(admin, { code: 'FIRST', percent: '100', periods: 1 });
    const first = await take('ten');
    await coupons.redeem(ada, { subscriptionId: first, code: 'FIRST' });
    await subscriptions.cancel(ada, { subscriptionId: first });
    at('2027-04-01T00:00:00Z');
    const second = await take('ten');
    assert.equal((await refusalOf(coupons.redeem(ada, { subscriptionId: second, code: 'FIRST' }))).code, 'conflict');
    assert.deepEqual((await coupons.list(admin)).map(({ redeemed }) => redeemed), [1]);
    at('2027-05-01T02:00:00Z');
    assert.deepEqual(await bill(), ['2027-03-01..2027-04-01 0.00', '2027-04-01..2027-05-01 10.00']);
  });

  test('is billed what each stretch used, and no hour twice', async () => {
    const { take, subscriptions, at, ada, use, bill, roll } = await open();
    at('2027-03-01T00:00:00Z');
    const first = await take('ten');
    await use(first, 'requests', '150', '2027-03-31T23:00:00Z');
    await subscriptions.cancel(ada, { subscriptionId: first });
    at('2027-04-01T00:00:00Z');
    await roll();
    at('2027-04-10T15:30:00Z');
    const second = await take('ten');
    await use(second, 'requests', '130', '2027-04-10T15:00:00Z');
    at('2027-05-10T02:00:00Z');
    assert.deepEqual(await bill(), ['2027-03-01..2027-04-01 10.50', '2027-04-10..2027-05-10 10.30']);
  });

  test('down and up again in one period is as if nothing had been', async () => {
    const { take, at, subscriptions, ada, bill, phases, deps, gateways, plans } = await open();
    at('2027-03-01T00:00:00Z');
    const id = await take('twenty');
    const steps: [when: string, planSlug: string][] = [['2027-03-05T07:00:00Z', 'ten'], ['2027-03-05T08:00:00Z', 'twenty'], ['2027-03-09T00:00:00Z', 'free'], ['2027-03-10T00:00:00Z', 'twenty']];
    for (const [when, planSlug] of steps) {
      at(when);
      await take(planSlug);
    }
    await subscriptions.cancel(ada, { subscriptionId: id });
    await createSubscriptions(deps, gateways, plans).resume(ada, { subscriptionId: id });
    at('2027-04-01T02:00:00Z');
    assert.deepEqual([await bill(), await phases(id)], [['2027-03-01..2027-04-01 20.00'], ['twenty.1 2027-03-01.. start']]);
  });

  test('down and up at once pays each plan by its time, to the cent', async () => {
    const { take, at, subscriptions, ada, bill } = await open();
    at('2027-04-01T00:00:00Z');
    const id = await take('twenty');
    for (const [when, planSlug] of [['2027-04-11T00:00:00Z', 'ten'], ['2027-04-21T00:00:00Z', 'twenty']] as const) {
      at(when);
      await subscriptions.change(ada, { subscriptionId: id, planSlug, when: 'now' });
    }
    at('2027-05-01T02:00:00Z');
    // 20 - 13.33 + 6.67 - 3.33 + 6.67: two thirds of 20 and a third of 10.
    assert.deepEqual(await bill(), ['2027-04-01..2027-05-01 16.68']);
  });
});
