import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { addDecimals } from '../../domain/decimal.ts';
import { billPeriod } from '../../domain/pricing/bill-period.ts';
import { meterQuantities } from '../../domain/pricing/meter-quantities.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { readPeriodUsage } from '../billing/period-usage.ts';
import { readPhases } from '../billing/reckon-period.ts';
import { openBilling } from '../billing/testkit.ts';
import type { Database } from '../../store/database.ts';
import { createPlans } from '../plans/plans.ts';
import type { Simulation, Simulator } from '../services.ts';
import { createSubscriptions } from '../subscriptions/subscriptions.ts';
import { admin, refusalOf } from '../testkit.ts';
import { readDraft } from './read-draft.ts';
import { createSimulator } from './simulator.ts';

const months: [string, string][] = [['2026-01-10', '2026-02-10'], ['2026-02-10', '2026-03-10'], ['2026-03-10', '2026-04-10']];
const window = { from: Date.parse('2026-01-01'), to: Date.parse('2026-07-01') };
const dearer = 'plans:\n  - { slug: ten, currency: usd, interval: month, fee: "12.50", limits: [ { name: monthly, requests: 200, per: period }, { name: daily, requests: 150, per: day } ], prices: [ { meter: requests, model: unit, unitPrice: "0.02" } ] }\n';

async function openSimulator(database: Database) {
  const control = await openBilling(database);
  const plans = createPlans(control.deps, control.gateways, control.letters);
  const simulator = createSimulator(control.deps, { plans, subscriptions: createSubscriptions(control.deps, control.gateways, plans) });
  return { ...control, simulator };
}

async function settled(simulator: Simulator, input: Parameters<Simulator['start']>[1]): Promise<Simulation> {
  const { id } = await simulator.start(admin, input);
  for (;;) {
    const run = await simulator.getRun(admin, { id });
    if (run.state !== 'running') return run;
    await new Promise((resolve) => { setImmediate(resolve); });
  }
}

