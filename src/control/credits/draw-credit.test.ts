import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Query } from '../../store/database.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { addConsumer, openControl } from '../testkit.ts';
import { drawCredit } from './draw-credit.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 8, 10);

async function grant(query: Query, id: string, amount: string, more: { currency?: string; expires_at?: number | null; consumer_id?: string } = {}): Promise<void> {
  await query.insertInto('credit_grant').values({ id, consumer_id: 'con_ada', currency: 'usd', amount, remaining: amount, reason: 'test', granted_at: now - day, granted_by: 'owner', expires_at: null, ...more }).execute();
}

async function invoice(query: Query, id: string, currency = 'usd'): Promise<void> {
  await query.insertInto('invoice').values({ id, number: null, kind: 'invoice', state: 'draft', consumer_id: 'con_ada', subscription_id: null, period_id: null, corrects_invoice_id: null, currency, subtotal: '0', tax_name: null, tax_percent: null, tax: '0', total: '0', credit: '0', due: '0', seller: '{}', buyer: '{}', created_at: now, finalised_at: null, due_at: null, paid_at: null, voided_at: null, payment_state: 'none' }).execute();
}

forEachEngine('credit', (stores) => {
  test('is drawn by the order of expiry, in its currency, from its consumer, and never after its end', async () => {
    const { deps } = await openControl(await stores.open());
    const { kysely } = deps.database;
    await addConsumer(deps, 'ada');
    await addConsumer(deps, 'bob');
    await grant(kysely, 'crg_1', '10.00');
    await grant(kysely, 'crg_2', '5.00', { expires_at: now + 9 * day });
    await grant(kysely, 'crg_3', '3.50', { expires_at: now + 2 * day });
    await grant(kysely, 'crg_4', '99.00', { expires_at: now });
    await grant(kysely, 'crg_5', '99', { currency: 'jpy' });
    await grant(kysely, 'crg_6', '99.00', { consumer_id: 'con_bob' });
    for (const id of ['bil_1', 'bil_2', 'bil_3']) await invoice(kysely, id);
    await invoice(kysely, 'bil_4', 'jpy');
    const draw = (invoiceId: string, amount: string, currency = 'usd') => deps.database.transaction((query) => drawCredit(query, { consumerId: 'con_ada', currency, invoiceId, amount, at: now }));
    assert.equal(await draw('bil_1', '4.00'), '4.00');
    assert.equal(await draw('bil_2', '0.00'), '0.00');
    assert.equal(await draw('bil_3', '20.00'), '14.50', 'no more than there is');
    assert.equal(await draw('bil_4', '47', 'jpy'), '47');
    const left = await kysely.selectFrom('credit_grant').select(['id', 'remaining']).orderBy('id').execute();
    assert.deepEqual(left.map(({ remaining }) => remaining), ['0.00', '0.00', '0.00', '99.00', '52', '99.00']);
    const uses = await kysely.selectFrom('credit_use').select(['invoice_id', 'grant_id', 'amount']).orderBy('invoice_id').orderBy('grant_id').execute();
    assert.deepEqual(uses.map((use) => Object.values(use).join(' ')), ['bil_1 crg_2 0.50', 'bil_1 crg_3 3.50', 'bil_3 crg_1 10.00', 'bil_3 crg_2 4.50', 'bil_4 crg_5 47']);
  });

  test('is drawn once by two invoices at once', async () => {
    const database = await stores.open();
    const { deps } = await openControl(database);
    await addConsumer(deps, 'ada');
    await grant(database.kysely, 'crg_1', '10.00');
    for (const id of ['bil_1', 'bil_2']) await invoice(database.kysely, id);
    const drawn = await Promise.all(['bil_1', 'bil_2'].map((invoiceId) => database.transaction((query) => drawCredit(query, { consumerId: 'con_ada', currency: 'usd', invoiceId, amount: '7.00', at: now }))));
    assert.deepEqual(drawn.toSorted(), ['3.00', '7.00']);
  });
});
