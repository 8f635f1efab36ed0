import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { addConsumer, applyAtlas, openControl } from '../testkit.ts';
import { createPlans } from '../plans/plans.ts';
import { readPeriodUsage } from './period-usage.ts';

const from = Date.UTC(2026, 8, 1);
const to = Date.UTC(2026, 9, 1);
const hour = 3_600_000;

forEachEngine('the usage of a period', (stores) => {
  test('is exact, of live calls, of its subscription and of its hours alone', async () => {
    const control = await openControl(await stores.open());
    await applyAtlas(control);
    const { kysely } = control.deps.database;
    const plans = createPlans(control.deps, control.gateways, control.letters);
    const { id } = await plans.subscribe(await addConsumer(control.deps, 'ada'), { productSlug: 'atlas' });
    const other = await plans.subscribe(await addConsumer(control.deps, 'bob'), { productSlug: 'atlas' });
    const row = (meter: string, operation: string, at: number, quantity: string, more: { mode?: 'live' | 'test'; version?: string; subscription_id?: string } = {}) => ({ subscription_id: id, version: 'v2', mode: 'live' as const, meter, operation, hour: at, quantity, ...more });
    await kysely.insertInto('usage').values([
      row('requests', 'getCity', from, '1'), row('requests', 'getCity', to - hour, '41'), row('requests', 'getCity', from, '3', { version: 'v1' }), row('requests', 'listCities', from + hour, '7'),
      row('requests', 'getCity', from - hour, '1000'), row('requests', 'getCity', to, '1000'), row('requests', 'getCity', from, '1000', { mode: 'test' }), row('requests', 'getCity', from, '1000', { subscription_id: other.id }),
      row('tokens', 'getCity', from, '0.1'), row('tokens', 'getCity', from + hour, '0.000000000002'), row('tokens', 'getCity', from + 2 * hour, '9'), row('bytes', '', from, '123456789012345678901234567890'), row('bytes', '', from + hour, '5'),
    ]).execute();
    assert.deepEqual(await readPeriodUsage(kysely, { subscriptionId: id, from, to }), [
      { meter: 'bytes', operation: '', quantity: '123456789012345678901234567895' },
      { meter: 'requests', operation: 'getCity', quantity: '45' },
      { meter: 'requests', operation: 'listCities', quantity: '7' },
      { meter: 'tokens', operation: 'getCity', quantity: '9.100000000002' },
    ]);
    assert.deepEqual((await readPeriodUsage(kysely, { subscriptionId: id, from, to: from + hour + 1 })).find(({ operation }) => operation === 'listCities')?.quantity, '7', 'the hour of the end is whole');
    assert.deepEqual(await readPeriodUsage(kysely, { subscriptionId: 'sub_none', from, to }), []);
  });
});
