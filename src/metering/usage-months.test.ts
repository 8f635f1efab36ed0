import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { it } from 'node:test';
import fc from 'fast-check';
import type { Query } from '../store/database.ts';
import { forEachEngine } from '../store/testkit.ts';
import { ledgerSink } from './ledger.ts';
import { requestRecord } from './sample-records.testkit.ts';
import { monthsAndLedger, quietLog } from './testkit.ts';

const at = (iso: string): number => Date.parse(iso);
const anchors = { sub_a: at('2026-01-31'), sub_b: at('2026-01-01'), sub_c: at('2026-02-15') };

async function subscribe(query: Query): Promise<void> {
  await query.insertInto('consumer').values({ id: 'con_1', name: 'Ada', origin: 'sign-up', created_at: 1, blocked_at: null, verified_at: null, first_success_at: null, first_live_success_at: null, first_key_at: null }).execute();
  await query.insertInto('product').values({ id: 'prd_1', slug: 'a', name: 'A', description: '', layer: null, owner: null, access: 'public', position: 0, upstream: 'http://a', test_upstream: null, config: '{}', created_at: 1, updated_at: 1, removed_at: null }).execute();
  await query.insertInto('plan').values({ id: 'pln_1', product_id: 'prd_1', slug: 'free', name: 'Free', position: 0, access: 'public', is_default: 1, current_revision_id: 'rev_1', archived_at: null, created_at: 1 }).execute();
  await query.insertInto('plan_revision').values({ id: 'rev_1', plan_id: 'pln_1', number: 1, config: '{}', created_at: 1 }).execute();
  for (const [id, anchor] of Object.entries(anchors)) await query.insertInto('subscription').values({ id, consumer_id: 'con_1', product_id: 'prd_1', plan_id: 'pln_1', plan_revision_id: 'rev_1', state: 'active', anchor_at: anchor, created_at: anchor, ended_at: null }).execute();
}

const call = fc.record({
  subscriptionId: fc.constantFrom('sub_a', 'sub_b', 'sub_c', 'sub_unknown'), mode: fc.constantFrom('live' as const, 'live' as const, 'test' as const), at: fc.integer({ min: at('2026-01-20'), max: at('2026-05-20') }), operation: fc.constantFrom('getCity', 'listCities'),
  units: fc.constantFrom<Record<string, string>>({}, { tokens: '1.25' }, { tokens: '3' }, { tokens: '0.000000000001', rows: '99999999999999999999' }),
});

forEachEngine('the months of the ledger', ({ open }) => {
  it('hold what the ledger counts, after every batch', async () => {
    const database = await open();
    await subscribe(database.kysely);
    let number = 0;
    await fc.assert(fc.asyncProperty(fc.array(fc.array(call, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 }), async (batches) => {
      await database.kysely.deleteFrom('usage').execute();
      await database.kysely.deleteFrom('usage_month').execute();
      const sink = ledgerSink({ database, clock: { now: () => at('2026-06-01'), monotonicNs: () => 0n }, random: (bytes) => Buffer.alloc(bytes, ++number), log: quietLog });
      for (const calls of batches) {
        await sink.apply({ records: calls.map((fields) => requestRecord({ ...fields, origin: 'try-it' })), lines: [], runs: [], advances: [] });
        const { months, ledger } = await monthsAndLedger(database.kysely);
        assert.deepEqual(months, ledger);
      }
    }), { numRuns: 12 });
  });

  it('stay as they were when the batch is not committed', async () => {
    const database = await open();
    await subscribe(database.kysely);
    const deps = { clock: { now: () => at('2026-06-01'), monotonicNs: () => 0n }, random: (bytes: number) => Buffer.alloc(bytes, 1), log: quietLog };
    const record = requestRecord({ subscriptionId: 'sub_a', at: at('2026-03-01'), origin: 'try-it' });
    await ledgerSink({ ...deps, database }).apply({ records: [record], lines: [], runs: [], advances: [] });
    const before = await monthsAndLedger(database.kysely);
    const failing = { ...database, transaction: <T>(work: (query: Query) => Promise<T>): Promise<T> => database.transaction(async (query) => {
      await work(query);
      throw new Error('the end');
    }) };
    await assert.rejects(async () => ledgerSink({ ...deps, database: failing }).apply({ records: [record, record], lines: [], runs: [], advances: [] }), /the end/);
    assert.deepEqual(await monthsAndLedger(database.kysely), before);
    assert.ok(before.months.length === 1);
  });
});
