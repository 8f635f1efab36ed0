import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { addConsumer, admin, refusalOf } from '../testkit.ts';
import { createSubscriptions } from './subscriptions.ts';
import { applyPlans, openSubscriptions, standardPlans } from './testkit.ts';

forEachEngine('new prices', (stores) => {
  test('leave subscribers on theirs until they are moved, each with the first end of a period after the date, and told', async () => {
    const control = await openSubscriptions(await stores.open());
    const { plans, ada, at, roll, phases, deps, query } = control;
    const subscriptions = createSubscriptions(deps, control.gateways, plans);
    at('2027-01-10T00:00:00Z');
    const people = [ada, await addConsumer(deps, 'bob'), await addConsumer(deps, 'carl'), await addConsumer(deps, 'dora')];
    const ids: string[] = [];
    for (const [index, actor] of people.entries()) {
      at(`2027-01-${10 + index * 5}T00:00:00Z`);
      ids.push((await plans.subscribe(actor, { productSlug: 'atlas', planSlug: 'ten' })).id);
    }
    await applyPlans(control, standardPlans.replace('fee: "10"', 'fee: "12"'));
    const late = await plans.subscribe(await addConsumer(deps, 'emma'), { productSlug: 'atlas', planSlug: 'ten' });
    assert.deepEqual(await phases(ids[0]!), ['ten.1 2027-01-10.. start']);
    await subscriptions.cancel(people[3]!, { subscriptionId: ids[3]! });
    const when = Date.parse('2027-02-12');
    const move = (subscriptionIds: string[] | 'all', date = when) => subscriptions.schedulePrices(admin, { productSlug: 'atlas', planSlug: 'ten', subscriptionIds, at: date });
    assert.equal((await refusalOf(move([late.id]))).errors[0]!.pointer, '/subscriptionIds', 'who is on the new prices already is none of them');
    assert.equal((await refusalOf(move('all', 1))).errors[0]!.pointer, '/at');
    assert.equal((await refusalOf(subscriptions.schedulePrices(ada, { productSlug: 'atlas', planSlug: 'ten', subscriptionIds: 'all', at: when }))).code, 'role_forbids');
    assert.equal((await refusalOf(subscriptions.schedulePrices(admin, { productSlug: 'atlas', planSlug: 'none', subscriptionIds: 'all', at: when }))).code, 'not_found');
    assert.deepEqual(await move([ids[0]!]), { scheduled: 1 });
    assert.deepEqual(await move('all'), { scheduled: 3 }, 'who leaves is left alone');
    const notices = await query.selectFrom('notice').select(['consumer_id', 'detail']).where('kind', '=', 'prices.change').orderBy('consumer_id').execute();
    assert.deepEqual(notices.map((row) => [row.consumer_id, new Date((JSON.parse(row.detail) as { effectiveAt: number }).effectiveAt).toISOString().slice(0, 10)]), [['con_ada', '2027-03-10'], ['con_bob', '2027-02-15'], ['con_carl', '2027-02-20']], 'once each, with their own day');
    assert.deepEqual((await plans.listDetails(admin, 'atlas')).find(({ slug }) => slug === 'ten')!.moves, [{ revision: 2, at: when, subscribers: 3 }]);
    const withdraw = (revision: number) => subscriptions.withdrawPrices(admin, { productSlug: 'atlas', planSlug: 'ten', revision, at: when });
    assert.equal((await refusalOf(withdraw(1))).code, 'not_found', 'nobody waits for that');
    assert.equal((await refusalOf(subscriptions.withdrawPrices(ada, { productSlug: 'atlas', planSlug: 'ten', revision: 2, at: when }))).code, 'role_forbids');
    at('2027-02-10T00:00:00Z');
    assert.deepEqual(await withdraw(2), { withdrawn: 3 });
    assert.deepEqual((await plans.listDetails(admin, 'atlas')).find(({ slug }) => slug === 'ten')!.moves, []);
    const told = async (kind: 'prices.change' | 'prices.kept') => (await query.selectFrom('notice').select('id').where('kind', '=', kind).execute()).length;
    assert.equal(await told('prices.kept'), 3);
    at('2027-02-11T00:00:00Z');
    assert.deepEqual(await move('all'), { scheduled: 3 }, 'what was withdrawn can be announced anew');
    assert.equal(await told('prices.change'), 6, 'and is told anew');
    at('2027-02-15T00:00:00Z');
    await roll();
    assert.deepEqual(await phases(ids[0]!), ['ten.1 2027-01-10.. start'], 'the end of a period before the date changes nothing');
    assert.deepEqual(await phases(ids[1]!), ['ten.1 2027-01-15..2027-02-15 start', 'ten.2 2027-02-15.. revision']);
    assert.deepEqual(await withdraw(2), { withdrawn: 2 }, 'who has moved stays moved');
    assert.deepEqual(await phases(ids[1]!), ['ten.1 2027-01-15..2027-02-15 start', 'ten.2 2027-02-15.. revision']);
    assert.deepEqual(await move([ids[0]!], Date.parse('2027-03-01')), { scheduled: 1 });
    await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'twenty' });
    at('2027-04-01T00:00:00Z');
    await roll();
    assert.deepEqual((await phases(ids[0]!)).slice(-1), ['twenty.1 2027-02-15.. upgrade'], 'who has left the plan is not called back');
    assert.deepEqual((await phases(ids[3]!)).slice(-1), ['free.1 2027-02-25.. downgrade']);
  });
});
