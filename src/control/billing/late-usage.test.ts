import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareDecimals, scaleDecimal } from '../../domain/decimal.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { createConfiguration } from '../configuration/configuration.ts';
import { createCoupons } from '../coupons/coupons.ts';
import { admin, atlasDocument } from '../testkit.ts';
import { openBilling } from './testkit.ts';

const august: [string, string] = ['2026-08-01', '2026-09-01'];
const september: [string, string] = ['2026-09-01', '2026-10-01'];
const tiers = 'tiers: [ { upTo: 10, unitPrice: "1" }, { upTo: 50, unitPrice: "0.333", flatFee: "2" }, { unitPrice: "0.05" } ]';
const prices = [
  `{ meter: requests, model: volume, ${tiers} }`, `{ meter: requests, model: volume, ${tiers}, minimum: "4", maximum: "9.50" }`, `{ meter: requests, model: graduated, ${tiers}, maximum: "17" }`,
  '{ meter: requests, model: unit, unitPrice: "0.0137", included: 5, minimum: "0.30" }', '{ meter: requests, model: package, packageSize: 7, packagePrice: "0.99", included: 3 }',
];
const tokens = '{ meter: tokens, model: volume, tiers: [ { upTo: 5, unitPrice: "2" }, { unitPrice: "0.7" } ] }';
const plans = prices.flatMap((price, index) => ['0', '3.33'].map((fee) => `\n      - { slug: ${fee === '0' ? 'bare' : 'feed'}-${index}, name: P, currency: usd, interval: month, fee: "${fee}", prices: [ ${price}, ${tokens} ] }`)).join('');
const couponSets = [[], ['FIFTH'], ['FIVE', 'EIGHTH'], ['ONCE'], ['ALL']];

/** What was used of a meter by the end of the period, once the first late batch was in, and in the end. */
const grown = fc.array(fc.nat(70), { minLength: 3, maxLength: 3 }).map((parts) => parts.sort((a, b) => a - b));
const lateCase = fc.record({
  price: fc.nat(prices.length - 1), coupons: fc.constantFrom(...couponSets), bare: fc.boolean(), two: fc.boolean(), requests: grown, tokens: grown, september: grown, credit: fc.constantFrom(null, '5.00', '40.00'), taxed: fc.boolean(), pays: fc.boolean(),
});

