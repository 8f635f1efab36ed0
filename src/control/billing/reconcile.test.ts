import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDuckdbEventStore } from '../../events/duckdb/event-store.ts';
import { ledgerSink } from '../../metering/ledger.ts';
import { requestRecord } from '../../metering/sample-records.testkit.ts';
import { quietLog } from '../../metering/testkit.ts';
import { forEachEngine } from '../../store/testkit.ts';
import type { Reconciliation } from '../services.ts';
import { admin, refusalOf } from '../testkit.ts';
import { openBilling } from './testkit.ts';

const august: [string, string] = ['2026-08-01', '2026-09-01'];
const range = { from: Date.parse('2026-08-05'), to: Date.parse('2026-08-06') };

forEachEngine('reconciliation', (stores) => {
  /** Ada called 5 times in August, 4 of them billed below 500; each call is in both stores, as ingest leaves it. */
  async function open() {
    const database = await stores.open();
    const events = await openDuckdbEventStore({ file: join(await stores.folder(), 'events.duckdb'), threads: 1, memoryMb: 64 });
    const billing = await openBilling(database, { events });
    const ada = await billing.consumer('ada');
    await billing.subscribe('sub_1', 'con_ada', { plan: 'usage', periods: [august] });
    const { id: productId } = await database.kysely.selectFrom('product').select('id').executeTakeFirstOrThrow();
    const call = (at: string, more: object = {}) => requestRecord({ at: Date.parse(at), consumerId: 'con_ada', subscriptionId: 'sub_1', productId, units: { tokens: '2.5' }, requestBytes: 10, responseBytes: 20, ...more });
    const calls = [call('2026-08-01T00:00:00Z'), call('2026-08-05T05:00:00Z', { operation: 'getCity' }), call('2026-08-05T06:00:00Z', { upstreamStatus: 404, status: 404 }), call('2026-08-31T23:59:59.999Z'), call('2026-08-31T12:00:00Z', { upstreamStatus: 503, status: 503 }), call('2026-09-01T00:00:00Z')];
    await ledgerSink({ database, clock: billing.deps.clock, random: randomBytes, log: quietLog }).apply({ records: calls, lines: [], runs: [], advances: [] });
    await events.load({ requests: calls.map(({ kind: _kind, ...event }) => event), completions: [], refusals: [], positions: [] });
    billing.at('2026-09-01T02:00:00Z');
    await billing.run();
    const rows = async (input: object = {}) => {
      const { meters, differing } = await billing.invoices.reconcile(admin, { ...range, ...input });
      return [differing, meters.map((row) => `${row.meter} ${row.gateway} ${row.ledger} ${row.invoiced} ${row.gatewayLessLedger} ${row.ledgerLessInvoiced} ${row.invoiceNumber}`)];
    };
    return { ...billing, ada, events, calls, rows };
  }

  test('gateway, ledger and invoice count the same calls; what has no price is counted and not invoiced', async (t) => {
    const { rows, events, invoices, ada } = await open();
    t.after(() => events.close());
    assert.deepEqual(await rows(), [0, ['bytes 120 120 null 0 null INV-000001', 'requests 4 4 4 0 0 INV-000001', 'successes 3 3 null 0 null INV-000001', 'tokens 10.0 10.0 10.0 0.0 0.0 INV-000001']]);
    assert.deepEqual(await rows({ email: 'ada@example.com', differing: true }), [0, []]);
    assert.deepEqual(await rows({ from: Date.parse('2026-07-01'), to: Date.parse('2026-08-01') }), [0, []]);
    for (const bad of [{ limit: 0 }, { limit: 501 }, { cursor: 'none' }]) assert.equal((await refusalOf(invoices.reconcile(admin, { ...range, ...bad }))).errors[0]?.pointer, `/${Object.keys(bad)[0]}`);
    assert.equal((await refusalOf(invoices.reconcile(ada, range))).code, 'role_forbids');
    assert.equal((await refusalOf(invoices.reconcile(admin, { from: 5, to: 5 }))).code, 'input_invalid');
  });

  test('pages through periods of one day and of others, each once', async (t) => {
    const { invoices, events, consumer, subscribe } = await open();
    t.after(() => events.close());
    await consumer('bob');
    for (const [index, from] of ['2026-08-01', '2026-08-01', '2026-08-02'].entries()) await subscribe(`sub_b${index}`, 'con_bob', { plan: 'usage', periods: [[from, '2026-09-02']] });
    const whole = await invoices.reconcile(admin, range);
    const seen: string[] = [];
    let pages = 0;
    for (let cursor: string | null | undefined; cursor !== null; pages++) {
      const page: Reconciliation = await invoices.reconcile(admin, { ...range, cursor, limit: 1 });
      assert.deepEqual(page.money, whole.money, 'the money is of all');
      seen.push(...page.meters.map(({ period, meter }) => `${period.id} ${meter}`));
      cursor = page.nextCursor;
    }
    assert.deepEqual([pages, whole.nextCursor], [4, null]);
    assert.deepEqual(seen, whole.meters.map(({ period, meter }) => `${period.id} ${meter}`));
  });

  test('what the ledger lacks, and what came after the bill, are differences; events that are gone are none', async (t) => {
    const { rows, events, use, at } = await open();
    t.after(() => events.close());
    await use('sub_1', 'requests', '7', '2026-08-20T05:00:00Z');
    assert.deepEqual(await rows({ differing: true }), [1, ['requests 4 11 4 -7 7 INV-000001']]);
    at('2027-09-01T00:00:00Z');
    assert.deepEqual(await rows({ differing: true }), [1, ['requests null 11 4 null 7 INV-000001']]);
  });

  test('a line opens to its operations, days and requests, for its own consumer and nobody else', async (t) => {
    const { invoices, events, calls, ada, consumer, at } = await open();
    t.after(() => events.close());
    const invoice = await invoices.get(ada, 'INV-000001');
    const { position } = invoice.lines.find(({ meter }) => meter === 'requests')!;
    const sources = await invoices.getLineSources(ada, { id: invoice.id, position });
    assert.deepEqual(sources.operations, [{ operation: 'getCity', quantity: '1' }, { operation: 'listCities', quantity: '3' }]);
    assert.deepEqual(sources.days.map(({ day, quantity }) => `${new Date(day).toISOString().slice(0, 10)} ${quantity}`), ['2026-08-01 1', '2026-08-05 2', '2026-08-31 1']);
    assert.deepEqual(sources.requests.map(({ id }) => id), [calls[3]!.id, calls[2]!.id, calls[1]!.id, calls[0]!.id]);
    assert.equal((await refusalOf(invoices.getLineSources(await consumer('bob'), { id: invoice.id, position }))).code, 'not_found');
    assert.equal((await refusalOf(invoices.getLineSources(ada, { id: invoice.id, position: 99 }))).code, 'not_found');
    at('2027-09-01T00:00:00Z');
    assert.deepEqual((await invoices.getLineSources(ada, { id: invoice.id, position })).requests, [], 'their events may be gone');
  });
});