forEachEngine('the price simulator', ({ open }) => {
  test('replays each period that began in the window by list price, and tells who pays more, who would hit a limit, and what stays', async () => {
    const { simulator, consumer, subscribe, use } = await openSimulator(await open());
    await consumer('ada');
    await consumer('bob');
    await subscribe('sub_ada', 'con_ada', { plan: 'ten', periods: months });
    await subscribe('sub_bob', 'con_bob', { plan: 'free', periods: months.slice(1), ended: true });
    await use('sub_ada', 'requests', '180', '2026-02-11T10:00:00Z');
    await use('sub_ada', 'requests', '100', '2026-02-12T10:00:00Z');
    await use('sub_ada', 'requests', '5000', '2026-02-12T10:00:00Z', 'getCity', 'test');
    await use('sub_ada', 'requests', '9000', '2026-04-10T00:00:00Z');
    const run = await settled(simulator, { draft: dearer, productSlug: 'atlas', ...window });
    assert.deepEqual([run.state, run.error, run.done, run.total], ['done', null, 2, 2]);
    const { totals, consumers, limits, leftOut } = run.result!;
    // Old: 3 fees of 10 and 180 units beyond 100; new: 3 fees of 12.50 and 280 units of 0.02.
    assert.deepEqual([totals[0]!.old, totals[0]!.new, totals[0]!.change, totals[0]!.changePercent, totals[0]!.losers, totals[0]!.winners, totals[0]!.same, totals[0]!.periods], ['31.80', '43.10', '11.30', '35.5', 1, 0, 1, 5]);
    assert.deepEqual(totals[0]!.retention.filter(({ rise }) => [20, 50].includes(rise)).map(({ rise, leaving, revenue, percent }) => [rise, leaving, revenue, percent]), [[20, 1, '0.00', '0.0'], [50, 0, '43.10', '135.5']]);
    assert.deepEqual(consumers.map((row) => [row.consumerName, row.old, row.new, row.plans]), [['ada', '31.80', '43.10', ['ten']], ['bob', '0.00', '0.00', ['free']]]);
    assert.deepEqual(consumers[0]!.hits, [{ limit: 'monthly', windows: 1 }, { limit: 'daily', windows: 1 }]);
    assert.deepEqual(limits.map(({ plan, limit, subscriptions }) => [plan, limit, subscriptions]), [['ten', 'monthly', 1], ['ten', 'daily', 1]]);
    assert.deepEqual(leftOut, { trial: 0, otherCurrency: 0, keptPlan: 1, limitUnchecked: 0 });
  });

  test('bills to the cent what billPeriod bills, whatever plans, meters, trials, changes and ends', async () => {
    const database = await open();
    const { simulator, consumer, subscribe, use, query } = await openSimulator(database);
    const plans = ['free', 'ten', 'usage', 'bulk'];
    for (let index = 0; index < 40; index++) {
      const [name, anchor] = [String(index).padStart(2, '0'), 1 + (index * 7) % 28];
      const day = (month: number): string => `2026-0${month}-${String(anchor).padStart(2, '0')}`;
      await consumer(`c${name}`);
      const last: [string, string] = index % 5 === 0 ? [day(4), `${day(4)}T13:20:00Z`] : [day(4), day(5)];
      await subscribe(`sub_${name}`, `con_c${name}`, { plan: plans[index % 4]!, periods: [[day(2), day(3)], [day(3), day(4)], last], ended: index % 5 === 0 });
      for (let call = 0; call < 12; call++) await use(`sub_${name}`, ['requests', 'tokens', 'bytes'][call % 3]!, call % 4 === 3 ? `${call * index}.${index}25` : String(call * index * 3), `2026-0${2 + (call % 3)}-${String(1 + (call * 5 + index) % 28).padStart(2, '0')}T0${call % 10}:00:00Z`, call % 2 ? 'getCity' : 'listCities');
    }
    await query.updateTable('billing_period').set({ kind: 'trial' }).where('id', 'in', ['per_03_1', 'per_07_1']).execute();
    const bulk = await query.selectFrom('plan').select('current_revision_id').where('slug', '=', 'bulk').executeTakeFirstOrThrow();
    await query.updateTable('subscription_phase').set({ to_at: Date.parse('2026-03-20') }).where('subscription_id', '=', 'sub_01').execute();
    await query.insertInto('subscription_phase').values({ id: 'pha_01_2', subscription_id: 'sub_01', plan_revision_id: bulk.current_revision_id, from_at: Date.parse('2026-03-20'), to_at: null, reason: 'moved' }).execute();
    const draft = `plans:
  - { slug: free, currency: usd, interval: month, fee: "3", prices: [ { meter: requests, model: package, packageSize: 70, packagePrice: "0.335" } ] }
  - { slug: ten, currency: usd, interval: year, fee: "99.99", prices: [ { meter: tokens, model: graduated, included: 3, tiers: [ { upTo: 50, unitPrice: "0.0155", flatFee: "1" }, { unitPrice: "0.000000000123" } ] } ] }
  - { slug: bulk, currency: usd, interval: month, prices: [ { meter: requests, model: unit, unitPrice: "0.005", minimum: "2", maximum: "9.505" } ] }
`;
    const run = await settled(simulator, { draft, productSlug: 'atlas', ...window });
    const drafted = new Map((await readDraft(query, { file: 'draft.yaml', text: draft, productSlug: 'atlas' }))[0]!.plans.map((plan) => [plan.slug, plan]));
    const expected = new Map<string, [string, string]>();
    for (const row of await query.selectFrom('billing_period').innerJoin('subscription', 'subscription.id', 'billing_period.subscription_id').select(['subscription_id', 'consumer_id', 'kind', 'from_at', 'to_at', 'anchor_at']).where('kind', '=', 'regular').execute()) {
      const period = { subscriptionId: row.subscription_id, from: row.from_at, to: row.to_at };
      const old = (await readPhases(query, period)).at(-1)!.plan;
      const rows = await readPeriodUsage(query, period);
      const [before, after] = [old, drafted.get(old.slug) ?? old].map((plan) => billPeriod({ period: { ...period, kind: 'regular', anchorAt: row.anchor_at }, phases: [{ plan, from: row.from_at, to: null }], usage: [...meterQuantities(rows, plan.prices)].map(([meter, quantity]) => ({ meter, quantity })), coupons: [] }).subtotal) as [string, string];
      const sum = expected.get(row.consumer_id) ?? ['0', '0'];
      expected.set(row.consumer_id, [addDecimals(sum[0], before), addDecimals(sum[1], after)]);
    }
    assert.deepEqual(new Map(run.result!.consumers.map((row): [string, [string, string]] => [row.consumerId, [row.old, row.new]]).toSorted()), new Map([...expected].toSorted()));
    assert.equal(run.result!.leftOut.trial, 2);
    const pages = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await simulator.listConsumers(admin, { id: run.id, limit: 7, ...(cursor !== undefined && { cursor }) });
      pages.push(...page.consumers);
      cursor = page.nextCursor;
    }
    assert.deepEqual(pages, run.result!.consumers, 'page by page, all of them in the same order');
    assert.equal((await refusalOf(simulator.listConsumers(admin, { id: run.id, cursor: '1e99' }))).code, 'input_invalid');
  });

  const base = { productSlug: 'atlas', ...window };
  const refused: [string, Partial<Parameters<Simulator['start']>[1]>, string, RegExp][] = [
    ['a window in the future', { from: Date.parse('2027-01-01'), to: Date.parse('2027-02-01') }, 'input_invalid', /\/from must be in the past/],
    ['one that ends in the future', { to: Date.parse('2027-01-01') }, 'input_invalid', /\/to must not be in the future/],
    ['an empty window', { to: window.from }, 'input_invalid', /the window is empty/],
    ['tiers out of order', { draft: 'plans:\n  - slug: bulk\n    currency: usd\n    prices:\n      - meter: requests\n        model: graduated\n        tiers:\n          - { upTo: 10, unitPrice: "1" }\n          - { upTo: 5, unitPrice: "1" }\n          - { unitPrice: "1" }\n' }, 'config_invalid', /draft\.yaml, line 9: Tiers rise: 5 is not above 10/],
    ['another currency', { draft: 'plans:\n  - slug: ten\n    currency: eur\n' }, 'config_invalid', /draft\.yaml, line 3: The plan "ten" is in USD/],
    ['one plan in another currency', { draft: 'slug: ten\ncurrency: eur\n' }, 'config_invalid', /line 2: The plan "ten" is in USD/],
    ['a product that is not there', { draft: 'products:\n  - { slug: sea, upstream: "http://127.0.0.1:1", plans: [ { slug: a, currency: usd } ] }\n', productSlug: undefined }, 'config_invalid', /line 2: There is no product "sea"/],
    ['no plans', { draft: 'plans: []\n' }, 'config_invalid', /has no plans of "atlas"/],
    ['a rise of no number', { rise: Number.NaN }, 'input_invalid', /\/rise must be a percentage/],
  ];
  test('says in one error what is wrong with a window or a draft', async () => {
    const { simulator, query } = await openSimulator(await open());
    for (const [name, input, code, words] of refused) {
      const refusal = await refusalOf(simulator.start(admin, { draft: dearer, ...base, ...input }));
      assert.equal(refusal.code, code, name);
      assert.match(refusal.message, words, name);
    }
    await query.deleteFrom('plan').execute();
    assert.match((await refusalOf(simulator.start(admin, { draft: dearer, ...base }))).message, /has no plans/);
    assert.equal((await refusalOf(simulator.getRun(admin, { id: 'sim_0' }))).code, 'not_found');
    assert.equal((await refusalOf(simulator.start({ kind: 'developer', developerId: 'd', consumerId: 'c', email: 'e', verified: true }, { draft: dearer, ...base }))).code, 'role_forbids');
  });

  test('rolls a draft out: to new sign-ups first, then to chosen subscribers, with notices, and not over another change', async () => {
    const { simulator, consumer, subscribe, query, at } = await openSimulator(await open());
    at('2026-04-01T12:00:00Z');
    for (const name of ['ada', 'bob']) {
      await consumer(name);
      await subscribe(`sub_${name}`, `con_${name}`, { plan: 'ten', periods: months });
    }
    await query.updateTable('billing_period').set({ state: 'open' }).where('from_at', '=', Date.parse('2026-03-10')).execute();
    const { text } = await simulator.getDraft(admin, { productSlug: 'atlas' });
    const draft = text.replace('fee: "10"', 'fee: "12"');
    assert.notEqual(draft, text);
    const { id } = await settled(simulator, { draft, ...base, to: Date.parse('2026-04-01') });
    assert.deepEqual(await simulator.getRollOut(admin, { id, subscriptionIds: ['sub_ada'] }), [{ productSlug: 'atlas', planSlug: 'ten', planName: 'Ten', change: 'changed', subscribers: 2, moving: 1 }]);
    assert.match((await refusalOf(simulator.rollOut(admin, { id, subscriptionIds: 'all' }))).message, /\/at must say from when/);
    assert.equal((await simulator.rollOut(admin, { id, subscriptionIds: 'none' })).scheduled, 0);
    const revisions = await query.selectFrom('plan').innerJoin('plan_revision', 'plan_revision.plan_id', 'plan.id').select(['number', sql<string>`config`.as('config')]).where('slug', '=', 'ten').orderBy('number').execute();
    assert.deepEqual(revisions.map(({ config }) => (JSON.parse(config) as { fee: string }).fee), ['10', '12']);
    const later = Date.parse('2026-05-01');
    for (const expected of [1, 1]) assert.equal((await simulator.rollOut(admin, { id, subscriptionIds: ['sub_ada'], at: later })).scheduled, expected);
    assert.deepEqual((await query.selectFrom('subscription').select(['id', 'scheduled_at']).orderBy('id').execute()).map((row) => [row.id, row.scheduled_at]), [['sub_ada', later], ['sub_bob', null]]);
    assert.deepEqual((await query.selectFrom('notice').select(['consumer_id', 'kind']).execute()).map((row) => [row.consumer_id, row.kind]), [['con_ada', 'prices.change']]);
    await query.updateTable('subscription').set({ plan_revision_id: (eb) => eb.selectFrom('plan').select('current_revision_id').where('slug', '=', 'ten').limit(1) }).where('id', '=', 'sub_ada').execute();
    assert.equal((await simulator.rollOut(admin, { id, subscriptionIds: ['sub_ada', 'sub_bob'], at: later })).scheduled, 1, 'who has moved since is no mistake');
    const other = await settled(simulator, { draft: text.replace('fee: "10"', 'fee: "15"'), ...base, to: Date.parse('2026-04-01') });
    await simulator.rollOut(admin, { id: other.id, subscriptionIds: 'none' });
    assert.equal((await refusalOf(simulator.rollOut(admin, { id, subscriptionIds: 'none' }))).code, 'conflict');
  });

  test('says what stops a roll-out before anything is changed, also in its preview', async () => {
    const { simulator, consumer, subscribe, query, at } = await openSimulator(await open());
    at('2026-04-01T12:00:00Z');
    await consumer('ada');
    await subscribe('sub_ada', 'con_ada', { plan: 'ten', periods: months });
    const draft = (await simulator.getDraft(admin, { productSlug: 'atlas' })).text.replace('fee: "10"', 'fee: "12"').replace('name: Free', 'name: Gratis');
    const past = { ...base, to: Date.parse('2026-04-01') };
    const later = Date.parse('2026-05-01');
    const revisions = async (): Promise<number> => (await query.selectFrom('plan_revision').select('id').execute()).length;
    const before = await revisions();
    const { id } = await settled(simulator, { draft, ...past });
    for (const [name, subscriptionIds, moment, words] of [
      ['too far ahead', 'all', Date.parse('2029-01-01'), /\/at must be a moment from now on, at most two years ahead/], ['no moment', 'all', NaN, /\/at must be a moment/],
      ['a stranger', ['sub_ada', 'sub_nobody'], later, /\/subscriptions names sub_nobody, which is no subscription of "atlas"/],
    ] as const) {
      const input = { id, subscriptionIds: typeof subscriptionIds === 'string' ? subscriptionIds : [...subscriptionIds] };
      assert.match((await refusalOf(simulator.rollOut(admin, { ...input, at: moment }))).message, words, name);
    }
    const whole = (meters: string, plan: string): string => `products:\n  - slug: atlas\n    upstream: http://127.0.0.1:4010\n    meters: [ ${meters} ]\n    plans: [ { slug: ${plan}, currency: usd, interval: month, prices: [ { meter: METER, model: unit, unitPrice: "0.5" } ] } ]\n`;
    const added = await settled(simulator, { draft: whole('{ name: cities, operations: [getCity] }', 'ten').replace('METER', 'cities'), ...past });
    const redefined = await settled(simulator, { draft: whole('{ name: tokens, header: X-Words }', 'usage').replace('METER', 'tokens'), ...past });
    assert.deepEqual([added.state, redefined.state], ['done', 'done'], 'both can be simulated');
    for (const [run, meter, plan] of [[added, 'cities', 'ten'], [redefined, 'tokens', 'usage']] as const) {
      for (const refused of [simulator.getRollOut, simulator.rollOut]) {
        const { code, message } = await refusalOf(refused(admin, { id: run.id, subscriptionIds: 'none' }));
        assert.deepEqual([code, message.slice(0, 90).includes(`The draft defines the meter "${meter}", which "${plan}" has a price for`)], ['conflict', true], message);
      }
    }
    await query.insertInto('plan_revision').values({ id: 'rev_other', plan_id: (eb) => eb.selectFrom('plan').select('id').where('slug', '=', 'ten').limit(1), number: 9, config: '{}', created_at: 1 }).execute();
    await query.updateTable('plan').set({ current_revision_id: 'rev_other' }).where('slug', '=', 'ten').execute();
    const stale = await refusalOf(simulator.rollOut(admin, { id, subscriptionIds: 'none' }));
    assert.match(stale.message, /The plan "ten" was saved by somebody else/);
    assert.equal(await revisions(), before + 1, 'the plan before it in the draft has no new revision either');
  });

  test('counts no limit of months that only the sum of several would pass', async () => {
    const { simulator, consumer, subscribe, use } = await openSimulator(await open());
    await consumer('ada');
    await subscribe('sub_ada', 'con_ada', { plan: 'ten', periods: [['2026-01-01', '2026-02-01'], ['2026-02-01', '2026-03-01']] });
    await use('sub_ada', 'requests', '60', '2026-01-11T10:00:00Z');
    await use('sub_ada', 'requests', '60', '2026-02-11T10:00:00Z');
    const limits = async (requests: number) => (await settled(simulator, { draft: `plans:\n  - { slug: ten, currency: usd, interval: month, fee: "10", limits: [ { name: monthly, requests: ${requests}, per: month } ] }\n`, productSlug: 'atlas', ...window })).result!;
    const [wide, narrow] = [await limits(100), await limits(59)];
    assert.deepEqual([wide.limits, wide.consumers[0]!.hits], [[], []]);
    assert.deepEqual(narrow.consumers[0]!.hits, [{ limit: 'monthly', windows: 2 }]);
  });
});
