import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKeys } from '../keys/keys.ts';
import { loadCredentialEntries } from '../gateways/credential-entries.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { addConsumer, admin, refusalOf } from '../testkit.ts';
import { cancelSubscription, resumeSubscription } from './cancel-subscription.ts';
import { changePlan } from './change-plan.ts';
import { rollPeriods } from './roll-periods.ts';
import { applyPlans, dayMs, openSubscriptions, standardPlans } from './testkit.ts';

const owner = { kind: 'member', memberId: 'mem_0', email: 'owner@example.com', role: 'owner' } as const;

forEachEngine('subscriptions', (stores) => {
  test('begin with a phase and a period; periods keep the day of the anchor, whatever the month', async () => {
    const { plans, ada, at, roll, periods, phases } = await openSubscriptions(await stores.open());
    at('2027-01-31T23:30:00Z');
    const { id } = await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'ten' });
    assert.deepEqual(await phases(id), ['ten.1 2027-01-31T23:30.. start']);
    assert.deepEqual(await periods(id), ['regular 2027-01-31..2027-02-28 open']);
    at('2027-02-28T00:00:00Z');
    assert.equal(await roll(), 1, 'a period ends at the very moment');
    at('2027-05-31T00:00:00Z');
    assert.equal(await roll(), 3);
    assert.equal(await roll(), 0);
    assert.deepEqual(await periods(id), ['regular 2027-01-31..2027-02-28 ended', 'regular 2027-02-28..2027-03-31 ended', 'regular 2027-03-31..2027-04-30 ended', 'regular 2027-04-30..2027-05-31 ended', 'regular 2027-05-31..2027-06-30 open']);
  });

  test('a leap day that begins a year comes back as the last of February', async () => {
    const { plans, ada, at, roll, periods } = await openSubscriptions(await stores.open());
    at('2028-02-29T12:00:00Z');
    const { id } = await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'yearly' });
    at('2032-02-29T00:00:00Z');
    await roll();
    assert.deepEqual(await periods(id), ['regular 2028-02-29..2029-02-28 ended', 'regular 2029-02-28..2030-02-28 ended', 'regular 2030-02-28..2031-02-28 ended', 'regular 2031-02-28..2032-02-29 ended', 'regular 2032-02-29..2033-02-28 open']);
  });

  test('a trial is a period of its own of at least so many days, and the anchor is its end', async () => {
    const { plans, ada, at, roll, periods, subscription } = await openSubscriptions(await stores.open());
    // A morning in UTC+14 is still the day before in UTC.
    at('2027-03-01T21:00:00+14:00');
    const { id, anchorAt } = await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'trial' });
    assert.equal(new Date(anchorAt).toISOString(), '2027-03-16T00:00:00.000Z');
    assert.equal((await subscription(id)).trial_ends_at, anchorAt);
    at('2027-03-16T00:00:00Z');
    await roll();
    assert.deepEqual(await periods(id), ['trial 2027-03-01..2027-03-16 ended', 'regular 2027-03-16..2027-04-16 open']);
  });

  test('an upgrade takes effect at once, with the same key, and a downgrade with the end of the period', async () => {
    const { deps, gateways, plans, ada, at, roll, phases, periods } = await openSubscriptions(await stores.open());
    at('2027-03-01T00:00:00Z');
    const { id } = await plans.subscribe(ada, { productSlug: 'atlas' });
    const { id: keyId } = await createKeys(deps, gateways).create(ada, { mode: 'live', productSlug: 'atlas' });
    const revision = async () => (await loadCredentialEntries(deps.database.kysely, [keyId]))[0]!.subscriptions[0]!.planRevisionId;
    const free = await revision();
    at('2027-03-11T10:00:00Z');
    const up = await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'twenty' });
    assert.deepEqual([up.id, up.planSlug, up.scheduledPlan], [id, 'twenty', null]);
    assert.notEqual(await revision(), free);
    at('2027-03-20T10:00:00Z');
    const down = await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'ten' });
    assert.deepEqual([down.planSlug, down.scheduledPlan, down.cancelsAt], ['twenty', { slug: 'ten', name: 'Ten', at: Date.parse('2027-04-01') }, null]);
    assert.deepEqual(await phases(id), ['free.1 2027-03-01..2027-03-11T10:00 start', 'twenty.1 2027-03-11T10:00.. upgrade']);
    at('2027-06-02T00:00:00Z');
    await roll();
    assert.deepEqual(await phases(id), ['free.1 2027-03-01..2027-03-11T10:00 start', 'twenty.1 2027-03-11T10:00..2027-04-01 upgrade', 'ten.1 2027-04-01.. downgrade'], 'as of the end of the period, however late it is seen');
    assert.equal((await periods(id)).length, 4);
    assert.equal((await plans.listSubscriptions(ada, { consumerId: 'con_ada' }))[0]!.planSlug, 'ten');
  });

  test('a change waits or not as the fees, the currency and the chooser say', async () => {
    const { deps, plans, at, phases } = await openSubscriptions(await stores.open());
    at('2027-03-01T00:00:00Z');
    const cases: [name: string, from: string, to: string, by: 'developer' | 'producer', when: 'now' | 'period-end' | undefined, expected: 'now' | 'waits'][] = [
      ['a higher fee', 'ten', 'twenty', 'developer', undefined, 'now'], ['a higher fee, later', 'ten', 'twenty', 'developer', 'period-end', 'waits'], ['a lower fee', 'twenty', 'ten', 'developer', undefined, 'waits'],
      ['the same fee per month, by the year', 'twenty', 'yearly', 'developer', undefined, 'now'], ['a lower fee per month, by the year', 'trial', 'yearly', 'developer', undefined, 'waits'],
      ['a lower fee, now, before anything was used', 'twenty', 'ten', 'developer', 'now', 'now'], ['the producer lowers it', 'twenty', 'ten', 'producer', undefined, 'now'], ['the producer lowers it, later', 'twenty', 'ten', 'producer', 'period-end', 'waits'],
      ['another currency', 'ten', 'yen', 'developer', undefined, 'waits'], ['another currency, now, by the producer', 'ten', 'yen', 'producer', 'now', 'waits'],
    ];
    for (const [index, [name, from, to, by, when, expected]] of cases.entries()) {
      const actor = await addConsumer(deps, `case${index}`);
      const { id } = await plans.subscribe(actor, { productSlug: 'atlas', planSlug: from });
      const changed = await plans.subscribe(by === 'developer' ? actor : admin, { consumerId: actor.consumerId, productSlug: 'atlas', planSlug: to, ...(when && { when }) });
      assert.deepEqual([changed.planSlug, changed.scheduledPlan?.slug ?? null], expected === 'now' ? [to, null] : [from, to], name);
      assert.equal((await phases(id)).length, 1, `${name}: what had not begun leaves no trace of an empty phase`);
    }
  });

  test('nobody leaves a dear period for a cheaper one behind: what was used must not cost less', async () => {
    const { plans, ada, at, use } = await openSubscriptions(await stores.open());
    at('2027-03-01T00:00:00Z');
    const { id } = await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'twenty' });
    await use(id, 'requests', '100', '2027-03-02T05:00:00Z');
    at('2027-03-05T00:00:00Z');
    assert.equal((await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'ten', when: 'now' })).planSlug, 'ten', 'all of it was included');
    await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'twenty' });
    await use(id, 'requests', '51', '2027-03-06T05:00:00Z');
    at('2027-03-07T00:00:00Z');
    const refusal = await refusalOf(plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'ten', when: 'now' }));
    assert.deepEqual([refusal.code, /since 2027-03-01 costs more on Twenty than on Ten/.test(refusal.message)], ['conflict', true]);
    assert.equal((await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'ten' })).scheduledPlan?.slug, 'ten');
  });

  test('a higher fee for the last of a period does not buy off what was used before', async () => {
    const { plans, ada, at, use } = await openSubscriptions(await stores.open());
    at('2027-03-01T00:00:00Z');
    const { id } = await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'twenty' });
    await use(id, 'requests', '200', '2027-03-02T05:00:00Z');
    at('2027-03-05T00:00:00Z');
    assert.equal((await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'trial' })).planSlug, 'trial', '2.00 of usage, and 8.74 more of fee');
    await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'twenty', when: 'now' });
    await use(id, 'requests', '10100', '2027-03-09T05:00:00Z');
    at('2027-03-31T23:00:00Z');
    assert.equal((await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'trial' })).scheduledPlan?.slug, 'trial', '200.00 of usage against an hour of the fee');
    assert.equal((await refusalOf(plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'trial', when: 'now' }))).code, 'conflict');
    assert.equal((await plans.subscribe(admin, { consumerId: 'con_ada', productSlug: 'atlas', planSlug: 'trial', when: 'now' })).planSlug, 'trial', 'the producer may');
  });

  test('cancelling falls to the default plan, or ends; resuming takes it back until then', async () => {
    const { deps, plans, ada, at, roll, phases, periods, subscription } = await openSubscriptions(await stores.open());
    at('2027-03-01T00:00:00Z');
    const { id } = await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'ten' });
    const inside = <T>(work: Parameters<typeof deps.database.transaction<T>>[0]) => deps.database.transaction(work);
    await inside((query) => cancelSubscription(deps, query, { subscriptionId: id, actor: owner }));
    await inside((query) => cancelSubscription(deps, query, { subscriptionId: id, actor: owner }));
    assert.equal((await plans.listSubscriptions(ada, { consumerId: 'con_ada' }))[0]!.cancelsAt, Date.parse('2027-04-01'));
    await inside((query) => resumeSubscription(deps, query, { subscriptionId: id, actor: owner }));
    at('2027-04-01T00:00:00Z');
    await roll();
    assert.deepEqual(await phases(id), ['ten.1 2027-03-01.. start'], 'resumed in time');
    await inside((query) => cancelSubscription(deps, query, { subscriptionId: id, actor: owner }));
    at('2027-05-03T00:00:00Z');
    await roll();
    assert.deepEqual(await phases(id), ['ten.1 2027-03-01..2027-05-01 start', 'free.1 2027-05-01.. downgrade']);
    assert.equal((await subscription(id)).cancel_at_period_end, 0, 'once');
    await inside((query) => cancelSubscription(deps, query, { subscriptionId: id, actor: owner }));
    at('2027-09-09T00:00:00Z');
    await roll();
    assert.deepEqual([(await subscription(id)).state, (await subscription(id)).ended_at], ['ended', Date.parse('2027-06-01')]);
    assert.deepEqual((await periods(id)).slice(-1), ['regular 2027-05-01..2027-06-01 ended'], 'none follows');
    assert.equal((await refusalOf(inside((query) => resumeSubscription(deps, query, { subscriptionId: id, actor: owner })))).code, 'conflict');
    assert.equal((await refusalOf(inside((query) => changePlan(deps, query, { subscriptionId: id, planId: 'pln_none', actor: owner, byProducer: true })))).code, 'conflict');
    assert.equal((await refusalOf(inside((query) => cancelSubscription(deps, query, { subscriptionId: 'sub_none', actor: owner })))).code, 'not_found');
    assert.deepEqual((await deps.database.kysely.selectFrom('audit_entry').select('action').where('subject', '=', id).execute()).map(({ action }) => action).toSorted(), ['cancelled', 'cancelled', 'cancelled', 'created', 'ended', 'moved', 'resumed']);
  });

  test('a chosen change keeps the prices that were shown, though the plan changes meanwhile', async () => {
    const control = await openSubscriptions(await stores.open());
    const { plans, ada, at, roll, phases } = control;
    at('2027-03-01T00:00:00Z');
    const { id } = await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'twenty' });
    await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'ten' });
    await applyPlans(control, standardPlans.replace('fee: "10"', 'fee: "19"'));
    at('2027-04-01T00:00:00Z');
    await roll();
    assert.deepEqual((await phases(id)).slice(-1), ['ten.1 2027-04-01.. downgrade']);
    const bob = await addConsumer(control.deps, 'bob');
    const { id: later } = await plans.subscribe(bob, { productSlug: 'atlas', planSlug: 'ten' });
    assert.deepEqual(await phases(later), ['ten.2 2027-04-01.. start']);
  });

  test('a plan whose currency changes takes its subscribers along with their next period only', async () => {
    const control = await openSubscriptions(await stores.open());
    const { plans, ada, at, roll, phases, subscription } = control;
    at('2027-03-01T00:00:00Z');
    const { id } = await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'ten' });
    await control.query.updateTable('subscription').set({ spend_cap: '40.00' }).where('id', '=', id).execute();
    const [ten] = (await plans.list(admin, 'atlas')).filter(({ slug }) => slug === 'ten');
    const { id: _id, revisionId: _revision, productSlug: _product, subscribers: _subscribers, ...plan } = ten!;
    at('2027-03-10T00:00:00Z');
    await plans.save(owner, { productSlug: 'atlas', planSlug: 'ten', plan: { ...plan, currency: 'eur' }, moveSubscribers: true });
    assert.deepEqual(await phases(id), ['ten.1 2027-03-01.. start']);
    at('2027-04-01T00:00:00Z');
    await roll();
    assert.deepEqual(await phases(id), ['ten.1 2027-03-01..2027-04-01 start', 'ten.2 2027-04-01.. revision']);
    assert.equal((await subscription(id)).spend_cap, null, 'a cap in dollars is none in euros');
  });

  test('what leaves at once is cut at this moment: the rest waits to be billed', async () => {
    const control = await openSubscriptions(await stores.open());
    const { plans, ada, at, periods, phases } = control;
    at('2027-01-15T00:00:00Z');
    const { id } = await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'ten' });
    at('2027-03-20T08:00:00Z');
    await applyPlans(control, standardPlans.replace(/\n.*slug: ten.*/, ''));
    assert.deepEqual(await periods(id), ['regular 2027-01-15..2027-02-15 ended', 'regular 2027-02-15..2027-03-15 ended', 'regular 2027-03-15..2027-03-20T08:00 ended'], 'the periods that had passed come first');
    assert.deepEqual(await phases(id), ['ten.1 2027-01-15..2027-03-20T08:00 start']);
  });

  test('a beginning in the past has every period since, for the producer alone and within bounds', async () => {
    const { deps, plans, ada, at, periods, phases, use } = await openSubscriptions(await stores.open());
    at('2027-03-20T08:00:00Z');
    const begin = (actor: Parameters<typeof plans.subscribe>[0], iso: string, planSlug = 'trial') => plans.subscribe(actor, { consumerId: 'con_ada', productSlug: 'atlas', planSlug, startedAt: Date.parse(iso) });
    for (const [iso, pointer] of [['2027-03-20T08:00:01Z', '/startedAt'], ['2016-01-01T00:00:00Z', '/startedAt'], ['nonsense', '/startedAt']] as const) assert.equal((await refusalOf(begin(admin, iso))).errors[0]!.pointer, pointer, iso);
    assert.equal((await refusalOf(begin(ada, '2027-01-01T00:00:00Z'))).code, 'role_forbids');
    const { id, anchorAt } = await begin(admin, '2026-12-31T15:00:00Z');
    assert.equal(anchorAt, Date.parse('2026-12-31'));
    assert.deepEqual(await periods(id), ['regular 2026-12-31..2027-01-31 ended', 'regular 2027-01-31..2027-02-28 ended', 'regular 2027-02-28..2027-03-31 open'], 'who comes from elsewhere has no trial');
    assert.deepEqual(await phases(id), ['trial.1 2026-12-31T15:00.. start']);
    assert.equal((await refusalOf(begin(admin, '2026-12-31T15:00:00Z'))).code, 'conflict');
    assert.equal((await deps.database.kysely.selectFrom('subscription').select('id').execute()).length, 1);
    const bob = await addConsumer(deps, 'bob');
    const fresh = await plans.subscribe(bob, { productSlug: 'atlas' });
    await use(fresh.id, 'requests', '5', '2027-03-09T10:00:00Z');
    await use(fresh.id, 'requests', '7', '2027-03-20T07:00:00Z');
    const moved = await plans.subscribe(admin, { consumerId: 'con_bob', productSlug: 'atlas', planSlug: 'ten', startedAt: Date.parse('2027-02-10T00:00:00Z') });
    assert.deepEqual([moved.id, moved.planSlug, await phases(moved.id), await periods(moved.id)], [fresh.id, 'ten', ['ten.1 2027-02-10.. start'], ['regular 2027-02-10..2027-03-10 ended', 'regular 2027-03-10..2027-04-10 open']], 'what sign-up began in this very period begins anew');
    const months = await deps.database.kysely.selectFrom('usage_month').select(['subscription_id', 'from_at', 'sums']).execute();
    assert.deepEqual(months.map((row) => [row.subscription_id, new Date(row.from_at).toISOString().slice(0, 10), row.sums]).toSorted(), [[fresh.id, '2027-02-10', '{"requests":5}'], [fresh.id, '2027-03-10', '{"requests":7}']], 'the months of its usage follow the anchor');
  });

  test('a plan with approval begins when it is approved', async () => {
    const { plans, ada, at, periods } = await openSubscriptions(await stores.open());
    at('2027-03-01T08:00:00Z');
    const { id } = await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'partner' });
    assert.deepEqual(await periods(id), []);
    at('2027-03-05T08:00:00Z');
    await plans.decide(admin, { subscriptionId: id, approve: true });
    assert.deepEqual(await periods(id), ['regular 2027-03-05..2027-04-05 open']);
  });

  test('two who end the same periods at once end each once', async () => {
    const store = await stores.prepare();
    const first = await openSubscriptions(await store.open());
    first.at('2027-01-31T00:00:00Z');
    const ids: string[] = [];
    for (let index = 0; index < 8; index++) {
      const actor = await addConsumer(first.deps, `many${index}`);
      const { id } = await first.plans.subscribe(actor, { productSlug: 'atlas', planSlug: 'twenty' });
      await first.plans.subscribe(actor, { productSlug: 'atlas', planSlug: 'ten' });
      ids.push(id);
    }
    first.advance(100 * dayMs);
    const other = { ...first.deps, database: await store.open() };
    const ended = await Promise.all([rollPeriods(first.deps, first.gateways), rollPeriods(other, first.gateways), rollPeriods(first.deps, first.gateways)]);
    assert.equal(ended.reduce((sum, count) => sum + count, 0), 8 * 3);
    for (const id of ids) {
      assert.deepEqual(await first.periods(id), ['regular 2027-01-31..2027-02-28 ended', 'regular 2027-02-28..2027-03-31 ended', 'regular 2027-03-31..2027-04-30 ended', 'regular 2027-04-30..2027-05-31 open'], id);
      assert.deepEqual(await first.phases(id), ['twenty.1 2027-01-31..2027-02-28 start', 'ten.1 2027-02-28.. downgrade']);
    }
  });
});
