import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { createPlans } from '../plans/plans.ts';
import { admin, refusalOf } from '../testkit.ts';
import { ensureCustomer, refreshMethod } from './payment-customers.ts';
import { openPaid } from './testkit.ts';

forEachEngine('plans that cost money', (stores) => {
  test('ask a developer for a payment method, free ones and members never', async () => {
    const it = await openPaid(await stores.open());
    const withStripe = createPlans(it.paying as never, it.gateways, it.letters);
    const byHand = createPlans(it.deps, it.gateways, it.letters);
    const [ada, bob, eve] = [await it.consumer('ada'), await it.consumer('bob'), await it.consumer('eve')];
    assert.equal((await withStripe.subscribe(ada, { productSlug: 'atlas' })).planSlug, 'free');
    for (const planSlug of ['ten', 'usage']) {
      const refusal = await refusalOf(withStripe.subscribe(ada, { productSlug: 'atlas', planSlug }));
      assert.deepEqual([refusal.code, refusal.status], ['payment_method_missing', 402]);
    }
    assert.equal((await withStripe.subscribe(admin, { consumerId: bob.consumerId, productSlug: 'atlas', planSlug: 'ten' })).planSlug, 'ten', 'a member decides for themselves');
    assert.equal((await withStripe.subscribe(bob, { productSlug: 'atlas', planSlug: 'ten' })).planSlug, 'ten', 'the plan that they have');
    assert.equal((await byHand.subscribe(eve, { productSlug: 'atlas', planSlug: 'ten' })).planSlug, 'ten', 'nothing is asked where nothing is collected');
    const customer = await ensureCustomer(it.paying, ada.consumerId);
    it.stripe.addCard(customer);
    await refreshMethod(it.paying, customer);
    assert.equal((await withStripe.subscribe(ada, { productSlug: 'atlas', planSlug: 'ten' })).planSlug, 'ten');
    await it.stripe.close();
  });
});
