import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { openSubscriptions } from '../subscriptions/testkit.ts';
import { addConsumer, admin, refusalOf } from '../testkit.ts';
import { createUpgradeCases } from './upgrade-cases.ts';

const tokenOf = (link: string): string => new URL(link).searchParams.get('token')!;

forEachEngine('a case for a manager', (stores) => {
  async function open() {
    const control = await openSubscriptions(await stores.open());
    control.at('2027-03-01T00:00:00Z');
    const { id } = await control.plans.subscribe(control.ada, { productSlug: 'atlas', planSlug: 'ten' });
    const bob = await addConsumer(control.deps, 'bob');
    const other = await control.plans.subscribe(bob, { productSlug: 'atlas', planSlug: 'ten' });
    await control.use(id, 'requests', '300', '2027-03-02T00:00:00Z');
    await control.use(id, 'requests', '40', '2027-03-03T00:00:00Z', 'listCities');
    await control.use(id, 'successes', '255', '2027-03-02T00:00:00Z');
    await control.use(other.id, 'requests', '99999', '2027-03-02T00:00:00Z');
    control.at('2027-03-11T00:00:00Z');
    return { ...control, id, bob, cases: createUpgradeCases(control.deps, control.gateways) };
  }

  test('shows what was built and what it would cost on each plan, and nothing of others', async () => {
    const { cases, id, ada } = await open();
    const { link } = await cases.create(ada, { subscriptionId: id, message: ' We are live. ' });
    const page = (await cases.findPage({ token: tokenOf(link) }))!;
    assert.deepEqual([page.message, page.createdBy, page.consumerName, page.planName, page.calls, page.successShare], ['We are live.', 'ada@example.com', 'ada', 'Ten', '340', 0.75]);
    assert.deepEqual(page.operations.map(({ title, path, calls }) => [title, path, calls]), [['Get a city', '/cities/{id}', '300'], ['List cities', '/cities', '40']]);
    // 340 calls in 10 days are 1,054 in the 31 of March: 954 above the 100 included.
    assert.deepEqual(page.plans.map(({ slug, present, choice, bill }) => [slug, present, choice, bill.subtotal]), [
      ['free', false, 'none', '0.00'], ['ten', true, 'none', '19.54'], ['twenty', false, 'upgrade', '39.08'], ['yearly', false, 'upgrade', '240.00'], ['trial', false, 'upgrade', '30.00'], ['yen', false, 'upgrade', '5000'], ['partner', false, 'none', '5.00'],
    ]);
    assert.doesNotMatch(JSON.stringify(page), /bob|99999|con_|sub_|dev_/);
  });

  test('reckons with the period of its reader\'s day: as long as the month, within a year, and after a trial', async () => {
    const { cases, id, ada, plans, use, deps, at, roll } = await open();
    const billOf = async (link: string, planSlug: string) => (await cases.findPage({ token: tokenOf(link) }))!.plans.find(({ slug }) => slug === planSlug)!.bill;
    const span = (bill: Awaited<ReturnType<typeof billOf>>): string[] => [bill.lines[0]!.from, bill.lines[0]!.to].map((ms) => new Date(ms).toISOString().slice(0, 10));
    // From an anchor on the 1st of March, February of the next year is the twelfth period.
    at('2028-01-31T00:00:00Z');
    await roll();
    for (let day = 1; day <= 30; day++) await use(id, 'requests', '10', new Date(Date.parse('2028-01-31') - day * 86_400_000).toISOString());
    const { link } = await cases.create(ada, { subscriptionId: id });
    const january = await billOf(link, 'ten');
    // 300 in 30 days are 310 in January's 31, and 290 in the 29 of that February: 100 are included.
    assert.deepEqual([january.subtotal, span(january)], ['12.10', ['2028-01-01', '2028-02-01']]);
    at('2028-02-01T00:00:00Z');
    await roll();
    await use(id, 'requests', '10', '2028-01-31T00:00:00Z');
    const february = await billOf(link, 'ten');
    assert.deepEqual([february.subtotal, span(february), span(await billOf(link, 'yearly'))], ['11.90', ['2028-02-01', '2028-03-01'], ['2028-02-01', '2029-02-01']]);
    await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'yearly' });
    at('2028-07-15T00:00:00Z');
    await roll();
    const { link: within } = await cases.create(ada, { subscriptionId: id });
    assert.deepEqual([span(await billOf(within, 'yearly')), span(await billOf(within, 'ten'))], [['2028-03-01', '2029-03-01'], ['2028-07-01', '2028-08-01']]);
    const carl = await addConsumer(deps, 'carl');
    const tried = await plans.subscribe(carl, { productSlug: 'atlas', planSlug: 'trial' });
    const { link: trial } = await cases.create(carl, { subscriptionId: tried.id });
    assert.deepEqual(span(await billOf(trial, 'trial')), ['2028-07-29', '2028-08-29']);
  });

  test('is approved once, by who has the link and names themselves, and changes the plan', async () => {
    const { cases, id, ada, plans, query } = await open();
    const { link, upgradeCase } = await cases.create(ada, { subscriptionId: id });
    const approve = (planSlug = 'twenty', email = ' Boss@Example.com') => cases.approve({ token: tokenOf(link), planSlug, email });
    for (const [planSlug, email, pointer] of [['twenty', 'boss', '/email'], ['free', 'boss@example.com', '/plan'], ['partner', 'boss@example.com', '/plan'], ['none', 'boss@example.com', '/plan']] as const) assert.equal((await refusalOf(approve(planSlug, email))).errors[0]!.pointer, pointer, planSlug);
    assert.equal((await refusalOf(approve('ten'))).code, 'conflict');
    const outcomes = await Promise.allSettled([approve(), approve()]);
    assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    assert.equal((await plans.listSubscriptions(ada, { consumerId: 'con_ada' }))[0]!.planSlug, 'twenty');
    assert.deepEqual((await cases.list(ada, { subscriptionId: id })).map(({ state, approvedBy }) => [state, approvedBy]), [['approved', 'boss@example.com']]);
    const page = await cases.findPage({ token: tokenOf(link) });
    assert.deepEqual([page?.state, page?.approvedBy, page?.planName], ['approved', 'boss@example.com', 'Twenty']);
    assert.equal((await refusalOf(cases.revoke(ada, { caseId: upgradeCase.id }))).code, 'conflict');
    const notice = await query.selectFrom('notice').select('detail').where('kind', '=', 'case.approved').executeTakeFirstOrThrow();
    assert.match(notice.detail, /boss@example.com/);
    const stored = await query.selectFrom('upgrade_case').selectAll().execute();
    assert.ok(!JSON.stringify(stored).includes(tokenOf(link)), 'the token is not in the store');
  });

  test('is over when it is revoked, when its time has passed, when its maker has left, and when the subscription has ended', async () => {
    const { cases, id, ada, bob, plans, query, advance, deps } = await open();
    const make = async () => {
      const { link, upgradeCase } = await cases.create(ada, { subscriptionId: id });
      return { token: tokenOf(link), caseId: upgradeCase.id };
    };
    const first = await make();
    assert.equal((await refusalOf(cases.revoke(bob, first))).code, 'not_found');
    await cases.revoke(ada, first);
    await cases.revoke(ada, first);
    const gone = async (token: string) => [await cases.findPage({ token }), (await refusalOf(cases.approve({ token, planSlug: 'twenty', email: 'boss@example.com' }))).code];
    assert.deepEqual(await gone(first.token), [undefined, 'input_invalid']);
    assert.deepEqual(await gone('a guess'), [undefined, 'input_invalid']);
    const second = await make();
    await query.updateTable('developer').set({ removed_at: deps.clock.now() }).where('id', '=', 'dev_ada').execute();
    assert.deepEqual(await gone(second.token), [undefined, 'input_invalid']);
    await query.updateTable('developer').set({ removed_at: null }).where('id', '=', 'dev_ada').execute();
    advance(30 * 86_400_000);
    assert.deepEqual(await gone(second.token), [undefined, 'input_invalid']);
    assert.equal((await plans.listSubscriptions(ada, { consumerId: 'con_ada' }))[0]!.planSlug, 'ten');
  });

  test('is a developer\'s own to make, within bounds', async () => {
    const { cases, id, ada, bob } = await open();
    assert.equal((await refusalOf(cases.create(bob, { subscriptionId: id }))).code, 'not_found');
    assert.equal((await refusalOf(cases.create(admin, { subscriptionId: id }))).code, 'role_forbids');
    assert.equal((await refusalOf(cases.list(bob, { subscriptionId: id }))).code, 'not_found');
    assert.equal((await refusalOf(cases.create(ada, { subscriptionId: id, message: 'a'.repeat(1_001) }))).errors[0]!.pointer, '/message');
    for (let made = 0; made < 20; made++) await cases.create(ada, { subscriptionId: id });
    assert.equal((await refusalOf(cases.create(ada, { subscriptionId: id }))).code, 'conflict');
  });
});
