// Faults to cause in the payments; each name says what should hold.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { ensureCustomer, refreshMethod } from './payment-customers.ts';
import { payBack } from './pay-back.ts';
import { getInvoiceRow } from '../billing/write-invoice.ts';
import { openMethodPage } from './payment-pages.ts';
import { releasePayments } from './release-payments.ts';
import { openPaid } from './testkit.ts';

const day = 86_400_000;

forEachEngine('payments that go astray', (stores) => {
  const open = async () => {
    const paid = await openPaid(await stores.open());
    return { ...paid, async [Symbol.asyncDispose]() { await paid.stripe.close(); } };
  };

  test('a customer whose making got a 500 once is made a little later', async () => {
    await using it = await open();
    const { consumerId } = await it.owing('ada', { card: null });
    it.stripe.fail(/^POST \/v1\/customers$/, 500);
    await assert.rejects(ensureCustomer(it.paying, consumerId));
    it.advance(3_600_000);
    assert.match(await ensureCustomer(it.paying, consumerId), /^cus_/);
  });

  test('who is declined and then has no card at all is uncollectible in the end, not failed for ever', async () => {
    await using it = await open();
    const { invoiceId, customer } = await it.owing('ada', { card: { fate: 'declined' } });
    await it.work();
    const deps = { ...it.paying, collecting: { ...it.collecting, findMethod: async () => null } };
    await refreshMethod(deps, customer!);
    for (let days = 0; days < 60; days++) {
      it.advance(day);
      await it.work();
    }
    assert.match(await it.standing(invoiceId), /uncollectible/);
  });

  test('an attempt that was prepared but not charged does not hold its invoice when the card goes', async () => {
    await using it = await open();
    const { invoiceId, customer } = await it.owing('ada');
    for (let cut = 0; cut < 2; cut++) it.stripe.fail(/confirm$/, 'before');
    await it.work();
    await refreshMethod({ ...it.paying, collecting: { ...it.collecting, findMethod: async () => null } }, customer!);
    for (let days = 0; days < 30; days++) {
      it.advance(day);
      await it.work();
    }
    assert.doesNotMatch(await it.standing(invoiceId), /processing/);
    await releasePayments(it.query, await getInvoiceRow(it.query, invoiceId), it.paying.clock.now());
  });

  test('a card that Stripe no longer knows is followed by further attempts or the end, not by nothing', async () => {
    await using it = await open();
    const { invoiceId } = await it.owing('ada');
    await it.query.updateTable('payment_customer').set({ method: 'pm_gone' }).execute();
    for (let days = 0; days < 60; days++) {
      it.advance(day);
      await it.work();
    }
    assert.match(await it.standing(invoiceId), /uncollectible/);
  });

  test('a refund that succeeded and came back from the bank is no longer counted as paid back', async () => {
    await using it = await open();
    const { invoiceId } = await it.owing('ada');
    await it.work();
    await it.paying.database.transaction(async (query) => payBack(it.paying, query, await getInvoiceRow(query, invoiceId), { amountMinor: 400n, note: 'a test' }));
    await it.work();
    const refund = it.stripe.refunds[0]!;
    refund['status'] = 'failed';
    refund['failure_reason'] = 'lost_or_stolen_card';
    await it.webhook('refund.failed', refund);
    await it.work();
    assert.match(await it.standing(invoiceId), /failed -4\.00/);
  });

  for (const returnPath of ['@evil.example/', '//evil.example', '/\\evil.example', 'https://evil.example/', '']) {
    test(`a page does not lead back to "${returnPath}"`, async () => {
      await using it = await open();
      const { consumerId } = await it.owing('ada', { card: null });
      await assert.rejects(openMethodPage(it.paying, { kind: 'admin-token' }, { consumerId, returnPath }), { code: 'input_invalid' });
    });
  }
});
