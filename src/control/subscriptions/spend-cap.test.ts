import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestEvent } from '../../domain/request-event.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { withSpendCaps } from '../gateways/spend-caps.ts';
import { loadCredentialEntries } from '../gateways/credential-entries.ts';
import { createKeys } from '../keys/keys.ts';
import { openNotices } from '../notices/notices.ts';
import { addConsumer, admin, refusalOf } from '../testkit.ts';
import { createSubscriptions } from './subscriptions.ts';
import { openSubscriptions, standardPlans } from './testkit.ts';

const tokens = '\n      - { slug: metered, name: Metered, currency: usd, interval: month, fee: "10", prices: [ { meter: requests, model: unit, unitPrice: "0.01" }, { meter: tokens, model: unit, unitPrice: "0.001" } ] }';

forEachEngine('spend caps', (stores) => {
  async function open() {
    const control = await openSubscriptions(await stores.open(), `${standardPlans.trimEnd()}${tokens}\n`);
    control.at('2027-03-01T00:00:00Z');
    const { id } = await control.plans.subscribe(control.ada, { productSlug: 'atlas', planSlug: 'metered' });
    const subscriptions = createSubscriptions(control.deps, control.gateways, control.plans);
    const keys = createKeys(control.deps, control.gateways);
    const made = { live: await keys.create(control.ada, { mode: 'live', productSlug: 'atlas' }), test: await keys.create(control.ada, { mode: 'test', productSlug: 'atlas' }) };
    const capOf = async (mode: 'live' | 'test' = 'live') => (await withSpendCaps(control.query, await loadCredentialEntries(control.query, [made[mode].id]), control.deps.clock.now()))[0]!.subscriptions[0]!.spendCap;
    return { ...control, id, subscriptions, capOf };
  }

  test('are the consumer\'s own to set, in the plan\'s currency, and to take away', async () => {
    const { subscriptions, id, ada, deps } = await open();
    const bob = await addConsumer(deps, 'bob');
    assert.equal((await subscriptions.setSpendCap(ada, { subscriptionId: id, cap: '25', alerts: [100, 50] })).spendCap, '25.00');
    assert.deepEqual((await subscriptions.getRunningBill(ada, { subscriptionId: id })).spendAlerts, [50, 100]);
    for (const [cap, alerts, pointer] of [['-1', undefined, '/cap'], ['1.001', undefined, '/cap'], ['1'.repeat(30), undefined, '/cap'], ['lots', undefined, '/cap'], ['5', [90], '/alerts']] as const) assert.equal((await refusalOf(subscriptions.setSpendCap(ada, { subscriptionId: id, cap, ...(alerts && { alerts: [...alerts] }) }))).errors[0]!.pointer, pointer, cap);
    assert.equal((await refusalOf(subscriptions.setSpendCap(bob, { subscriptionId: id, cap: '5' }))).code, 'not_found');
    assert.equal((await subscriptions.setSpendCap(ada, { subscriptionId: id, cap: null })).spendCap, null);
  });

  test('travel with live keys alone, with the fees as they stand and what the ledger has', async () => {
    const { subscriptions, id, ada, capOf, use, at, plans } = await open();
    assert.equal(await capOf(), undefined);
    await use(id, 'requests', '7', '2027-03-02T00:00:00Z');
    await use(id, 'tokens', '1200.5', '2027-03-02T00:00:00Z');
    await use(id, 'bytes', '99', '2027-03-02T00:00:00Z');
    await subscriptions.setSpendCap(ada, { subscriptionId: id, cap: '25' });
    const cap = (await capOf())!;
    assert.deepEqual([cap.currency, cap.amount, cap.fees, cap.nextFees, cap.from, cap.to, cap.requestsBefore], ['usd', '25.00', '10.00', '10.00', Date.parse('2027-03-01'), Date.parse('2027-04-01'), 0]);
    assert.deepEqual(cap.used, [{ meter: 'tokens', operation: 'getCity', quantity: '1200.5' }]);
    assert.equal(await capOf('test'), undefined);
    at('2027-03-16T12:00:00Z');
    await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'twenty' });
    const moved = (await capOf())!;
    assert.deepEqual([moved.fees, moved.nextFees, moved.prices.map(({ meter }) => meter), moved.used], ['15.00', '20.00', ['requests'], []], '10 - 5 + 10');
  });

  test('of a year count the months that are over, and none in a trial', async () => {
    const { subscriptions, deps, capOf: _capOf, plans, query, use, at } = await open();
    const carl = await addConsumer(deps, 'carl');
    const { id } = await plans.subscribe(admin, { consumerId: 'con_carl', productSlug: 'atlas', planSlug: 'yearly', startedAt: Date.parse('2026-11-15T00:00:00Z') });
    await use(id, 'requests', '5', '2026-11-20T00:00:00Z');
    await use(id, 'requests', '6', '2027-02-14T23:00:00Z');
    await use(id, 'requests', '7', '2027-02-15T00:00:00Z');
    await subscriptions.setSpendCap(carl, { subscriptionId: id, cap: '300' });
    const entry = async (consumerId: string) => (await withSpendCaps(query, await loadCredentialEntries(query, (await query.selectFrom('key').select('id').where('consumer_id', '=', consumerId).execute()).map((row) => row.id)), deps.clock.now()))[0]!.subscriptions[0]!.spendCap!;
    await createKeys(deps, { credentialsChanged: async () => ({ unconfirmed: [] }) } as never).create(carl, { mode: 'live', productSlug: 'atlas' });
    const cap = await entry('con_carl');
    assert.deepEqual([cap.requestsBefore, cap.fees, new Date(cap.to).toISOString()], [11, '240.00', '2027-11-15T00:00:00.000Z']);
    at('2027-03-02T00:00:00Z');
    const dora = await addConsumer(deps, 'dora');
    const trial = await plans.subscribe(dora, { productSlug: 'atlas', planSlug: 'trial' });
    await createKeys(deps, { credentialsChanged: async () => ({ unconfirmed: [] }) } as never).create(dora, { mode: 'live', productSlug: 'atlas' });
    await subscriptions.setSpendCap(dora, { subscriptionId: trial.id, cap: '40' });
    const during = await entry('con_dora');
    assert.deepEqual([during.fees, during.nextFees], [null, '30.00']);
  });

  test('tell at the shares that were chosen, once each in a period', async () => {
    const { subscriptions, id, ada, deps, letters, committed, advance, use, query, at, roll } = await open();
    const notices = openNotices(deps, letters);
    const look = async (): Promise<string[]> => {
      advance(60_000);
      committed([{ consumerId: 'con_ada' } as RequestEvent]);
      await notices.look();
      return (await notices.list(ada, { consumerId: 'con_ada' })).notices.filter(({ kind }) => kind.startsWith('spend')).map(({ title }) => title).toReversed();
    };
    await subscriptions.setSpendCap(ada, { subscriptionId: id, cap: '30', alerts: [50, 80, 100] });
    assert.deepEqual(await look(), [], '10 of 30');
    await use(id, 'requests', '500', '2027-03-01T00:00:00Z');
    assert.deepEqual(await look(), ['50 % of your spend cap for Atlas API is spent']);
    assert.equal((await look()).length, 1, 'once');
    await use(id, 'tokens', '15000', '2027-03-01T00:00:00Z');
    assert.deepEqual((await look()).slice(1), ['Your spend cap for Atlas API is reached'], 'the greatest share alone');
    await subscriptions.setSpendCap(ada, { subscriptionId: id, cap: '300', alerts: [] });
    assert.equal((await look()).length, 2, 'who wants no alerts gets none');
    await subscriptions.setSpendCap(ada, { subscriptionId: id, cap: '30', alerts: [50, 80, 100] });
    at('2027-04-01T00:00:00Z');
    await roll();
    await query.insertInto('usage').values({ subscription_id: id, meter: 'requests', operation: 'getCity', version: 'v1', mode: 'live', hour: Date.parse('2027-04-01'), quantity: '1500' }).execute();
    assert.equal((await look()).length, 3, 'anew in the next period');
    await notices.close();
  });
});
