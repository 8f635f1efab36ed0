import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql, type Kysely } from 'kysely';
import { forEachEngine } from '../testkit.ts';
import { beginPeriods, fillUsageMonths } from './0005-billing.ts';

forEachEngine('billing', ({ open }) => {
  test('subscriptions that exist begin the period of their anchor that holds the migration, and one that ended or waits begins none', async () => {
    const { kysely } = await open();
    const now = Date.UTC(2026, 1, 10, 12);
    await sql`insert into consumer (id, name, origin, created_at) values ('con_1', 'Ada', 'sign-up', 1)`.execute(kysely);
    await sql`insert into product (id, slug, name, description, access, position, upstream, config, created_at, updated_at) values ('prd_1', 'a', 'A', '', 'public', 0, 'http://a', '{}', 1, 1)`.execute(kysely);
    await sql`insert into plan (id, product_id, slug, name, position, access, is_default, current_revision_id, created_at) values ('pln_1', 'prd_1', 'free', 'Free', 0, 'public', 1, 'rev_1', 1)`.execute(kysely);
    await sql`insert into plan_revision (id, plan_id, number, config, created_at) values ('rev_1', 'pln_1', 1, '{}', 1)`.execute(kysely);
    for (const [id, state] of [['sub_1', 'active'], ['sub_2', 'ended'], ['sub_3', 'pending']]) {
      await sql`insert into subscription (id, consumer_id, product_id, plan_id, plan_revision_id, state, anchor_at, created_at) values (${id}, 'con_1', 'prd_1', 'pln_1', 'rev_1', ${state}, ${Date.UTC(2025, 11, 31)}, ${Date.UTC(2025, 11, 31, 9)})`.execute(kysely);
    }
    await beginPeriods(kysely as unknown as Kysely<unknown>, now);
    const periods = await kysely.selectFrom('billing_period').select(['subscription_id', 'kind', 'from_at', 'to_at', 'state']).execute();
    assert.deepEqual(periods, [{ subscription_id: 'sub_1', kind: 'regular', from_at: Date.UTC(2026, 0, 31), to_at: Date.UTC(2026, 1, 28), state: 'open' }]);
    const phases = await kysely.selectFrom('subscription_phase').select(['subscription_id', 'plan_revision_id', 'from_at', 'to_at', 'reason']).execute();
    assert.deepEqual(phases, [{ subscription_id: 'sub_1', plan_revision_id: 'rev_1', from_at: Date.UTC(2025, 11, 31, 9), to_at: null, reason: 'start' }]);
  });

  test('a ledger that is older than its months is summed by them, live calls alone, in the months of the anchor', async () => {
    const { kysely } = await open();
    const at = (iso: string): number => Date.parse(iso);
    const row = { subscription_id: 'sub_gone', meter: 'requests', operation: 'a', version: 'v1', mode: 'live' as const, hour: at('2026-01-30T23:00:00Z'), quantity: '5' };
    await kysely.insertInto('usage').values([
      row, { ...row, operation: 'b', quantity: '7' }, { ...row, mode: 'test', quantity: '1000' }, { ...row, meter: 'tokens', quantity: '0.5' }, { ...row, meter: 'tokens', operation: 'b', quantity: '12345678901234567890' }, { ...row, hour: at('2026-02-01T00:00:00Z'), quantity: '9' },
    ]).execute();
    await kysely.insertInto('usage').values(Array.from({ length: 250 }, (_, index) => ({ ...row, subscription_id: `sub_${String(index).padStart(3, '0')}`, quantity: String(index) }))).execute();
    const told: string[] = [];
    await fillUsageMonths(kysely as unknown as Kysely<unknown>, (line) => told.push(line), 0);
    assert.deepEqual(told, ['100', '200', '251'].map((done) => `Summing the ledger by month, once: ${done} of 251 subscriptions`));
    const months = await kysely.selectFrom('usage_month').selectAll().orderBy('subscription_id').orderBy('from_at').execute();
    assert.deepEqual(months.slice(250), [{ subscription_id: 'sub_gone', from_at: at('2026-01-01'), sums: '{"requests":12,"tokens":"12345678901234567890.5"}' }, { subscription_id: 'sub_gone', from_at: at('2026-02-01'), sums: '{"requests":9}' }].map((each) => ({ ...each })));
    assert.deepEqual(months.slice(0, 250).map(({ sums }) => sums), Array.from({ length: 250 }, (_, index) => `{"requests":${index}}`));
  });
});
