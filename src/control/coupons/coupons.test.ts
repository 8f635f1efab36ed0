import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import type { NewCoupon } from '../services.ts';
import { openSubscriptions } from '../subscriptions/testkit.ts';
import { addConsumer, admin, refusalOf } from '../testkit.ts';
import { countCoupons, couponsFor, listHeld } from './coupons-of.ts';
import { createCoupons } from './coupons.ts';

const viewer = { kind: 'member', memberId: 'mem_1', email: 'viewer@example.com', role: 'viewer' } as const;

forEachEngine('coupons', (stores) => {
  async function open() {
    const control = await openSubscriptions(await stores.open());
    control.at('2027-03-01T12:00:00Z');
    const { id } = await control.plans.subscribe(control.ada, { productSlug: 'atlas', planSlug: 'ten' });
    return { ...control, id, coupons: createCoupons(control.deps) };
  }

  test('hold for the subscription that redeems them, as long as they say', async () => {
    const { coupons, id, ada, query, at, deps } = await open();
    await coupons.create(admin, { code: 'welcome-20', percent: '20', periods: 2 });
    await coupons.create(admin, { code: 'FIVE', amount: '5', currency: 'USD', productSlug: 'atlas' });
    await coupons.redeem(ada, { subscriptionId: id, code: ' Welcome-20 ' });
    at('2027-04-02T00:00:00Z');
    await coupons.redeem(ada, { subscriptionId: id, code: 'five' });
    const held = async (to: string, currency = 'usd') => couponsFor(await listHeld(query, id), { to: Date.parse(to), currency });
    assert.deepEqual((await held('2027-04-01')).map(({ redemptionId: _id, ...coupon }) => coupon), [{ code: 'WELCOME-20', percent: '20', amount: null, currency: null, redeemedAt: Date.parse('2027-03-01T12:00:00Z'), periodsLeft: 2 }]);
    assert.deepEqual((await held('2027-05-01')).map(({ code, amount }) => [code, amount]), [['WELCOME-20', null], ['FIVE', '5.00']]);
    assert.deepEqual((await held('2027-05-01', 'jpy')).map(({ code }) => code), ['WELCOME-20'], 'dollars come off no yen');
    await coupons.archive(admin, { code: 'FIVE' });
    for (let bill = 0; bill < 3; bill++) {
      const ids = (await held('2027-05-01')).map(({ redemptionId }) => redemptionId);
      await deps.database.transaction((inside) => countCoupons(inside, ids));
    }
    assert.deepEqual((await held('2027-05-01')).map(({ code }) => code), ['FIVE'], 'two bills were enough; archiving takes nothing back');
    assert.deepEqual((await coupons.listRedeemed(ada, { subscriptionId: id })).map(({ code, periodsLeft }) => [code, periodsLeft]), [['WELCOME-20', 0], ['FIVE', null]]);
    assert.deepEqual((await coupons.list(viewer)).map(({ code, redeemed }) => [code, redeemed]), [['WELCOME-20', 1], ['FIVE', 1]]);
  });

  test('that do not hold are refused, and change nothing', async () => {
    const { coupons, deps, plans, id, ada, query, at } = await open();
    for (const coupon of [{ code: 'ONCE', percent: '5', redemptionsMax: 1 }, { code: 'YEN', amount: '100', currency: 'jpy' }, { code: 'OVER', percent: '5', expiresAt: Date.parse('2027-03-02') }, { code: 'GONE', percent: '5' }] satisfies NewCoupon[]) await coupons.create(admin, coupon);
    await coupons.archive(admin, { code: 'gone' });
    at('2027-03-02T00:00:00Z');
    const bob = await addConsumer(deps, 'bob');
    const { id: other } = await plans.subscribe(bob, { productSlug: 'atlas', planSlug: 'ten' });
    const { id: pending } = await plans.subscribe(await addConsumer(deps, 'carl'), { productSlug: 'atlas', planSlug: 'partner' });
    await coupons.redeem(bob, { subscriptionId: other, code: 'ONCE' });
    const cases: [name: string, work: () => Promise<unknown>, code: string][] = [
      ['unknown', () => coupons.redeem(ada, { subscriptionId: id, code: 'NONE' }), 'input_invalid'], ['of another currency', () => coupons.redeem(ada, { subscriptionId: id, code: 'YEN' }), 'input_invalid'], ['expired', () => coupons.redeem(ada, { subscriptionId: id, code: 'OVER' }), 'input_invalid'],
      ['archived', () => coupons.redeem(ada, { subscriptionId: id, code: 'GONE' }), 'input_invalid'], ['used up', () => coupons.redeem(ada, { subscriptionId: id, code: 'ONCE' }), 'conflict'], ['twice', () => coupons.redeem(bob, { subscriptionId: other, code: 'ONCE' }), 'conflict'],
      ['for somebody else', () => coupons.redeem(ada, { subscriptionId: other, code: 'ONCE' }), 'not_found'], ['for nothing', () => coupons.redeem(ada, { subscriptionId: 'sub_none', code: 'ONCE' }), 'not_found'], ['by a viewer', () => coupons.redeem(viewer, { subscriptionId: id, code: 'ONCE' }), 'role_forbids'],
      ['before the plan is approved', () => coupons.redeem(admin, { subscriptionId: pending, code: 'YEN' }), 'conflict'],
    ];
    for (const [name, work, code] of cases) assert.equal((await refusalOf(work())).code, code, name);
    assert.equal((await query.selectFrom('coupon_redemption').select('id').execute()).length, 1);
    for (let tries = 0; tries < 20; tries++) await coupons.redeem(ada, { subscriptionId: id, code: `GUESS${tries}` }).catch(() => undefined);
    assert.equal((await refusalOf(coupons.redeem(ada, { subscriptionId: id, code: 'ONCE' }))).code, 'too_many_attempts');
  });

  test('are made whole, or not at all', async () => {
    const { coupons } = await open();
    const cases: [name: string, coupon: NewCoupon, pointer: string][] = [
      ['nothing off', { code: 'ABC' }, '/percent'], ['both', { code: 'ABC', percent: '5', amount: '5', currency: 'usd' }, '/amount'], ['more than all', { code: 'ABC', percent: '101' }, '/percent'], ['none of it', { code: 'ABC', percent: '0.0' }, '/percent'],
      ['no number', { code: 'ABC', percent: '1e1' }, '/percent'], ['an amount of no currency', { code: 'ABC', amount: '5' }, '/currency'], ['half a yen', { code: 'ABC', amount: '0.5', currency: 'jpy' }, '/amount'], ['below 0', { code: 'ABC', amount: '-5', currency: 'usd' }, '/amount'],
      ['thirty digits', { code: 'ABC', amount: '123456789012345678901234567890', currency: 'usd' }, '/amount'], ['a short code', { code: 'A', percent: '5' }, '/code'], ['spaces', { code: 'A B C', percent: '5' }, '/code'], ['no product', { code: 'ABC', percent: '5', productSlug: 'none' }, '/productSlug'],
      ['no period', { code: 'ABC', percent: '5', periods: 0 }, '/periods'], ['half a redemption', { code: 'ABC', percent: '5', redemptionsMax: 1.5 }, '/redemptionsMax'], ['over already', { code: 'ABC', percent: '5', expiresAt: 1 }, '/expiresAt'],
    ];
    for (const [name, coupon, pointer] of cases) assert.equal((await refusalOf(coupons.create(admin, coupon))).errors[0]!.pointer, pointer, name);
    assert.equal((await refusalOf(coupons.create(viewer, { code: 'ABC', percent: '5' }))).code, 'role_forbids');
    await coupons.create(admin, { code: 'ABC', percent: '5' });
    assert.equal((await refusalOf(coupons.create(admin, { code: 'abc', percent: '6' }))).code, 'conflict');
    assert.equal((await refusalOf(coupons.archive(admin, { code: 'NONE' }))).code, 'not_found');
    assert.deepEqual((await coupons.list(admin)).map(({ code, percent }) => [code, percent]), [['ABC', '5']]);
  });

  test('with one redemption left are redeemed by one of two at once', async () => {
    const { coupons, deps, plans, id, ada } = await open();
    await coupons.create(admin, { code: 'LAST', percent: '5', redemptionsMax: 1 });
    const bob = await addConsumer(deps, 'bob');
    const { id: other } = await plans.subscribe(bob, { productSlug: 'atlas', planSlug: 'ten' });
    const outcomes = await Promise.allSettled([coupons.redeem(ada, { subscriptionId: id, code: 'LAST' }), coupons.redeem(bob, { subscriptionId: other, code: 'LAST' })]);
    assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  });
});
