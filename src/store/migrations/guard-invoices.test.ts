import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { forEachEngine } from '../testkit.ts';

forEachEngine('invoices that are final', ({ open }) => {
  async function invoices() {
    const { kysely } = await open();
    await sql`insert into consumer (id, name, origin, created_at) values ('con_1', 'Ada', 'sign-up', 1)`.execute(kysely);
    for (const [id, number, state] of [['inv_1', 'INV-1', 'finalised'], ['inv_2', null, 'draft']]) {
      await sql`insert into invoice (id, number, kind, state, consumer_id, currency, subtotal, tax, total, credit, due, seller, buyer, created_at, payment_state) values (${id}, ${number}, 'invoice', ${state}, 'con_1', 'usd', '10.00', '0.00', '10.00', '0.00', '10.00', '{}', '{}', 1, 'none')`.execute(kysely);
      await sql`insert into invoice_line (invoice_id, position, kind, description, quantity, unit_price, amount, from_at, to_at, detail) values (${id}, 0, 'fee', 'Ten', '1', '10', '10.00', 1, 2, '{}')`.execute(kysely);
    }
    return kysely;
  }

  const refused = [
    `update invoice set total = '9.00' where id = ?`, `update invoice set number = 'INV-7' where id = ?`, `update invoice set number = null where id = ?`, `update invoice set consumer_id = 'con_2' where id = ?`, `update invoice set buyer = '{"name":"Bob"}' where id = ?`, `update invoice set tax_name = 'VAT' where id = ?`,
    `update invoice set state = 'draft' where id = ?`, `delete from invoice where id = ?`, `update invoice_line set amount = '9.00' where invoice_id = ?`, `delete from invoice_line where invoice_id = ?`,
  ];
  for (const statement of refused) {
    test(`the database refuses: ${statement}`, async () => {
      const kysely = await invoices();
      await assert.rejects(sql.raw(statement.replace('?', `'inv_1'`)).execute(kysely), /an invoice that has a number stays as it is/);
      assert.deepEqual((await sql`select invoice.number, total, state, amount from invoice join invoice_line on invoice_id = invoice.id where invoice.id = 'inv_1'`.execute(kysely)).rows, [{ number: 'INV-1', total: '10.00', state: 'finalised', amount: '10.00' }]);
      if (!statement.includes('con_2') && !statement.startsWith('delete from invoice where')) await sql.raw(statement.replace('?', `'inv_2'`)).execute(kysely);
    });
  }

  test('its state, its payment and its end may change', async () => {
    const kysely = await invoices();
    for (const set of [`payment_state = 'processing'`, `state = 'paid', paid_at = 5, payment_state = 'paid'`, `state = 'void', voided_at = 6, payment_state = 'none'`]) await sql.raw(`update invoice set ${set} where id = 'inv_1'`).execute(kysely);
    await sql`delete from invoice where id = 'inv_2'`.execute(kysely);
    assert.deepEqual((await sql`select id, state from invoice`.execute(kysely)).rows, [{ id: 'inv_1', state: 'void' }]);
  });
});
