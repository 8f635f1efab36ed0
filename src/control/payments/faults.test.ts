// Faults are caused, not pretended: sockets are cut, answers are lost, Stripe fails, cards are declined.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { admin, refusalOf } from '../testkit.ts';
import type { Fault } from './stripe/stripe-server.testkit.ts';
import { openPaid } from './testkit.ts';

const hour = 3_600_000;

forEachEngine('payments through faults', (stores) => {
  const open = async () => {
    const paid = await openPaid(await stores.open());
    return { ...paid, async [Symbol.asyncDispose]() { await paid.stripe.close(); } };
  };

  const faults: [name: string, pattern: RegExp, fault: Fault][] = [
    ['the request to prepare is lost', /POST .*payment_intents$/, 'before'],
    ['the answer to prepare is lost', /POST .*payment_intents$/, 'after'],
    ['the request to charge is lost', /POST .*confirm$/, 'before'],
    ['the socket is cut after the charge', /POST .*confirm$/, 'after'],
    ['Stripe fails while it prepares', /POST .*payment_intents$/, 500],
    ['Stripe fails while it charges', /POST .*confirm$/, 500],
    ['too many requests', /POST .*confirm$/, 429],
    ['another request holds the payment', /POST .*confirm$/, 409],
    ['the key is not accepted for a while', /POST .*payment_intents$/, 401],
  ];
  test('an invoice is charged once, whatever happens to one request', async (t) => {
    await using it = await open();
    for (const [index, [name, pattern, fault]] of faults.entries()) {
      await t.test(name, async () => {
        const { invoiceId } = await it.owing(`c${index}`);
        it.fail(pattern, fault);
        await it.work();
        assert.match(await it.standing(invoiceId), /^finalised (pending|processing) open 10\.00: (pending|processing) 10\.00$/, 'nothing has failed, it is only not known yet');
        it.advance(hour);
        await it.work();
        assert.equal(await it.standing(invoiceId), 'paid paid open 0.00: succeeded 10.00');
        assert.equal(it.stripe.charges().length, index + 1);
      });
    }
  });

  test('a day later, when Stripe has forgotten the key, the same payment goes on with what was prepared', async () => {
    await using it = await open();
    const { invoiceId } = await it.owing('ada');
    it.fail(/POST .*payment_intents$/, 'after');
    await it.work();
    it.advance(40 * 24 * hour);
    await it.work();
    assert.equal(await it.standing(invoiceId), 'paid paid open 0.00: succeeded 10.00');
    assert.equal(it.stripe.intents.length, 1);
  });

  test('what Stripe will never do fails with its reason, and waits for somebody', async () => {
    await using it = await open();
    const { invoiceId } = await it.owing('ada');
    it.fail(/POST .*payment_intents$/, 400);
    await it.work();
    assert.equal(await it.standing(invoiceId), 'finalised failed open 10.00: failed 10.00');
    assert.notEqual((await it.invoices.get(admin, invoiceId)).payments[0]!.error, null);
    it.advance(400 * hour);
    await it.work();
    assert.equal(it.stripe.intents.length, 0, 'it is not tried again by itself');
  });

  test('marked as paid while an attempt waits, it is not charged; while it is on its way, it is not marked', async () => {
    await using it = await open();
    const [early, late] = [await it.owing('ada'), await it.owing('bob', { card: { fate: 'processing' } })];
    it.fail(/POST .*payment_intents$/, 'before');
    it.fail(/POST .*payment_intents$/, 'before');
    await it.work();
    await it.invoices.markPaid(admin, { id: early.invoiceId });
    it.advance(hour);
    await it.work();
    assert.equal(await it.standing(early.invoiceId), 'paid paid open 0.00: cancelled 10.00, succeeded 10.00');
    assert.equal(await it.standing(late.invoiceId), 'finalised processing open 10.00: processing 10.00');
    assert.match((await refusalOf(it.invoices.markPaid(admin, { id: late.invoiceId }))).message, /is being collected at this moment/);
    assert.match((await refusalOf(it.invoices.void(admin, { id: late.invoiceId, reason: 'a test' }))).message, /is being collected at this moment/);
    assert.deepEqual(it.stripe.charges(), []);
    it.stripe.finishProcessing(it.stripe.intents[0]!.id, 'paid');
    it.advance(7 * hour);
    await it.work();
    assert.equal(await it.standing(late.invoiceId), 'paid paid open 0.00: succeeded 10.00', 'it asks, although no report came');
  });

  test('a credit note that pays back refunds through Stripe, once, whatever happens to a request', async () => {
    await using it = await open();
    const { invoiceId } = await it.owing('ada');
    await it.work();
    for (const [index, fault] of (['before', 'after', 500] as const).entries()) {
      await it.invoices.credit(admin, { id: invoiceId, lines: [{ position: 0, amount: '2.00' }], reason: 'an outage', refund: true });
      it.fail(/POST .*refunds$/, fault);
      await it.work();
      it.advance(30 * 24 * hour);
      await it.work();
      assert.equal(it.stripe.refunds.length, index + 1);
    }
    assert.deepEqual(it.stripe.refunds.map(({ amount }) => amount), [200, 200, 200]);
    assert.equal(await it.standing(invoiceId), 'paid paid open 0.00: succeeded -2.00, succeeded -2.00, succeeded -2.00, succeeded 10.00');
    const { money } = await it.invoices.reconcile(admin, { from: Date.parse('2026-01-01'), to: Date.parse('2027-01-01') });
    assert.deepEqual(money.map(({ paid, difference }) => [paid, difference]), [['4.00', '0.00']]);
  });
});
