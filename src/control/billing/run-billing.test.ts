import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { admin } from '../testkit.ts';
import { billOnce } from './crash-child.testkit.ts';
import { openBilling } from './testkit.ts';

const august: [string, string] = ['2026-08-01', '2026-09-01'];
const september: [string, string] = ['2026-09-01', '2026-10-01'];

forEachEngine('billing run', (stores) => {
  async function open(plan = 'ten', periods = [august]) {
    const billing = await openBilling(await stores.open());
    await billing.consumer('ada');
    await billing.subscribe('sub_1', 'con_ada', { plan, periods });
    return billing;
  }

  test('bills each period once, finalises it with a number, and does nothing when repeated', async () => {
    const { run, use, documents, periods, at, consumer, subscribe } = await open();
    await consumer('bob');
    await subscribe('sub_2', 'con_bob', { plan: 'free', periods: [august] });
    await use('sub_1', 'requests', '250', '2026-08-10T05:00:00Z');
    await use('sub_1', 'requests', '7', '2026-08-31T23:00:00Z', 'listCities');
    await use('sub_1', 'requests', '1000', '2026-09-01T00:00:00Z');
    await use('sub_1', 'requests', '1000', '2026-07-31T23:00:00Z');
    await use('sub_1', 'requests', '1000', '2026-08-10T05:00:00Z', 'getCity', 'test');
    at('2026-09-01T01:00:00Z');
    const first = await run();
    assert.deepEqual([first.billed, first.withoutInvoice, first.finalised, first.numbers, first.waiting, first.inGrace, first.failures], [2, 1, 1, { first: 'INV-000001', last: 'INV-000001' }, null, 0, []]);
    assert.deepEqual((await documents()).map((text) => text.replace(/:.*/, '')), ['INV-000001 invoice finalised 11.57 open 11.57']);
    assert.deepEqual(await periods(), ['sub_1 2026-08-01 billed invoiced', 'sub_2 2026-08-01 billed']);
    const again = await run();
    assert.deepEqual([again.billed, again.finalised, (await documents()).length], [0, 0, 1]);
  });

  test('waits out the grace, then for the ledger, and says for whom', async () => {
    const { run, periods, at, readTo, invoices } = await open();
    at('2026-09-01T00:59:59.999Z');
    assert.deepEqual([(await run()).inGrace, await periods()], [1, ['sub_1 2026-08-01 ended']]);
    at('2026-09-01T05:00:00Z');
    const unread = [{ segment: '00000007-01-000042.spool', bytes: 512, writtenAt: Date.parse('2026-09-01T00:10:00Z') }];
    for (const reached of [null, '2026-09-01T00:59:59.999Z']) {
      readTo(reached, { unread, failing: 'the disk is full' });
      const { waiting, billed } = await run();
      assert.deepEqual([billed, waiting], [0, {
        periods: 1, until: Date.parse('2026-09-01T01:00:00Z'), readUpTo: reached === null ? null : Date.parse(reached), failing: 'the disk is full',
        segments: [{ segment: '00000007-01-000042.spool', gateway: '7, thread 1', bytes: 512, writtenAt: Date.parse('2026-09-01T00:10:00Z') }],
      }]);
    }
    assert.equal((await invoices.findRun(admin))!.waiting!.periods, 1);
    readTo('2026-09-01T01:00:00Z');
    assert.deepEqual([(await run()).billed, await periods()], [1, ['sub_1 2026-08-01 billed invoiced']]);
  });

  test('usage that came late is a line of the next invoice, that names its period; each late batch once', async () => {
    const { run, use, documents, at, invoices, query } = await open('usage', [august, september]);
    await use('sub_1', 'requests', '30', '2026-08-10T05:00:00Z');
    await use('sub_1', 'tokens', '150', '2026-08-10T05:00:00Z');
    at('2026-09-01T02:00:00Z');
    await run();
    await use('sub_1', 'requests', '42', '2026-08-10T05:00:00Z');
    await use('sub_1', 'tokens', '199.5', '2026-08-10T05:00:00Z');
    await use('sub_1', 'requests', '5', '2026-09-02T05:00:00Z');
    at('2026-10-01T02:00:00Z');
    await run();
    assert.deepEqual(await documents(), ['INV-000001 invoice finalised 13.00 open 13.00: usage requests 3.00, usage tokens 10.00', 'INV-000002 invoice finalised 1.70 open 1.70: usage requests 0.50, usage tokens 0.00, late-usage requests 1.20']);
    const [, { id }] = (await invoices.list(admin, { sort: 'created' })).invoices as [unknown, { id: string }];
    const late = (await invoices.get(admin, id)).lines.at(-1)!;
    assert.deepEqual([late.quantity, late.periodId, late.from, late.to, late.detail], ['12', 'per_1_1', Date.parse('2026-08-01'), Date.parse('2026-09-01'), { plan: 'usage', billed: '30', present: '42', billedAmount: '3.00', presentAmount: '4.20' }]);
    assert.deepEqual(await query.selectFrom('billed_usage').select(['meter', 'quantity']).where('period_id', '=', 'per_1_1').orderBy('meter').execute(), [{ meter: 'requests', quantity: '42' }, { meter: 'tokens', quantity: '199.5' }]);
  });

  test('a second late batch is billed beside the first, and not again', async () => {
    const { run, use, documents, at, query } = await open('usage', [august, september, ['2026-10-01', '2026-11-01']]);
    await query.updateTable('billing_period').set({ state: 'open' }).where('id', '!=', 'per_1_1').execute();
    at('2026-09-01T02:00:00Z');
    await run();
    for (const [index, quantity] of ['10', '25'].entries()) {
      await use('sub_1', 'requests', quantity, '2026-08-10T05:00:00Z');
      await query.updateTable('billing_period').set({ state: 'ended' }).where('id', '=', `per_1_${index + 2}`).execute();
      at(index === 0 ? '2026-10-01T02:00:00Z' : '2026-11-01T02:00:00Z');
      await run();
      await run();
    }
    assert.deepEqual(await documents(), ['INV-000001 invoice finalised 1.00 open 1.00: usage requests 0.00, usage tokens 0.00, late-usage requests 1.00', 'INV-000002 invoice finalised 1.50 open 1.50: usage requests 0.00, usage tokens 0.00, late-usage requests 1.50']);
  });

  test('a subscription that has ended is billed what came late by an invoice of its own', async () => {
    const { run, use, documents, at, subscribe } = await open('free');
    await subscribe('sub_2', 'con_ada', { plan: 'usage', periods: [['2026-08-01', '2026-08-20']], ended: true });
    at('2026-09-01T02:00:00Z');
    await run();
    assert.deepEqual(await documents(), []);
    await use('sub_2', 'requests', '3', '2026-08-19T05:00:00Z');
    assert.equal((await run()).late, 1);
    assert.equal((await run()).late, 0);
    assert.deepEqual(await documents(), ['INV-000001 invoice finalised 0.30 open 0.30: late-usage requests 0.30']);
  });

  test('late usage that makes a period cheaper is given back by a credit note on its invoice', async () => {
    const { run, use, documents, at, query } = await open('bulk', [august, september]);
    await use('sub_1', 'requests', '10', '2026-08-10T05:00:00Z');
    at('2026-09-01T02:00:00Z');
    await run();
    await use('sub_1', 'requests', '14', '2026-08-10T05:00:00Z');
    at('2026-10-01T02:00:00Z');
    await run();
    assert.deepEqual(await documents(), ['INV-000001 invoice finalised 10.00 open 7.00: usage requests 10.00', 'INV-000002 credit-note paid -3.00 open 0.00: late-usage requests -3.00']);
    assert.deepEqual((await query.selectFrom('billed_usage').select('quantity').where('period_id', '=', 'per_1_1').execute()), [{ quantity: '14' }]);
  });

  for (const [credited, given] of [['8', ['INV-000003 credit-note paid -2.00 open 0.00: late-usage requests -2.00']], ['10', []]] as [string, string[]][]) {
    test(`a period that becomes cheaper after ${credited} of its 10 were credited gives back no more than is left`, async () => {
      const { run, use, documents, at, invoices } = await open('bulk', [august, september]);
      await use('sub_1', 'requests', '10', '2026-08-10T05:00:00Z');
      at('2026-09-01T02:00:00Z');
      await run();
      const { id, lines } = await invoices.get(admin, 'INV-000001');
      await invoices.credit(admin, { id, lines: [{ position: lines.find(({ amount }) => amount === '10.00')!.position, amount: credited }], reason: 'an outage' });
      await use('sub_1', 'requests', '12', '2026-08-10T05:00:00Z');
      at('2026-10-01T02:00:00Z');
      await run();
      await run();
      assert.deepEqual((await documents()).slice(2), given);
    });
  }

  test('two runs at once bill each period once and leave no number out', async () => {
    const { run, documents, at, consumer, subscribe } = await open();
    for (let each = 2; each <= 25; each++) {
      await consumer(`c${each}`);
      await subscribe(`sub_${each}`, `con_c${each}`, { plan: each % 3 === 0 ? 'free' : 'ten', periods: [august] });
    }
    at('2026-09-01T02:00:00Z');
    const runs = await Promise.all([run(), run(), run()]);
    assert.deepEqual(runs.flatMap(({ failures }) => failures), []);
    assert.equal(runs.reduce((sum, { billed }) => sum + billed, 0), 25);
    const numbers = (await documents()).map((text) => Number(text.slice(4, 10))).sort((a, b) => a - b);
    assert.deepEqual(numbers, Array.from({ length: 17 }, (_, index) => index + 1));
  });

  test('a period that cannot be billed is named, holds up its own subscription and no other', async () => {
    const { run, periods, at, consumer, subscribe, query } = await open('usage', [august, september]);
    await consumer('bob');
    await subscribe('sub_2', 'con_bob', { plan: 'ten', periods: [august] });
    // As a damaged store might have it: no way of entering it allows so many places.
    const { id, config } = await query.selectFrom('subscription').innerJoin('plan_revision', 'plan_revision.id', 'subscription.plan_revision_id').select(['plan_revision.id', 'plan_revision.config']).where('subscription.id', '=', 'sub_1').executeTakeFirstOrThrow();
    await query.updateTable('plan_revision').set({ config: config.replace('"0.10"', '"0.1000000000001"') }).where('id', '=', id).execute();
    at('2026-10-01T02:00:00Z');
    const { failures } = await run();
    assert.deepEqual(failures.map(({ subscriptionId }) => subscriptionId), ['sub_1']);
    assert.match(failures[0]!.message, /more than 12 decimal places/);
    assert.deepEqual(await periods(), ['sub_1 2026-08-01 ended', 'sub_1 2026-09-01 ended', 'sub_2 2026-08-01 billed invoiced']);
  });

  test('a period that is anchored on the 31st ends with February, to the moment, and the next keeps its day', async () => {
    const { subscribe, consumer, deps, query, documents } = await openBilling(await stores.open());
    await consumer('ada');
    await subscribe('sub_1', 'con_ada', { plan: 'ten', periods: [['2028-01-31', '2028-02-29']] });
    await query.updateTable('billing_period').set({ state: 'open' }).execute();
    const states = async (now: string) => {
      const run = await billOnce(deps.database, Date.parse(now));
      const periods = await query.selectFrom('billing_period').select(['from_at', 'to_at', 'state']).orderBy('from_at').execute();
      return [run.billed, run.inGrace, periods.map((row) => `${new Date(row.from_at).toISOString().slice(5, 10)} ${new Date(row.to_at).toISOString().slice(5, 10)} ${row.state}`)];
    };
    assert.deepEqual(await states('2028-02-28T23:59:59.999Z'), [0, 0, ['01-31 02-29 open']]);
    assert.deepEqual(await states('2028-02-29T00:00:00.000Z'), [0, 1, ['01-31 02-29 ended', '02-29 03-31 open']]);
    assert.deepEqual(await states('2028-02-29T00:59:59.999Z'), [0, 1, ['01-31 02-29 ended', '02-29 03-31 open']]);
    assert.deepEqual(await states('2028-02-29T01:00:00.000Z'), [1, 0, ['01-31 02-29 billed', '02-29 03-31 open']]);
    assert.deepEqual(await states('2028-05-01T00:00:00.000Z'), [2, 0, ['01-31 02-29 billed', '02-29 03-31 billed', '03-31 04-30 billed', '04-30 05-31 open']]);
    assert.equal((await documents()).length, 3);
  });

  test('drafts wait for a member where they are finalised by hand', async () => {
    const { run, documents, at, billing, invoices } = await open();
    await billing.changeSettings(admin, { finalise: 'by-hand', numberPrefix: 'ATLAS/', dueDays: 0 });
    at('2026-09-01T02:00:00Z');
    assert.equal((await run()).drafts, 1);
    const [draft] = (await invoices.list(admin, {})).invoices;
    assert.equal((await invoices.list({ kind: 'developer', developerId: 'dev_ada', consumerId: 'con_ada', email: 'ada@example.com', verified: true }, {})).total, 0, 'drafts are not for developers');
    await billing.changeAccount(admin, { consumerId: 'con_ada', name: 'Ada GmbH', address: 'Weg 1\n10115 Berlin', country: 'de', taxId: null, email: null });
    await billing.setTaxRate(admin, { country: 'DE', name: 'USt', percent: '19' });
    const final = await invoices.finalise(admin, { id: draft!.id });
    assert.deepEqual([final.number, final.subtotal, final.tax, final.total, final.buyer.name, final.dueAt], ['ATLAS/000001', '10.00', { name: 'USt', percent: '19', amount: '1.90' }, '11.90', 'Ada GmbH', final.finalisedAt]);
    assert.deepEqual(await documents(), ['ATLAS/000001 invoice finalised 11.90 open 11.90: fee 10.00, usage requests 0.00']);
  });
});
