import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { createKeys } from '../keys/keys.ts';
import { loadCredentialEntries } from '../gateways/credential-entries.ts';
import { addConsumer, admin, applyAtlas, openControl, refusalOf } from '../testkit.ts';
import type { PlanRequestSort } from '../services.ts';
import { createPlans } from './plans.ts';
import { subscribeToDefaults } from './subscribe-to-defaults.ts';

forEachEngine('plans', (stores) => {
  async function open() {
    const control = await openControl(await stores.open());
    await applyAtlas(control);
    return { ...control, query: control.deps.database.kysely, plans: createPlans(control.deps, control.gateways, control.letters), ada: await addConsumer(control.deps, 'ada') };
  }

  test('strangers see plans that anyone may take, the producer sees all and who subscribes', async () => {
    const { plans, ada } = await open();
    await plans.subscribe(ada, { productSlug: 'atlas' });
    assert.deepEqual((await plans.list(undefined, 'atlas')).map(({ slug, subscribers }) => [slug, subscribers]), [['free', 0], ['growth', 0], ['partner', 0]]);
    assert.deepEqual((await plans.list(admin, 'atlas')).map(({ slug, subscribers }) => [slug, subscribers]), [['free', 1], ['growth', 0], ['partner', 0], ['hidden', 0]]);
    assert.equal((await refusalOf(plans.list(undefined, 'secret'))).code, 'not_found');
  });

  test('subscribing twice is one subscription; another plan moves it with its keys and its anchor', async () => {
    const { deps, gateways, plans, ada, advance } = await open();
    const first = await plans.subscribe(ada, { productSlug: 'atlas' });
    const { id: keyId } = await createKeys(deps, gateways).create(ada, { mode: 'live', productSlug: 'atlas' });
    advance(5 * 86_400_000);
    assert.equal((await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'free' })).id, first.id);
    const moved = await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'growth' });
    assert.deepEqual([moved.id, moved.anchorAt, moved.planSlug, moved.state], [first.id, first.anchorAt, 'growth', 'active']);
    assert.equal(first.anchorAt % 86_400_000, 0);
    const [entry] = await loadCredentialEntries(deps.database.kysely, [keyId]);
    assert.equal(entry!.subscriptions[0]!.planRevisionId, moved.planRevisionId);
  });

  test('an approval plan waits for the producer', async () => {
    const { deps, gateways, plans, ada } = await open();
    const pending = await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'partner' });
    assert.equal(pending.state, 'pending');
    const { id: keyId } = await createKeys(deps, gateways).create(ada, { mode: 'live', productSlug: 'atlas' });
    const active = async () => (await loadCredentialEntries(deps.database.kysely, [keyId]))[0]!.subscriptions[0]!.active;
    assert.equal(await active(), false);
    assert.equal((await refusalOf(plans.decide(ada, { subscriptionId: pending.id, approve: true }))).code, 'role_forbids');
    assert.equal((await plans.decide(admin, { subscriptionId: pending.id, approve: true })).state, 'active');
    assert.equal(await active(), true);
    assert.equal((await refusalOf(plans.decide(admin, { subscriptionId: pending.id, approve: true }))).code, 'conflict');
    const bob = await addConsumer(deps, 'bob');
    const declined = await plans.subscribe(bob, { productSlug: 'atlas', planSlug: 'partner' });
    assert.equal((await plans.decide(admin, { subscriptionId: declined.id, approve: false })).state, 'ended');
    assert.equal((await plans.subscribe(bob, { productSlug: 'atlas' })).state, 'active');
  });

  test('requests page, sort and filter, the same rows whatever the size of a page', async () => {
    const { deps, plans, advance } = await open();
    const names = ['dora', 'Bea', 'carl', 'anna'];
    for (const name of names) {
      advance(60_000);
      await plans.subscribe(await addConsumer(deps, name), { productSlug: 'atlas', planSlug: 'partner' });
    }
    const usage = { meter: 'requests', operation: 'listCities', version: 'v2', mode: 'live' as const, hour: Math.floor(deps.clock.now() / 3_600_000) * 3_600_000 };
    const { requests } = await plans.listRequests(admin);
    for (const [index, quantity] of ['9', '10', '2'].entries()) await deps.database.kysely.insertInto('usage').values({ ...usage, subscription_id: requests[index]!.subscriptionId, quantity }).execute();
    const walk = async (sort: PlanRequestSort | undefined, limit: number): Promise<string[]> => {
      const walked: string[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await plans.listRequests(admin, { sort, limit, cursor });
        walked.push(...page.requests.map(({ consumerName }) => consumerName));
        assert.equal(page.total, 4);
        if (page.nextCursor === null) return walked;
        cursor = page.nextCursor;
      }
    };
    const orders: [PlanRequestSort | undefined, string[]][] = [
      [undefined, names], ['-asked', names.toReversed()], ['consumer', ['anna', 'Bea', 'carl', 'dora']], ['-calls', ['Bea', 'dora', 'carl', 'anna']], ['calls', ['anna', 'carl', 'dora', 'Bea']],
    ];
    for (const [sort, expected] of orders) for (const limit of [1, 3, 50]) assert.deepEqual(await walk(sort, limit), expected, `${sort} by ${limit}`);
    assert.equal((await walk('plan', 1)).length, 4, 'equal names are told apart');
    assert.deepEqual(await plans.listRequests(admin, { productSlug: 'relief' }), { requests: [], total: 0, nextCursor: null });
    for (const wrong of [{ cursor: 'nonsense' }, { sort: 'colour' as PlanRequestSort }, { sort: 'calls' as const, cursor: Buffer.from('["a","b"]').toString('base64url') }]) assert.equal((await refusalOf(plans.listRequests(admin, wrong))).code, 'input_invalid');
  });

  test('who has a plan keeps it while another waits for approval', async () => {
    const { deps, plans, ada } = await open();
    const { id } = await plans.subscribe(ada, { productSlug: 'atlas' });
    const ask = () => plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'partner' });
    const asked = await ask();
    assert.deepEqual([asked.id, asked.state, asked.planSlug, asked.requestedPlan?.slug], [id, 'active', 'free', 'partner']);
    await ask();
    assert.deepEqual((await plans.listRequests(admin)).requests.map((request) => [request.subscriptionId, request.consumerName, request.planSlug, request.presentPlan]), [[id, 'ada', 'partner', 'Free']]);
    assert.equal((await refusalOf(plans.listRequests(ada))).code, 'role_forbids');
    const declined = await plans.decide(admin, { subscriptionId: id, approve: false });
    assert.deepEqual([declined.state, declined.planSlug, declined.requestedPlan], ['active', 'free', null]);
    await ask();
    const approved = await plans.decide(admin, { subscriptionId: id, approve: true });
    assert.deepEqual([approved.id, approved.state, approved.planSlug, approved.requestedPlan], [id, 'active', 'partner', null]);
    await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'growth' });
    assert.equal((await ask()).requestedPlan?.slug, 'partner');
    assert.equal((await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'growth' })).requestedPlan, null, 'choosing the present plan takes the request back');
    assert.deepEqual(await plans.listRequests(admin), { requests: [], total: 0, nextCursor: null });
    assert.deepEqual((await deps.database.kysely.selectFrom('activity').select('kind').where('consumer_id', '=', 'con_ada').orderBy('kind').execute()).map(({ kind }) => kind), ['plan.requested', 'plan.requested', 'plan.requested', 'subscription.approved', 'subscription.created', 'subscription.declined', 'subscription.moved']);
  });

  test('private plans, private products and other accounts are closed', async () => {
    const { deps, plans, ada } = await open();
    await addConsumer(deps, 'bob');
    assert.equal((await refusalOf(plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'hidden' }))).code, 'not_found');
    assert.equal((await refusalOf(plans.subscribe(ada, { productSlug: 'secret' }))).code, 'not_found');
    assert.equal((await refusalOf(plans.subscribe(ada, { consumerId: 'con_bob', productSlug: 'atlas' }))).code, 'not_found');
    assert.equal((await refusalOf(plans.subscribe(admin, { consumerId: 'con_none', productSlug: 'atlas' }))).code, 'not_found');
    assert.equal((await plans.subscribe(admin, { consumerId: 'con_ada', productSlug: 'secret' })).state, 'active');
    assert.equal((await plans.list(ada, 'secret')).length, 1);
    assert.deepEqual((await plans.listSubscriptions(ada, { consumerId: 'con_ada' })).map(({ productSlug }) => productSlug), ['secret']);
    assert.equal((await refusalOf(plans.listSubscriptions(ada, { consumerId: 'con_bob' }))).code, 'not_found');
  });

  test('sign-up subscribes to the default plan of each public product that has one', async () => {
    const { deps, plans } = await open();
    await deps.database.transaction((query) => subscribeToDefaults(deps, query, { consumerId: 'con_ada', actor: { kind: 'developer', email: 'ada@example.com' } }));
    assert.deepEqual((await plans.listSubscriptions(admin, { consumerId: 'con_ada' })).map(({ productSlug, planSlug }) => [productSlug, planSlug]), [['atlas', 'free']]);
  });
});
