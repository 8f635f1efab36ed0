import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { createCoupons } from '../coupons/coupons.ts';
import { createCredits } from '../credits/credits.ts';
import { addConsumer, admin, refusalOf } from '../testkit.ts';
import { createSubscriptions } from './subscriptions.ts';
import { openSubscriptions } from './testkit.ts';

forEachEngine('the running bill', (stores) => {
  async function open() {
    const control = await openSubscriptions(await stores.open());
    control.at('2027-04-01T00:00:00Z');
    const { id } = await control.plans.subscribe(control.ada, { productSlug: 'atlas', planSlug: 'ten' });
    return { ...control, id, subscriptions: createSubscriptions(control.deps, control.gateways, control.plans) };
  }

  test('grows with usage, says where it is going, and knows credit, coupons and the cap', async () => {
    const { subscriptions, id, ada, use, at, deps } = await open();
    await use(id, 'requests', '150', '2027-04-05T00:00:00Z');
    await createCoupons(deps).create(admin, { code: 'FIFTH', percent: '20' });
    await createCoupons(deps).redeem(ada, { subscriptionId: id, code: 'FIFTH' });
    await createCredits(deps).grant(admin, { consumerId: 'con_ada', currency: 'usd', amount: '7', reason: 'Welcome' });
    await subscriptions.setSpendCap(ada, { subscriptionId: id, cap: '20' });
    at('2027-04-11T00:00:00Z');
    const bill = await subscriptions.getRunningBill(ada, { subscriptionId: id });
    // 150 in 10 of 30 days are 450 at the end: 350 above the included hundred.
    assert.deepEqual([bill.soFar.subtotal, bill.forecast.subtotal, bill.usage, bill.credit, bill.capUsed], ['8.40', '10.80', [{ meter: 'requests', soFar: '150', forecast: '450' }], '7.00', 52]);
    assert.deepEqual(bill.soFar.lines.map(({ kind, amount }) => `${kind} ${amount}`), ['fee 10.00', 'usage 0.00', 'usage 0.50', 'coupon -2.10']);
    assert.equal((await refusalOf(subscriptions.getRunningBill(await addConsumer(deps, 'bob'), { subscriptionId: id }))).code, 'not_found');
  });

  test('a preview of an upgrade says what it adds now, and what the next period costs; nothing changes', async () => {
    const { subscriptions, id, ada, use, at, phases } = await open();
    await use(id, 'requests', '200', '2027-04-05T00:00:00Z');
    at('2027-04-16T00:00:00Z');
    const preview = await subscriptions.getPreview(ada, { subscriptionId: id, planSlug: 'twenty' });
    assert.deepEqual([preview.when, preview.before.subtotal, preview.after.subtotal, preview.added.map(({ amount }) => amount)], ['now', '13.00', '21.00', ['-5.00', '10.00']]);
    // 400 in the 30 days of April are 413 in the 31 of May: 313 above the included hundred at 0.02.
    assert.deepEqual([preview.next.subtotal, new Date(preview.next.from).toISOString(), new Date(preview.next.to).toISOString()], ['26.26', '2027-05-01T00:00:00.000Z', '2027-06-01T00:00:00.000Z']);
    assert.deepEqual(await phases(id), ['ten.1 2027-04-01.. start']);
    const later = await subscriptions.getPreview(ada, { subscriptionId: id, planSlug: 'free' });
    assert.deepEqual([later.when, later.effectiveAt, later.after.subtotal, later.added, later.next.subtotal], ['period-end', Date.parse('2027-05-01'), '13.00', [], '0.00']);
    assert.deepEqual([(await subscriptions.getPreview(ada, { subscriptionId: id, planSlug: 'yen' })).next.currency, (await subscriptions.getPreview(ada, { subscriptionId: id, planSlug: 'partner' })).approval], ['jpy', true]);
    assert.equal((await refusalOf(subscriptions.getPreview(ada, { subscriptionId: id, planSlug: 'ten' }))).code, 'conflict');
    assert.equal((await refusalOf(subscriptions.getPreview(ada, { subscriptionId: id, planSlug: 'none' }))).code, 'not_found');
  });

  test('what the preview says is what the change does', async () => {
    const { subscriptions, id, ada, use, at, plans } = await open();
    await use(id, 'requests', '200', '2027-04-05T00:00:00Z');
    at('2027-04-16T00:00:00Z');
    const preview = await subscriptions.getPreview(ada, { subscriptionId: id, planSlug: 'twenty' });
    await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'twenty' });
    assert.deepEqual((await subscriptions.getRunningBill(ada, { subscriptionId: id })).forecast, preview.after);
  });

  test('a trial costs nothing, whatever is used', async () => {
    const { subscriptions, plans, deps } = await open();
    const carl = await addConsumer(deps, 'carl');
    const { id } = await plans.subscribe(carl, { productSlug: 'atlas', planSlug: 'trial' });
    const bill = await subscriptions.getRunningBill(carl, { subscriptionId: id });
    assert.deepEqual([bill.period.kind, bill.soFar.subtotal, bill.forecast.subtotal], ['trial', '0.00', '0.00']);
    const preview = await subscriptions.getPreview(carl, { subscriptionId: id, planSlug: 'twenty' });
    assert.deepEqual([preview.when, preview.after.subtotal, preview.next.subtotal], ['period-end', '0.00', '20.00']);
  });
});
