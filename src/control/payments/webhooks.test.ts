import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { admin, refusalOf } from '../testkit.ts';
import { openMethodPage, openPaymentPage } from './payment-pages.ts';
import { openPaid } from './testkit.ts';
import { listEvents, receiveEvent, retryEvent } from './webhook-events.ts';

const minute = 60_000;

forEachEngine('webhooks', (stores) => {
  const open = async () => {
    const paid = await openPaid(await stores.open());
    return { ...paid, async [Symbol.asyncDispose]() { await paid.stripe.close(); } };
  };

  test('forged, altered, old and unsigned reports are refused, and nothing is kept', async () => {
    await using it = await open();
    const object = { id: 'pi_1', metadata: { portico_payment: 'pay_1' } };
    const { body, signature } = it.stripe.sign('payment_intent.succeeded', object);
    const refused: [string, { body: Uint8Array; signature: string | null }][] = [
      ['another secret', it.stripe.sign('payment_intent.succeeded', object, { secret: 'whsec_of_somebody' })],
      ['another body', { body: Buffer.from(body.toString().replace('pay_1', 'pay_2')), signature }],
      ['ten minutes old', it.stripe.sign('payment_intent.succeeded', object, { at: Math.floor(it.deps.clock.now() / 1000) - 600 })],
      ['unsigned', { body, signature: null }],
      ['no signature at all', { body, signature: 'nonsense' }],
      ['no JSON', { body: Buffer.from('{'), signature }],
    ];
    for (const [name, sent] of refused) assert.equal((await refusalOf(receiveEvent(it.paying, sent))).code, 'input_invalid', name);
    assert.deepEqual(await listEvents(it.query, { failed: false }), []);
    await receiveEvent(it.paying, { body, signature });
    assert.equal((await listEvents(it.query, { failed: false })).length, 1);
  });

  test('reports that come twice, late, swapped or false about a state leave what Stripe says now', async () => {
    await using it = await open();
    const { invoiceId } = await it.owing('ada', { card: { fate: 'processing' } });
    await it.work();
    const intent = it.stripe.intents[0]!;
    const before = structuredClone(intent);
    it.stripe.finishProcessing(intent.id, 'paid');
    await it.webhook('payment_intent.succeeded', intent, { id: 'evt_paid' });
    await it.webhook('payment_intent.succeeded', intent, { id: 'evt_paid' });
    await it.work();
    const paid = 'paid paid open 0.00: succeeded 10.00';
    assert.equal(await it.standing(invoiceId), paid);
    await it.webhook('payment_intent.processing', before);
    await it.webhook('payment_intent.payment_failed', { ...before, status: 'requires_payment_method' });
    await it.webhook('payment_intent.succeeded', intent, { id: 'evt_paid' });
    await it.work();
    assert.equal(await it.standing(invoiceId), paid);
    assert.equal((await listEvents(it.query, { failed: false })).length, 3);
    assert.equal(Number((await it.query.selectFrom('audit_entry').where('action', '=', 'paid').select((eb) => eb.fn.countAll().as('count')).executeTakeFirstOrThrow()).count), 1);
  });

  test('a report that is quicker than our own write is worked off once that is there; one about nothing is given up, and a member repeats it', async () => {
    await using it = await open();
    const { invoiceId } = await it.owing('ada', { card: { fate: 'processing' } });
    await it.work();
    const intent = it.stripe.intents[0]!;
    const row = await it.query.selectFrom('payment').selectAll().executeTakeFirstOrThrow();
    await it.query.deleteFrom('payment').execute();
    it.stripe.finishProcessing(intent.id, 'paid');
    await it.webhook('payment_intent.succeeded', intent);
    await it.work();
    assert.deepEqual((await listEvents(it.query, { failed: true })).map(({ attempts, error }) => [attempts, error]), [[1, `There is no payment ${row.id} here, or not yet.`]]);
    await it.query.updateTable('invoice').set({ payment_state: 'processing' }).where('id', '=', invoiceId).execute();
    for (let attempt = 0; attempt < 12; attempt++) {
      it.advance(7 * 60 * minute);
      await it.work();
    }
    const [event] = await listEvents(it.query, { failed: true });
    assert.deepEqual([event!.attempts, event!.nextAttemptAt], [12, null]);
    await it.query.insertInto('payment').values(row).execute();
    await retryEvent(it.paying, admin, event!.id);
    await it.work();
    assert.equal(await it.standing(invoiceId), 'paid paid open 0.00: succeeded 10.00');
    assert.equal((await refusalOf(retryEvent(it.paying, admin, event!.id))).code, 'conflict');
  });

  test('a method that is entered on Stripe’s page is kept, and pays what was declined before', async () => {
    await using it = await open();
    const { invoiceId, consumerId } = await it.owing('ada', { card: { fate: 'declined' } });
    await it.work();
    assert.equal(await it.standing(invoiceId), 'finalised failed open 10.00: failed 10.00');
    await openMethodPage(it.paying, admin, { consumerId, returnPath: '/dashboard/payment' });
    await it.webhook('checkout.session.completed', it.stripe.finishPage(it.stripe.sessions[0]!.id, { brand: 'mastercard', last4: '4444' }));
    await it.work();
    assert.equal(await it.standing(invoiceId), 'paid paid open 0.00: failed 10.00, succeeded 10.00');
    assert.equal((await it.query.selectFrom('payment_customer').select('method_label').executeTakeFirstOrThrow()).method_label, 'Mastercard ending in 4444, until 12/2030');
  });

  test('an invoice that is paid on Stripe’s page is charged there alone; a page that is left closes and the schedule goes on', async () => {
    await using it = await open();
    const { invoiceId } = await it.owing('ada', { card: null });
    const page = await openPaymentPage(it.paying, admin, { invoiceId, returnPath: '/dashboard/invoices/x' });
    assert.deepEqual(await openPaymentPage(it.paying, admin, { invoiceId, returnPath: '/dashboard/invoices/x' }), page, 'the same page while it is open');
    assert.equal(await it.standing(invoiceId), 'finalised pending open 10.00: pending 10.00');
    assert.match((await refusalOf(it.invoices.markPaid(admin, { id: invoiceId }))).message, /A payment page for INV-000001 is open/);
    it.stripe.sessions[0]!['status'] = 'expired';
    await it.webhook('checkout.session.expired', it.stripe.sessions[0]!);
    await it.work();
    assert.equal(await it.standing(invoiceId), 'finalised none open 10.00: cancelled 10.00');
    it.advance(40 * minute);
    await openPaymentPage(it.paying, admin, { invoiceId, returnPath: '/dashboard/invoices/x' });
    await it.webhook('checkout.session.completed', it.stripe.finishPage(it.stripe.sessions[1]!.id));
    await it.work();
    await it.work();
    assert.equal(await it.standing(invoiceId), 'paid paid open 0.00: cancelled 10.00, succeeded 10.00');
    assert.equal(it.stripe.charges().length, 1);
  });

  test('what was paid twice over goes back', async () => {
    await using it = await open();
    const { invoiceId } = await it.owing('ada', { card: null });
    await openPaymentPage(it.paying, admin, { invoiceId, returnPath: '/dashboard' });
    await it.invoices.credit(admin, { id: invoiceId, lines: [{ position: 0, amount: '4.00' }], reason: 'an outage' });
    await it.webhook('checkout.session.completed', it.stripe.finishPage(it.stripe.sessions[0]!.id));
    await it.work();
    assert.deepEqual(it.stripe.refunds.map(({ amount }) => amount), [400]);
    assert.equal(await it.standing(invoiceId), 'paid paid open 0.00: succeeded -4.00, succeeded 10.00');
  });
});
