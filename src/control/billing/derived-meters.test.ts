import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openDuckdbEventStore } from '../../events/duckdb/event-store.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { createConfiguration } from '../configuration/configuration.ts';
import { exportConfig } from '../configuration/export-config.ts';
import { admin, atlasDocument } from '../testkit.ts';
import { openBilling } from './testkit.ts';

const plans = `
      - { slug: free, name: Free, default: true, currency: usd }
      - { slug: usage, name: Usage, currency: usd, interval: month, prices: [ { meter: lookups, model: unit, unitPrice: "0.10" }, { meter: answers, model: unit, unitPrice: "0.01" } ] }`;
const textOf = (operations: string): string => `portal: { name: Atlas Developers }\nproducts:\n  - slug: atlas\n    name: Atlas API\n    upstream: http://127.0.0.1:4010\n    meters: [ { name: lookups, operations: [${operations}] }, { name: answers, only: successes } ]\n    versions: [ { name: v1, openapi: atlas.yaml } ]\n    plans:${plans}\n`;

forEachEngine('derived meters', (stores) => {
  async function open(t: TestContext) {
    const events = await openDuckdbEventStore({ file: join(await stores.folder(), 'events.duckdb'), threads: 1, memoryMb: 64 });
    t.after(() => events.close());
    const billing = await openBilling(await stores.open(), { events });
    const apply = (operations: string) => createConfiguration(billing.deps, billing.gateways).apply(admin, { bundle: { file: 'portico.yaml', text: textOf(operations), files: [{ path: 'atlas.yaml', text: atlasDocument }] }, dryRun: false, prune: true });
    await apply('getCity');
    await billing.consumer('ada');
    await billing.subscribe('sub_1', 'con_ada', { plan: 'usage', periods: [['2026-08-01', '2026-09-01'], ['2026-09-01', '2026-10-01']] });
    return { ...billing, apply };
  }

  test('are billed from the rows of their operations, late usage too, and lines open to those rows', async (t) => {
    const { use, at, run, documents, invoices } = await open(t);
    await use('sub_1', 'requests', '30', '2026-08-10T05:00:00Z', 'getCity');
    await use('sub_1', 'requests', '500', '2026-08-10T05:00:00Z', 'listCities');
    await use('sub_1', 'successes', '20', '2026-08-10T05:00:00Z', 'listCities');
    at('2026-09-01T02:00:00Z');
    await run();
    await use('sub_1', 'requests', '31', '2026-08-10T05:00:00Z', 'getCity');
    await use('sub_1', 'requests', '900', '2026-08-10T05:00:00Z', 'listCities');
    at('2026-10-01T02:00:00Z');
    await run();
    assert.deepEqual(await documents(), ['INV-000001 invoice finalised 3.20 open 3.20: usage lookups 3.00, usage answers 0.20', 'INV-000002 invoice finalised 0.10 open 0.10: usage lookups 0.00, usage answers 0.00, late-usage lookups 0.10']);
    const first = (await invoices.list(admin, { sort: 'number' })).invoices.find(({ number }) => number === 'INV-000001')!;
    const { operations } = await invoices.getLineSources(admin, { id: first.id, position: 0 });
    assert.deepEqual(operations, [{ operation: 'getCity', quantity: '31' }]);
    const { meters } = await invoices.reconcile(admin, { from: Date.parse('2026-08-01'), to: Date.parse('2026-09-01') });
    assert.deepEqual(meters.filter(({ meter }) => meter === 'lookups' || meter === 'answers').map(({ meter, ledger, invoiced, ledgerLessInvoiced }) => [meter, ledger, invoiced, ledgerLessInvoiced]), [['answers', '20', '20', '0'], ['lookups', '31', '31', '0']]);
  });

  test('another definition is another revision of the plan: who pays by the old one keeps it', async (t) => {
    const { use, at, run, documents, apply, query } = await open(t);
    await apply('getCity, listCities');
    assert.deepEqual((await query.selectFrom('plan_revision').innerJoin('plan', 'plan.id', 'plan_revision.plan_id').select('number').where('plan.slug', '=', 'usage').orderBy('number').execute()).map(({ number }) => number), [1, 2, 3], 'the one of the test kit comes first');
    await use('sub_1', 'requests', '30', '2026-08-10T05:00:00Z', 'listCities');
    at('2026-09-01T02:00:00Z');
    await run();
    assert.deepEqual(await documents(), []);
  });

  test('an operation that no version has is refused at its place', async (t) => {
    const { apply } = await open(t);
    await assert.rejects(apply('getCity, getTown'), (error: { errors: { pointer: string; detail: string }[] }) => {
      assert.deepEqual(error.errors.map(({ pointer, detail }) => [pointer, detail]), [['/products/0/meters/0/operations/1', 'No version of "atlas" has the operation "getTown".']]);
      return true;
    });
  });

  test('are exported as they were written', async (t) => {
    const { query } = await open(t);
    assert.match((await exportConfig(query)).text, /- name: lookups\n\s+operations:\n\s+- getCity\n\s+- name: answers\n\s+only: successes/);
  });
});
