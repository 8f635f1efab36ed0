import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestEvent } from '../../domain/request-event.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { createConsumers } from '../consumers/consumers.ts';
import { createKeys } from '../keys/keys.ts';
import { openMailbox } from '../mail/mailbox.ts';
import { createPlans } from '../plans/plans.ts';
import { addConsumer, admin, applyAtlas, openControl, refusalOf, startOfTests } from '../testkit.ts';
import { openNotices } from './notices.ts';

const hour = 3_600_000;
const day = 24 * hour;

forEachEngine('notices', (stores) => {
  async function open() {
    const control = await openControl(await stores.open());
    await applyAtlas(control);
    const { deps, gateways, letters, committed, advance } = control;
    const query = deps.database.kysely;
    const ada = await addConsumer(deps, 'ada');
    const mailbox = openMailbox(deps);
    const notices = openNotices(deps, { mailbox, portalName: async () => 'Atlas Developers' });
    const { id: subscription } = await createPlans(deps, gateways, letters).subscribe(ada, { productSlug: 'atlas' });
    const use = async (quantity: number, { mode = 'live' as 'live' | 'test', version = 'v2' } = {}) => {
      advance(1);
      const at = Math.floor(deps.clock.now() / hour) * hour;
      await query.insertInto('usage').values({ subscription_id: subscription, meter: 'requests', operation: 'listCities', version, mode, hour: at, quantity: String(quantity) })
        .onConflict((conflict) => conflict.columns(['subscription_id', 'meter', 'operation', 'version', 'mode', 'hour']).doUpdateSet({ quantity: String(quantity) })).execute();
      committed([{ consumerId: 'con_ada' } as RequestEvent]);
      await notices.look();
    };
    const titles = async () => (await notices.list(ada, { consumerId: 'con_ada' })).notices.map(({ title }) => title);
    const mails = async () => (await mailbox.outbox()).map(({ to, subject }) => `${to}: ${subject}`);
    /** Signs in as a person with a proven address, so that mail may reach them. */
    const prove = async (name: string) => {
      await query.insertInto('user').values({ id: `user_${name}`, name, email: `${name}@example.com`, emailVerified: deps.database.engine === 'postgres' ? true : 1, image: null, createdAt: new Date(0).toISOString(), updatedAt: new Date(0).toISOString() }).execute();
      await query.updateTable('developer').set({ user_id: `user_${name}` }).where('id', '=', `dev_${name}`).execute();
    };
    const join = async (name: string) => {
      await query.insertInto('developer').values({ id: `dev_${name}`, consumer_id: 'con_ada', user_id: null, email: `${name}@example.com`, created_at: startOfTests, removed_at: null }).execute();
      return { kind: 'developer' as const, developerId: `dev_${name}`, consumerId: 'con_ada', email: `${name}@example.com`, verified: true };
    };
    const done = async () => {
      await notices.close();
      await mailbox.close();
    };
    return { ...control, query, ada, mailbox, notices, use, titles, mails, prove, join, done, advance, keys: createKeys(deps, gateways), plans: createPlans(deps, gateways, letters) };
  }

  test('a quota is told of at 80 % and at its end, once in each period, and by mail', async () => {
    const { use, titles, mails, prove, advance, done, notices, ada } = await open();
    await prove('ada');
    await use(79);
    assert.deepEqual(await titles(), []);
    await use(80);
    await use(81);
    assert.deepEqual(await titles(), ['80 % of the monthly limit of Atlas API is used']);
    await use(100);
    await use(100);
    assert.deepEqual(await titles(), ['The monthly limit of Atlas API is used up', '80 % of the monthly limit of Atlas API is used']);
    assert.deepEqual(await mails(), ['ada@example.com: The monthly limit of Atlas API is used up (Atlas Developers)', 'ada@example.com: 80 % of the monthly limit of Atlas API is used (Atlas Developers)']);
    assert.match((await notices.list(ada, { consumerId: 'con_ada' })).notices[0]!.text, /^100 of 100 calls are used on the plan Free\. Calls are refused with 429 quota_exhausted until 1 Oct 2026, 00:00 UTC\./);
    await use(90, { mode: 'test' });
    assert.equal((await titles())[0], '80 % of the monthly limit of Atlas API in test mode is used');
    assert.equal((await mails()).length, 2, 'test calls are not worth a mail');
    advance(31 * day);
    await use(99);
    assert.equal((await titles()).length, 4, 'the next period is told of anew');
    await done();
  });

  test('a key is told of seven days before its end and at it, unless another took its place', async () => {
    const { keys, ada, titles, notices, advance, done } = await open();
    const made = await keys.create(ada, { mode: 'live', productSlug: 'atlas', name: 'Backend', expiresAt: startOfTests + 10 * day });
    const rolled = await keys.create(ada, { mode: 'live', productSlug: 'atlas', name: 'Old' });
    await keys.create(ada, { mode: 'live', productSlug: 'atlas', name: 'Made for a day', expiresAt: startOfTests + day });
    await keys.roll(ada, { id: rolled.id, overlapMs: 5 * day });
    const look = async (ms: number) => {
      advance(ms);
      await notices.look();
      return titles();
    };
    assert.deepEqual(await look(0), []);
    assert.deepEqual(await look(day), ['Key Made for a day has expired']);
    assert.deepEqual((await look(2 * day)).slice(0, 1), ['Key Backend expires soon']);
    await keys.update(ada, { id: made.id, expiresAt: startOfTests + 4 * day });
    assert.deepEqual((await look(hour)).slice(0, 2), ['Key Backend expires soon', 'Key Backend expires soon'], 'another end is another occasion');
    assert.deepEqual((await look(day)).slice(0, 1), ['Key Backend has expired']);
    assert.equal((await look(hour)).length, 4);
    await done();
  });

  test('a deprecated version and its end at 30, 7 and 1 days are told to who called it', async () => {
    const { use, titles, query, notices, deps, advance, done } = await open();
    const bob = await addConsumer(deps, 'bob');
    const sunset = startOfTests + 40 * day;
    await query.updateTable('version').set({ sunset_at: sunset }).where('name', '=', 'v1').execute();
    await use(1, { version: 'v1' });
    assert.deepEqual(await titles(), ['Atlas API v1 is deprecated']);
    for (const [days, expected] of [[10, 'Atlas API v1 ends in 30 days or less'], [23, 'Atlas API v1 ends in 7 days or less'], [6, 'Atlas API v1 ends within a day'], [1, 'Atlas API v1 has ended']] as const) {
      advance(days * day);
      await use(1, { version: 'v1' });
      await notices.look();
      assert.equal((await titles())[0], expected);
    }
    assert.equal((await titles()).length, 5);
    assert.deepEqual((await notices.list(bob, { consumerId: 'con_bob' })).notices, []);
    await done();
  });

  test('what teammates and the producer did is told; what somebody alone did is not', async () => {
    const { keys, plans, deps, ada, titles, mails, prove, join, notices, mailbox, query, advance, done } = await open();
    await prove('ada');
    const alone = await keys.create(ada, { mode: 'live', productSlug: 'atlas', name: 'Mine' });
    await keys.revoke(ada, { id: alone.id });
    assert.deepEqual(await titles(), []);
    const eve = await join('eve');
    await prove('eve');
    const { id } = await keys.create(ada, { mode: 'live', productSlug: 'atlas', name: 'Backend' });
    const next = await keys.roll(eve, { id, overlapMs: hour });
    advance(1);
    await keys.revoke(eve, { id: next.id });
    advance(1);
    const { id: subscription } = await plans.subscribe(ada, { productSlug: 'atlas', planSlug: 'partner' });
    await plans.decide(admin, { subscriptionId: subscription, approve: false });
    advance(1);
    const consumers = createConsumers(deps, { mailbox, keys, plans, portalName: async () => '', credentialsChanged: async () => undefined });
    await consumers.block(admin, { consumerId: 'con_ada', blocked: true });
    assert.deepEqual(await titles(), ['Your account was blocked by the producer', 'Your request for the plan partner was declined', 'Key Backend was revoked by eve@example.com', 'Key Backend was rolled by eve@example.com']);
    await query.updateTable('developer').set({ mail_notices: 0 }).where('id', '=', 'dev_eve').execute();
    await notices.look();
    assert.deepEqual((await mails()).toSorted(), [
      'ada@example.com: Key Backend was revoked by eve@example.com (Atlas Developers)', 'ada@example.com: Your account was blocked by the producer (Atlas Developers)', 'ada@example.com: Your request for the plan partner was declined (Atlas Developers)',
    ], 'eve switched mails off');
    await done();
  });

  test('reading marks them for the account, and nobody reads another account', async () => {
    const { use, notices, ada, deps, done } = await open();
    const bob = await addConsumer(deps, 'bob');
    await use(80);
    await use(100);
    const whole = { consumerId: 'con_ada' };
    const [reached, near] = (await notices.list(ada, whole)).notices;
    assert.equal(await notices.countUnread(ada, whole), 2);
    await notices.setRead(ada, { ...whole, ids: [near!.id], read: true });
    assert.deepEqual((await notices.list(ada, { ...whole, unread: true })).notices.map(({ id }) => id), [reached!.id]);
    await notices.setRead(ada, { ...whole, read: true });
    assert.equal(await notices.countUnread(ada, whole), 0);
    await notices.setRead(ada, { ...whole, ids: [near!.id], read: false });
    assert.equal(await notices.countUnread(ada, whole), 1);
    const first = await notices.list(ada, { ...whole, limit: 1 });
    assert.deepEqual((await notices.list(ada, { ...whole, limit: 1, cursor: first.nextCursor! })).notices.map(({ id }) => id), [near!.id]);
    for (const closed of [() => notices.list(bob, whole), () => notices.countUnread(bob, whole), () => notices.setRead(bob, { ...whole, read: true })]) assert.equal((await refusalOf(closed())).code, 'not_found');
    await notices.setRead(bob, { consumerId: 'con_bob', ids: [near!.id], read: true });
    assert.equal(await notices.countUnread(ada, whole), 1, "an id of another account's is nothing to bob");
    assert.equal(await notices.mailWanted(ada), true);
    await notices.setMailWanted(ada, false);
    assert.deepEqual([await notices.mailWanted(ada), await notices.mailWanted(bob)], [false, true]);
    assert.equal((await refusalOf(notices.mailWanted(admin))).code, 'role_forbids');
    await done();
  });
});
