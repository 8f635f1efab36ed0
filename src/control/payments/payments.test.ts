import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { openPaid } from './testkit.ts';

const day = 86_400_000;

forEachEngine('payments', (stores) => {
  const open = async () => {
    const paid = await openPaid(await stores.open());
    return { ...paid, async [Symbol.asyncDispose]() { await paid.stripe.close(); } };
  };

  test('a finalised invoice is charged with the stored card, exactly and once', async () => {
    await using it = await open();
    const [usd, jpy] = [await it.owing('ada'), await it.owing('ken', { plan: 'yen' })];
    await it.work();
    await it.work();
    assert.deepEqual(it.stripe.charges().map(({ amount }) => amount), [1000, 1000]);
    assert.deepEqual(it.stripe.intents.map(({ currency }) => currency).sort(), ['jpy', 'usd']);
    assert.equal(await it.standing(usd.invoiceId), 'paid paid open 0.00: succeeded 10.00');
    assert.equal(await it.standing(jpy.invoiceId), 'paid paid open 0: succeeded 1000');
  });

  test('nothing is charged without a method, and what is open once there is one', async () => {
    await using it = await open();
    const { invoiceId, consumerId } = await it.owing('ada', { card: null });
    await it.work();
    assert.equal(await it.standing(invoiceId), 'finalised none open 10.00: ');
    assert.deepEqual([it.stripe.requests, consumerId], [[], 'con_ada']);
  });

  test('a declined card is tried again after 3, 5 and 7 days; then the invoice is uncollectible and the subscription ends with its period', async () => {
    await using it = await open();
    const { invoiceId } = await it.owing('ada', { card: { fate: 'declined' } });
    await it.work();
    assert.equal(await it.standing(invoiceId), 'finalised failed open 10.00: failed 10.00');
    for (const days of [3, 5, 7]) {
      it.advance(days * day - 60_000);
      await it.work();
      const before = it.stripe.intents.length;
      it.advance(60_000);
      await it.work();
      assert.equal(it.stripe.intents.length, before + 1, `tried again after ${days} days`);
    }
    assert.match(await it.standing(invoiceId), /^finalised uncollectible open 10\.00: (failed 10\.00(, )?){4}$/);
    assert.equal((await it.query.selectFrom('subscription').select('cancel_at_period_end').where('id', '=', 'sub_ada').executeTakeFirstOrThrow()).cancel_at_period_end, 1);
    const kinds = await it.query.selectFrom('notice').select('kind').where('consumer_id', '=', 'con_ada').where('kind', 'like', 'payment.%').orderBy('at').execute();
    assert.deepEqual(kinds.map(({ kind }) => kind), ['payment.failed', 'payment.failed', 'payment.failed', 'payment.uncollectible']);
  });
});
