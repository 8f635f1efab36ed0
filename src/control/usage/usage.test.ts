import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { createPlans } from '../plans/plans.ts';
import type { Actor } from '../services.ts';
import { addConsumer, admin, applyAtlas, openControl, refusalOf, startOfTests } from '../testkit.ts';
import { createUsage } from './usage.ts';

const hour = 3_600_000;
const day = 24 * hour;

forEachEngine('usage', (stores) => {
  async function open() {
    const control = await openControl(await stores.open());
    await applyAtlas(control);
    const { deps, gateways, letters } = control;
    const ada = await addConsumer(deps, 'ada');
    const { id } = await createPlans(deps, gateways, letters).subscribe(ada, { productSlug: 'atlas' });
    const add = async (meter: string, quantity: string, more: { hour?: number; mode?: 'live' | 'test'; operation?: string; subscription?: string } = {}) =>
      deps.database.kysely.insertInto('usage').values({ subscription_id: more.subscription ?? id, meter, operation: more.operation ?? 'listCities', version: 'v2', mode: more.mode ?? 'live', hour: more.hour ?? startOfTests, quantity }).execute();
    return { ...control, ada, add, usage: createUsage(deps) };
  }

  test('quantities are summed exactly, whatever their places and size', async () => {
    const { usage, add, ada } = await open();
    await add('requests', '7');
    await add('requests', '5', { hour: startOfTests + hour });
    await add('requests', '3', { mode: 'test' });
    await add('tokens', '0.1');
    await add('tokens', '0.2', { hour: startOfTests + hour });
    await add('tokens', '1000', { hour: startOfTests + 2 * hour });
    await add('bytes', '123456789012345678901234567890');
    await add('bytes', '999999999999', { hour: startOfTests + hour });
    const { usage: rows, total } = await usage.get(ada, { from: startOfTests, to: startOfTests + day });
    assert.deepEqual(rows.map(({ meter, mode, quantity }) => `${meter} ${mode} ${quantity}`), ['bytes live 123456789012345679901234567889', 'requests live 12', 'requests test 3', 'tokens live 1000.3']);
    assert.deepEqual(total, { bytes: '123456789012345679901234567889', requests: '15', tokens: '1000.3' });
  });

  test('a range takes the hours that it touches', async () => {
    const { usage, add, ada } = await open();
    await add('requests', '1', { hour: startOfTests - hour });
    await add('requests', '2');
    await add('requests', '4', { hour: startOfTests + hour });
    const total = async (from: number, to: number) => (await usage.get(ada, { from, to })).total['requests'] ?? '0';
    assert.equal(await total(startOfTests + 1, startOfTests + hour), '2');
    assert.equal(await total(startOfTests - 1, startOfTests + hour + 1), '7');
    assert.equal((await refusalOf(usage.get(ada, { from: 5, to: 5 }))).code, 'input_invalid');
  });

  test('days hold requests and successes by mode', async () => {
    const { usage, add, ada } = await open();
    await add('requests', '10');
    await add('successes', '8');
    await add('requests', '2', { mode: 'test', hour: startOfTests + day });
    await add('bytes', '99');
    const midnight = startOfTests - 12 * hour;
    assert.deepEqual(await usage.byDay(ada, { from: midnight, to: midnight + 2 * day }), [
      { day: midnight, mode: 'live', requests: '10', successes: '8' },
      { day: midnight + day, mode: 'test', requests: '2', successes: '0' },
    ]);
  });

  test('limits tell what is used of each quota in its own window', async () => {
    const { usage, add, ada, deps } = await open();
    await add('requests', '30', { hour: Date.UTC(2026, 8, 1) });
    await add('requests', '500', { hour: Date.UTC(2026, 7, 31, 23) });
    await add('requests', '4', { mode: 'test' });
    const states = async () => (await usage.limits(ada, { consumerId: 'con_ada' })).map(({ mode, limit, used, remaining, resetsAt }) => [mode, limit.name, used, remaining, resetsAt]);
    const end = Date.UTC(2026, 9, 1);
    assert.deepEqual(await states(), [['live', 'burst', null, null, null], ['live', 'monthly', 30, 70, end], ['test', 'burst', null, null, null], ['test', 'monthly', 4, 96, end]]);
    await deps.database.kysely.updateTable('consumer').set({ verified_at: null }).execute();
    assert.deepEqual((await states()).filter(([, name]) => name === 'unverified'), [['live', 'unverified', 30, 70, Date.UTC(2026, 8, 2)], ['test', 'unverified', 4, 96, Date.UTC(2026, 8, 2)]]);
  });

  test('developers see their own account; the producer names one by address, or sees all', async () => {
    const { usage, add, ada, deps, gateways, letters } = await open();
    const bob = await addConsumer(deps, 'bob');
    const { id } = await createPlans(deps, gateways, letters).subscribe(bob, { productSlug: 'relief' });
    await add('requests', '1');
    await add('requests', '20', { subscription: id });
    const range = { from: startOfTests, to: startOfTests + hour };
    const total = async (actor: Actor, more: object) => (await usage.get(actor, { ...range, ...more })).total['requests'] ?? '0';
    assert.equal(await total(ada, {}), '1');
    assert.equal(await total(admin, {}), '21');
    assert.equal(await total(admin, { email: 'BOB@example.com' }), '20');
    assert.equal(await total(admin, { productSlug: 'atlas' }), '1');
    for (const closed of [() => total(ada, { consumerId: 'con_bob' }), () => total(ada, { email: 'bob@example.com' }), () => total(ada, { productSlug: 'secret' }), () => total(admin, { email: 'nobody@example.com' })]) assert.equal((await refusalOf(closed())).code, 'not_found');
    assert.equal((await refusalOf(usage.limits(ada, { consumerId: 'con_bob' }))).code, 'not_found');
  });
});
