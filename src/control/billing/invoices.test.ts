import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDuckdbEventStore } from '../../events/duckdb/event-store.ts';
import type { EventStore } from '../../events/event-store.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { admin, refusalOf } from '../testkit.ts';
import { openBilling } from './testkit.ts';

forEachEngine('invoices', (stores) => {
  /** Ada's invoice over 11.57, taxed with 19 %: 13.77. */
  async function open({ credit, plan = 'ten', events }: { credit?: string; plan?: string; events?: EventStore } = {}) {
    const billing = await openBilling(await stores.open(), events && { events });
    const ada = await billing.consumer('ada');
    await billing.subscribe('sub_1', 'con_ada', { plan, periods: [['2026-08-01', '2026-09-01']] });
    await billing.use('sub_1', 'requests', '257', '2026-08-10T05:00:00Z');
    await billing.billing.changeAccount(ada, { name: 'Ada GmbH', address: 'Weg 1', country: 'DE', taxId: 'DE123', email: 'billing@ada.example' });
    await billing.billing.setTaxRate(admin, { country: 'DE', name: 'VAT', percent: '19' });
    if (credit !== undefined) await billing.query.insertInto('credit_grant').values({ id: 'crg_1', consumer_id: 'con_ada', currency: 'usd', amount: credit, remaining: credit, reason: 'gift', granted_at: 0, granted_by: 'owner', expires_at: null }).execute();
    billing.at('2026-09-01T02:00:00Z');
    await billing.run();
    const [summary] = (await billing.invoices.list(admin, {})).invoices;
    const grants = async (): Promise<string[]> => (await billing.query.selectFrom('credit_grant').select(['reason', 'remaining']).orderBy('reason', 'desc').execute()).map(({ reason, remaining }) => `${reason} ${remaining}`);
    const numbers = async (): Promise<string[]> => (await billing.documents()).map((text) => text.replace(/:.*/, ''));
    return { ...billing, ada, id: summary!.id, grants, numbers };
  }

  test('prepaid credit pays first; what it pays whole is paid', async () => {
    const part = await open({ credit: '3.77' });
    assert.deepEqual([await part.numbers(), await part.grants()], [['INV-000001 invoice finalised 13.77 open 10.00'], ['gift 0.00']]);
    const whole = await open({ credit: '20.00' });
    assert.deepEqual([await whole.numbers(), await whole.grants()], [['INV-000001 invoice paid 13.77 open 0.00'], ['gift 6.23']]);
  });

  test('marking as paid pays what is open, once, on a day that may have been', async () => {
    const { invoices, id, deps } = await open({ credit: '3.77' });
    assert.deepEqual((await refusalOf(invoices.markPaid(admin, { id, at: deps.clock.now() + 2 * 86_400_000 }))).errors.map(({ pointer }) => pointer), ['/at']);
    const paid = await invoices.markPaid(admin, { id, at: Date.parse('2026-09-01T00:00:00Z'), note: ' Transfer 77 ' });
    assert.deepEqual([paid.state, paid.open, paid.paidAt, paid.payments.map(({ provider, amount, reference }) => [provider, amount, reference])], ['paid', '0.00', Date.parse('2026-09-01T00:00:00Z'), [['manual', '10.00', 'Transfer 77']]]);
    assert.equal((await refusalOf(invoices.markPaid(admin, { id }))).code, 'conflict');
  });

  test('voiding keeps the number, gives prepaid credit back and refuses what was paid', async () => {
    const { invoices, id, numbers, grants } = await open({ credit: '3.77' });
    assert.deepEqual((await refusalOf(invoices.void(admin, { id, reason: ' ' }))).errors.map(({ pointer }) => pointer), ['/reason']);
    await invoices.void(admin, { id, reason: 'A test account' });
    assert.deepEqual([await numbers(), await grants()], [['INV-000001 invoice void 13.77 open 0.00'], ['gift 3.77']]);
    for (const refused of [() => invoices.void(admin, { id, reason: 'twice' }), () => invoices.credit(admin, { id, reason: 'no' }), () => invoices.markPaid(admin, { id }), () => invoices.finalise(admin, { id })]) assert.equal((await refusalOf(refused())).code, 'conflict');
    const paid = await open();
    await paid.invoices.markPaid(admin, { id: paid.id });
    assert.match((await refusalOf(paid.invoices.void(admin, { id: paid.id, reason: 'late' }))).message, /credit note/);
  });

  test('a credit note over everything settles what is open, and more than was billed is never given back', async () => {
    const { invoices, id, numbers } = await open();
    const note = await invoices.credit(admin, { id, reason: 'Wrong plan' });
    assert.deepEqual([note.kind, note.number, note.total, note.tax.amount, note.corrects!.number, note.lines.map((line) => `${line.kind} ${line.description} ${line.amount}`)], ['credit-note', 'INV-000002', '-13.77', '-2.20', 'INV-000001', ['reversal Ten, fee per month -10.00', ...note.lines.slice(1).map((line) => `reversal ${line.description} ${line.amount}`)]]);
    assert.deepEqual(await numbers(), ['INV-000001 invoice paid 13.77 open 0.00', 'INV-000002 credit-note paid -13.77 open 0.00']);
    assert.equal((await refusalOf(invoices.credit(admin, { id, reason: 'again' }))).code, 'conflict');
  });

  test('lines are credited in part, with their tax, until nothing is left', async () => {
    const { invoices, id, numbers, grants } = await open();
    const position = (await invoices.get(admin, id)).lines.find(({ kind, amount }) => kind === 'usage' && amount === '1.57')!.position;
    const wrong: [lines: { position: number; amount?: string }[], pointer: string][] = [
      [[{ position: 9 }], '/lines/0/position'], [[{ position: 0, amount: '10.01' }], '/lines/0/amount'], [[{ position: 0, amount: '0' }], '/lines/0/amount'], [[{ position: 0, amount: '-1' }], '/lines/0/amount'], [[{ position: 0, amount: '1.001' }], '/lines/0/amount'],
      [[{ position: 0 }, { position: 0 }], '/lines'], [[], '/lines'],
    ];
    for (const [lines, pointer] of wrong) assert.deepEqual((await refusalOf(invoices.credit(admin, { id, lines, reason: 'test' }))).errors.map((place) => place.pointer), [pointer], JSON.stringify(lines));
    for (const amount of ['3.33', '3.33']) await invoices.credit(admin, { id, lines: [{ position: 0, amount }], reason: 'part' });
    assert.deepEqual((await refusalOf(invoices.credit(admin, { id, lines: [{ position: 0, amount: '3.35' }], reason: 'test' }))).errors.map((place) => place.pointer), ['/lines/0/amount']);
    await invoices.credit(admin, { id, lines: [{ position }], reason: 'usage' });
    assert.deepEqual(await numbers(), ['INV-000001 invoice finalised 13.77 open 3.98', 'INV-000002 credit-note paid -3.96 open 0.00', 'INV-000003 credit-note paid -3.96 open 0.00', 'INV-000004 credit-note paid -1.87 open 0.00']);
    await invoices.credit(admin, { id, reason: 'the rest' });
    const { open: rest, state, lines, creditNotes } = await invoices.get(admin, id);
    assert.deepEqual([rest, state, lines.map(({ credited }) => credited), creditNotes.at(-1)!.total, await grants()], ['0.00', 'paid', lines.map(({ amount }) => (amount === '0.00' ? '0.00' : `-${amount}`)), '-3.98', []]);
  });

  test('what was paid becomes prepaid credit by a credit note, or was paid back', async (t) => {
    const events = await openDuckdbEventStore({ file: join(await stores.folder(), 'events.duckdb'), threads: 1, memoryMb: 64 });
    t.after(() => events.close());
    const kept = await open({ credit: '3.77', events });
    await kept.invoices.markPaid(admin, { id: kept.id });
    await kept.invoices.credit(admin, { id: kept.id, reason: 'Goodwill' });
    assert.deepEqual([await kept.numbers(), await kept.grants()], [['INV-000001 invoice paid 13.77 open 0.00', 'INV-000002 credit-note paid -13.77 open 0.00'], ['gift 0.00', 'Credit note INV-000002 13.77']]);
    const back = await open({ credit: '3.77', events });
    await back.invoices.markPaid(admin, { id: back.id });
    await back.invoices.credit(admin, { id: back.id, reason: 'Goodwill', refund: true });
    assert.deepEqual([(await back.invoices.get(admin, back.id)).payments.map(({ amount }) => amount).sort(), await back.grants()], [['-10.00', '10.00'], ['gift 0.00', 'Credit note INV-000002 3.77']]);
    for (const { invoices } of [kept, back]) assert.deepEqual((await invoices.reconcile(admin, { from: 0, to: Date.parse('2027-01-01') })).money.map(({ invoiced, open, difference }) => [invoiced, open, difference]), [['0.00', '0.00', '0.00']]);
  });

  test('a finalised invoice stays as it is, whatever is changed and billed afterwards', async () => {
    const { invoices, billing, id, query, subscribe, run, at, ada } = await open();
    const fixed = async () => {
      const { state: _state, overdue: _overdue, open: _open, paymentState: _paymentState, paidAt: _paidAt, creditNotes: _notes, payments: _payments, lines, ...rest } = await invoices.get(admin, id);
      return { ...rest, lines: lines.map(({ credited: _credited, ...line }) => line) };
    };
    const before = await fixed();
    await billing.changeAccount(ada, { name: 'Other', address: 'Elsewhere', country: 'FR', taxId: null, email: null });
    await billing.setTaxRate(admin, { country: 'DE', name: 'VAT', percent: '20' });
    await billing.removeTaxRate(admin, { country: 'DE' });
    await billing.changeSettings(admin, { seller: { name: 'New seller', address: 'There', country: 'DE', taxId: null, email: null }, numberPrefix: 'X-', dueDays: 90 });
    await subscribe('sub_2', 'con_ada', { plan: 'ten', periods: [['2026-09-01', '2026-10-01']] });
    at('2026-10-01T02:00:00Z');
    await run();
    await invoices.credit(admin, { id, lines: [{ position: 0, amount: '1' }], reason: 'part' });
    await invoices.markPaid(admin, { id });
    assert.equal((await refusalOf(invoices.finalise(admin, { id }))).code, 'conflict');
    assert.deepEqual(await fixed(), before);
    assert.deepEqual((await query.selectFrom('invoice').select('number').orderBy('number').execute()).map(({ number }) => number), ['INV-000001', 'X-000002', 'X-000003']);
  });

  test('who is exempt, lives elsewhere or has said nothing pays no tax', async () => {
    const cases: [name: string, account: { country: string | null; taxExempt?: boolean }, tax: string | null][] = [['exempt', { country: 'DE', taxExempt: true }, null], ['elsewhere', { country: 'FR' }, null], ['unknown', { country: null }, null], ['taxed', { country: 'DE' }, '19']];
    const billing = await openBilling(await stores.open());
    await billing.billing.setTaxRate(admin, { country: 'DE', name: 'VAT', percent: '19' });
    for (const [index, [name, account]] of cases.entries()) {
      await billing.consumer(name);
      await billing.subscribe(`sub_${index}`, `con_${name}`, { plan: 'yen', periods: [['2026-08-01', '2026-09-01']] });
      await billing.billing.changeAccount(admin, { consumerId: `con_${name}`, name, address: '', taxId: 'FR 12', email: null, ...account });
    }
    billing.at('2026-09-01T02:00:00Z');
    await billing.run();
    for (const [name, , percent] of cases) {
      const { invoices: [summary] } = await billing.invoices.list(admin, { consumerId: `con_${name}` });
      const { tax, total } = await billing.invoices.get(admin, summary!.id);
      assert.deepEqual([tax.percent, total], [percent, percent === null ? '1000' : '1190'], name);
    }
  });

  test('developers see their own, and change their own address but not whether they are exempt', async () => {
    const { invoices, billing, id, consumer, ada } = await open();
    const bob = await consumer('bob');
    assert.equal((await invoices.get(ada, 'INV-000001')).id, id);
    assert.equal((await refusalOf(invoices.get(bob, id))).code, 'not_found');
    assert.deepEqual([(await invoices.list(bob, {})).total, (await invoices.list(ada, {})).total], [0, 1]);
    const refusedToThem = [() => invoices.markPaid(ada, { id }), () => invoices.void(ada, { id, reason: 'x' }), () => invoices.credit(ada, { id, reason: 'x' }), () => invoices.run(ada), () => invoices.finalise(ada, { id }), () => billing.changeAccount(ada, { name: 'A', address: '', country: null, taxId: null, email: null, taxExempt: true })];
    for (const refused of refusedToThem) assert.equal((await refusalOf(refused())).code, 'role_forbids');
    assert.equal((await refusalOf(billing.changeAccount(ada, { consumerId: 'con_bob', name: 'A', address: '', country: null, taxId: null, email: null }))).code, 'not_found');
    assert.deepEqual((await refusalOf(billing.changeAccount(ada, { name: '', address: '', country: 'XX', taxId: null, email: null }))).errors.map(({ pointer }) => pointer), ['/country']);
  });

  test('are found by number, name, state and day, sorted, a page at a time', async () => {
    const { invoices, consumer, subscribe, run, at, numbers } = await open();
    for (const name of ['carl', 'bob', 'dora']) {
      await consumer(name);
      await subscribe(`sub_${name}`, `con_${name}`, { plan: 'ten', periods: [['2026-08-01', '2026-09-01']] });
    }
    at('2026-09-02T00:00:00Z');
    await run();
    assert.equal((await numbers()).length, 4);
    const found = async (input: Parameters<typeof invoices.list>[1]): Promise<string[]> => (await invoices.list(admin, input)).invoices.map(({ consumerName }) => consumerName);
    assert.deepEqual(await found({ sort: 'consumer' }), ['ada', 'bob', 'carl', 'dora']);
    assert.deepEqual(await found({ search: 'R', sort: '-consumer' }), ['dora', 'carl']);
    assert.deepEqual(await found({ search: '000001' }), ['ada']);
    assert.deepEqual(await found({ email: 'bob@example.com' }), ['bob']);
    assert.deepEqual(await found({ from: Date.parse('2026-09-02'), to: Date.parse('2026-09-03'), sort: 'consumer' }), ['bob', 'carl', 'dora']);
    assert.deepEqual(await found({ state: 'overdue' }), []);
    at('2026-09-20T00:00:00Z');
    assert.deepEqual([(await found({ state: 'overdue' })).length, (await found({ state: 'paid' })).length, (await found({ kind: 'credit-note' })).length], [4, 0, 0]);
    for (const sort of ['created', '-created', 'consumer', '-consumer', 'number', '-number', 'due', '-due'] as const) {
      const whole = await found({ sort });
      const paged: string[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await invoices.list(admin, { sort, cursor, limit: 1 });
        paged.push(...page.invoices.map(({ consumerName }) => consumerName));
        if (page.nextCursor === null) break;
        cursor = page.nextCursor;
      }
      assert.deepEqual(paged, whole, sort);
    }
    assert.equal((await refusalOf(invoices.list(admin, { cursor: 'x' }))).code, 'input_invalid');
  });
});
