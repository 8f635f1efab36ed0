import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { createCoupons } from '../coupons/coupons.ts';
import { admin } from '../testkit.ts';
import { openBilling } from './testkit.ts';

forEachEngine('coupons of billed periods', (stores) => {
  test('a period without a bill uses up nothing of a coupon, one with a bill does', async () => {
    const billing = await openBilling(await stores.open());
    billing.at('2026-08-01T00:00:00Z');
    await billing.consumer('ada');
    await billing.subscribe('sub_1', 'con_ada', { plan: 'usage', periods: [['2026-08-01', '2026-09-01'], ['2026-09-01', '2026-10-01'], ['2026-10-01', '2026-11-01']] });
    const coupons = createCoupons(billing.deps);
    await coupons.create(admin, { code: 'ONCE', percent: '50', periods: 1 });
    await coupons.redeem(admin, { subscriptionId: 'sub_1', code: 'ONCE' });
    await billing.use('sub_1', 'requests', '30', '2026-09-10T05:00:00Z');
    await billing.use('sub_1', 'requests', '30', '2026-10-10T05:00:00Z');
    billing.at('2026-11-01T02:00:00Z');
    await billing.run();
    assert.deepEqual(await billing.documents(), ['INV-000001 invoice finalised 1.50 open 1.50: usage requests 3.00, usage tokens 0.00, coupon -1.50', 'INV-000002 invoice finalised 3.00 open 3.00: usage requests 3.00, usage tokens 0.00']);
    await coupons.create(admin, { code: 'OTHER', percent: '50' });
    const held = async (code: string) => (await coupons.get(admin, { code })).holders.map(({ consumerName, subscriptionId, periodsLeft, invoices, tookOff }) => ({ consumerName, subscriptionId, periodsLeft, invoices, tookOff }));
    assert.deepEqual(await held('once'), [{ consumerName: 'ada', subscriptionId: 'sub_1', periodsLeft: 0, invoices: 1, tookOff: [{ currency: 'usd', amount: '1.50' }] }]);
    assert.deepEqual(await held('OTHER'), []);
    await coupons.redeem(admin, { subscriptionId: 'sub_1', code: 'OTHER' });
    assert.deepEqual((await held('OTHER'))[0]?.tookOff, [], 'what another coupon took off is not its own');
  });

  test('a bill that is made void gives its coupon back, once; what comes late for its period uses it again', async () => {
    const { at, consumer, subscribe, deps, use, run, invoices, documents } = await openBilling(await stores.open());
    at('2026-08-01T00:00:00Z');
    await consumer('ada');
    await subscribe('sub_1', 'con_ada', { plan: 'usage', periods: [['2026-08-01', '2026-09-01'], ['2026-09-01', '2026-10-01']] });
    const coupons = createCoupons(deps);
    await coupons.create(admin, { code: 'ONCE', percent: '50', periods: 1 });
    await coupons.redeem(admin, { subscriptionId: 'sub_1', code: 'ONCE' });
    const left = async () => (await coupons.listRedeemed(admin, { subscriptionId: 'sub_1' })).map(({ periodsLeft }) => periodsLeft);
    await use('sub_1', 'requests', '30', '2026-08-10T05:00:00Z');
    at('2026-09-01T02:00:00Z');
    await run();
    assert.deepEqual(await left(), [0]);
    await invoices.void(admin, { id: 'INV-000001', reason: 'wrong account' });
    assert.deepEqual(await left(), [1]);
    await use('sub_1', 'requests', '40', '2026-08-10T05:00:00Z');
    await use('sub_1', 'requests', '10', '2026-09-10T05:00:00Z');
    at('2026-10-01T02:00:00Z');
    await run();
    assert.deepEqual([await left(), await documents()], [[0], [
      'INV-000001 invoice void 1.50 open 0.00: usage requests 3.00, usage tokens 0.00, coupon -1.50', 'INV-000002 invoice finalised 1.50 open 1.50: usage requests 1.00, usage tokens 0.00, late-usage requests 1.00, coupon -0.50',
    ]]);
  });
});