forEachEngine('late usage', (stores) => {
  test('whenever usage arrives, invoices and corrections come to the invoice of all in time', async () => {
    const { use, at, run, query, invoices, billing, consumer, subscribe, deps, gateways, advance } = await openBilling(await stores.open(), { events: { meterTotals: async () => [] } as never });
    const text = `portal: { name: Atlas }\nproducts:\n  - slug: atlas\n    name: Atlas API\n    upstream: http://127.0.0.1:4010\n    meters: [ { name: tokens, header: X-Tokens } ]\n    versions: [ { name: v1, openapi: atlas.yaml } ]\n    plans:\n      - { slug: free, name: Free, default: true, currency: usd }${plans}\n`;
    await createConfiguration(deps, gateways).apply(admin, { bundle: { file: 'portico.yaml', text, files: [{ path: 'atlas.yaml', text: atlasDocument }] }, dryRun: false, prune: true });
    at('2026-08-01T00:00:00Z');
    const coupons = createCoupons(deps);
    for (const coupon of [{ code: 'FIFTH', percent: '20' }, { code: 'FIVE', amount: '5', currency: 'usd' }, { code: 'EIGHTH', percent: '12.5' }, { code: 'ONCE', percent: '33.33', periods: 1 }, { code: 'ALL', percent: '100', periods: 1 }]) await coupons.create(admin, coupon);
    await billing.setTaxRate(admin, { country: 'DE', name: 'VAT', percent: '7.7' });
    const seed = Math.floor(Math.random() * 2 ** 31);
    const cases = fc.sample(lateCase, { numRuns: 12, seed });
    const twins = cases.flatMap((each, index) => (['time', 'late'] as const).map((when) => ({ ...each, when, name: `${when}${index}`, id: `sub_${when}${index}` })));
    for (const twin of twins) {
      await consumer(twin.name);
      // A coupon for one bill belongs to the first that costs something: the fee says which that is, whatever comes late.
      const limited = twin.coupons.some((code) => code === 'ONCE' || code === 'ALL');
      await subscribe(twin.id, `con_${twin.name}`, { plan: `${twin.bare && !limited ? 'bare' : 'feed'}-${twin.price}`, periods: twin.two ? [august, september] : [august] });
      for (const code of twin.coupons) {
        await coupons.redeem(admin, { subscriptionId: twin.id, code });
        // In that order, which is by the millisecond.
        advance(1);
      }
      await query.updateTable('subscription').set({ state: 'ended', ended_at: Date.parse('2026-10-01') }).where('id', '=', twin.id).execute();
      if (twin.taxed) await billing.changeAccount(admin, { consumerId: `con_${twin.name}`, name: twin.name, address: '', country: 'DE', taxId: null, email: null });
      if (twin.credit !== null) await query.insertInto('credit_grant').values({ id: `crg_${twin.name}`, consumer_id: `con_${twin.name}`, currency: 'usd', amount: twin.credit, remaining: twin.credit, reason: 'gift', granted_at: 0, granted_by: 'owner', expires_at: null }).execute();
    }
    for (const [step, now] of ['2026-09-01T02:00:00Z', '2026-10-01T02:00:00Z', '2026-10-05T02:00:00Z'].entries()) {
      for (const twin of twins) {
        if (twin.when === 'time' && step > 0) continue;
        const at = twin.when === 'time' ? 2 : step;
        await use(twin.id, 'requests', String(twin.requests[at]), '2026-08-10T05:00:00Z');
        await use(twin.id, 'tokens', `${twin.tokens[at]}.5`, '2026-08-31T23:00:00Z');
        if (twin.two) await use(twin.id, 'requests', String(twin.september[at]), '2026-09-10T05:00:00Z');
      }
      at(now);
      assert.deepEqual((await run()).failures, []);
      for (const { id, consumerId } of (await invoices.list(admin, { state: 'finalised', limit: 200 })).invoices) if (twins.find(({ name }) => consumerId === `con_${name}`)!.pays) await invoices.markPaid(admin, { id });
    }
    assert.equal((await run()).late, 0, 'nothing is corrected twice');
    const documents = Map.groupBy(await query.selectFrom('invoice').select(['id', 'consumer_id', 'subtotal', 'tax', 'total']).execute(), (row) => row.consumer_id);
    const sum = (amounts: string[]): bigint => amounts.reduce((total, amount) => total + scaleDecimal(amount, 2), 0n);
    const cameTo = async (name: string) => {
      const own = documents.get(`con_${name}`) ?? [];
      const ids = own.map(({ id }) => id);
      const payments = ids.length === 0 ? [] : await query.selectFrom('payment').select('amount').where('invoice_id', 'in', ids).execute();
      const grants = await query.selectFrom('credit_grant').selectAll().where('consumer_id', '=', `con_${name}`).execute();
      const open = (await invoices.list(admin, { consumerId: `con_${name}` })).invoices.map((invoice) => invoice.open);
      const given = grants.filter(({ reason }) => reason === 'gift').map(({ amount }) => amount);
      assert.equal(sum(own.map(({ total }) => total)), sum(payments.map(({ amount }) => amount)) + sum(open) + sum(given) - sum(grants.map(({ remaining }) => remaining)), `${name}, seed ${seed}: what was charged was paid, is open, or was drawn`);
      return { subtotal: sum(own.map(({ subtotal }) => subtotal)), tax: sum(own.map(({ tax }) => tax)), count: BigInt(own.length) };
    };
    let corrected = 0;
    for (const [index, each] of cases.entries()) {
      const [inTime, late] = [await cameTo(`time${index}`), await cameTo(`late${index}`)];
      assert.equal(late.subtotal, inTime.subtotal, `seed ${seed}, ${JSON.stringify(each)}`);
      const difference = late.tax - inTime.tax;
      // Tax is rounded once per document: by half a cent each.
      assert.ok((difference < 0n ? -difference : difference) * 2n <= late.count + inTime.count, `tax ${late.tax} and ${inTime.tax}, seed ${seed}, ${JSON.stringify(each)}`);
      if (late.count > inTime.count) corrected++;
    }
    assert.ok(corrected > 0, 'no case had a document of its own for what came late');
    const lines = await query.selectFrom('invoice_line').select(['invoice_id', 'kind', 'unit_price', 'amount']).execute();
    for (const { kind, unit_price: price, amount } of lines) if (kind === 'coupon') assert.equal(compareDecimals(price, amount), 0, 'one coupon, at what it takes off');
    for (const { id, subtotal } of [...documents.values()].flat()) assert.equal(sum(lines.filter(({ invoice_id: invoiceId }) => invoiceId === id).map(({ amount }) => amount)), scaleDecimal(subtotal, 2), 'lines come to the document');
    for (const { difference } of (await invoices.reconcile(admin, { from: 0, to: Date.parse('2027-01-01') })).money) assert.equal(difference, '0.00');
  });

  test('what was charged by a late invoice is given back there; lines are whole on each note, and what people credited is not given twice', async () => {
    const { use, at, run, documents, invoices, subscribe, consumer } = await openBilling(await stores.open());
    await consumer('ada');
    at('2026-08-01T00:00:00Z');
    await subscribe('sub_1', 'con_ada', { plan: 'bulk', periods: [august], ended: true });
    const used = async (quantity: string, now: string): Promise<string[]> => {
      await use('sub_1', 'requests', quantity, '2026-08-10T05:00:00Z');
      at(now);
      await run();
      await run();
      return documents();
    };
    assert.deepEqual(await used('0', '2026-09-01T02:00:00Z'), [], 'the period has no invoice of its own');
    await used('4', '2026-09-02T02:00:00Z');
    await used('10', '2026-09-03T02:00:00Z');
    assert.deepEqual(await used('11', '2026-09-04T02:00:00Z'), [
      'INV-000001 invoice paid 4.00 open 0.00: late-usage requests 4.00', 'INV-000002 invoice finalised 6.00 open 5.50: late-usage requests 6.00', 'INV-000003 credit-note paid -4.00 open 0.00: late-usage requests -4.00', 'INV-000004 credit-note paid -0.50 open 0.00: late-usage requests -0.50',
    ]);
    await invoices.credit(admin, { id: 'INV-000002', reason: 'an outage' });
    assert.deepEqual((await used('12', '2026-09-05T02:00:00Z')).slice(4), ['INV-000005 credit-note paid -5.50 open 0.00: reversal requests -5.50', 'INV-000006 invoice finalised 0.50 open 0.50: late-usage requests 0.50']);
    const { lines } = await invoices.get(admin, 'INV-000002');
    assert.deepEqual(lines.map(({ amount, credited }) => [amount, credited]), [['6.00', '-6.00']]);
  });

  test('a period that became cheaper after it was credited in part owes the rest of what it cost, and no more', async () => {
    const { use, at, run, documents, invoices, subscribe, consumer } = await openBilling(await stores.open());
    await consumer('ada');
    at('2026-08-01T00:00:00Z');
    await subscribe('sub_1', 'con_ada', { plan: 'bulk', periods: [august], ended: true });
    const steps: [quantity: string, now: string, more: string[]][] = [
      ['10', '2026-09-01T02:00:00Z', ['INV-000001 invoice finalised 10.00 open 10.00: usage requests 10.00']],
      ['12', '2026-09-02T02:00:00Z', ['INV-000003 credit-note paid -2.00 open 0.00: late-usage requests -2.00']],
      ['16', '2026-09-03T02:00:00Z', []],
      // The period costs 10.00 again: of 8.00 that its documents hold beside the outage, 2.00 are missing.
      ['20', '2026-09-04T02:00:00Z', ['INV-000004 invoice finalised 2.00 open 2.00: late-usage requests 2.00']],
    ];
    let known = 0;
    for (const [quantity, now, more] of steps) {
      await use('sub_1', 'requests', quantity, '2026-08-10T05:00:00Z');
      at(now);
      await run();
      const all = await documents();
      assert.deepEqual(all.slice(known), more, quantity);
      if (known === 0) await invoices.credit(admin, { id: 'INV-000001', lines: [{ position: 0, amount: '8' }], reason: 'an outage' });
      known = (await documents()).length;
    }
  });
});
