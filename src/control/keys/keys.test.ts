import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashKey, parseKey } from '../../domain/key.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { loadCredentialEntries } from '../gateways/credential-entries.ts';
import { createPlans } from '../plans/plans.ts';
import type { Actor } from '../services.ts';
import { addConsumer, admin, applyAtlas, openControl, refusalOf, startOfTests } from '../testkit.ts';
import { createKeys } from './keys.ts';

forEachEngine('keys', (stores) => {
  async function open() {
    const control = await openControl(await stores.open());
    await applyAtlas(control);
    const keys = createKeys(control.deps, control.gateways);
    const entry = async (id: string) => (await loadCredentialEntries(control.deps.database.kysely, [id]))[0]!;
    return { ...control, query: control.deps.database.kysely, keys, entry, ada: await addConsumer(control.deps, 'ada', { verified: false }) };
  }

  test('a key is shown once and kept as its hash; it opens the default plan that it brought along', async () => {
    const { keys, entry, query, ada } = await open();
    const made = await keys.create(ada, { mode: 'test', productSlug: 'atlas', name: ' First ' });
    assert.deepEqual(parseKey(made.key), { prefix: 'atlas', mode: 'test' });
    assert.equal(made.summary.name, 'First');
    assert.deepEqual(made.summary.products, ['atlas']);
    assert.equal(made.consumer, 'con_ada');
    const credential = await entry(made.id);
    assert.equal(credential.hash, hashKey(made.key));
    assert.equal(credential.unverified, true);
    assert.deepEqual(credential.subscriptions.map(({ subscriptionId, active }) => ({ subscriptionId, active })), [{ subscriptionId: made.subscription, active: true }]);
    const everything = JSON.stringify([await query.selectFrom('key').selectAll().execute(), await query.selectFrom('activity').selectAll().execute()]);
    assert.ok(!everything.includes(made.key));
    assert.equal((await query.selectFrom('consumer').select('first_key_at').where('id', '=', 'con_ada').executeTakeFirstOrThrow()).first_key_at! > 0, true);
    assert.equal((await query.selectFrom('subscription').innerJoin('plan', 'plan.id', 'subscription.plan_id').select('plan.slug').executeTakeFirstOrThrow()).slug, 'free');
  });

  test('a second key for the product uses the same subscription; one without a product opens all', async () => {
    const { keys, ada } = await open();
    const first = await keys.create(ada, { mode: 'live', productSlug: 'atlas' });
    const second = await keys.create(ada, { mode: 'live', productSlug: 'atlas' });
    assert.equal(second.subscription, first.subscription);
    await keys.create(ada, { mode: 'live', productSlug: 'relief' });
    assert.deepEqual((await keys.create(ada, { mode: 'live' })).summary.products, ['atlas', 'relief']);
    assert.deepEqual((await keys.create(ada, { mode: 'test' })).summary.products, ['atlas']);
  });

  test('a product without test mode issues no test keys', async () => {
    const { keys, query, ada } = await open();
    assert.equal((await refusalOf(keys.create(ada, { mode: 'test', productSlug: 'relief' }))).code, 'mode_forbidden');
    assert.equal((await refusalOf(keys.mintTryIt(ada, { productSlug: 'relief' }))).code, 'mode_forbidden');
    assert.equal((await query.selectFrom('subscription').select('id').execute()).length, 0);
  });

  test('what is wrong with the input is named, and nothing is made', async () => {
    const { keys, query, ada } = await open();
    const { code, errors } = await refusalOf(keys.create(ada, { mode: 'live', productSlug: 'atlas', name: ' ', expiresAt: 5, scopes: [], addresses: ['10.0.0.0/8', '300.1.1.1', '10.0.0.0/64'] }));
    assert.equal(code, 'input_invalid');
    assert.deepEqual(errors.map(({ pointer }) => pointer), ['/name', '/expiresAt', '/scopes', '/addresses/1', '/addresses/2']);
    assert.equal((await refusalOf(keys.create(ada, { mode: 'live' }))).code, 'input_invalid');
    assert.equal((await refusalOf(keys.create(ada, { mode: 'live', productSlug: 'nowhere' }))).code, 'not_found');
    assert.equal((await refusalOf(keys.create(ada, { mode: 'live', productSlug: 'secret' }))).code, 'not_found');
    assert.equal((await refusalOf(keys.create(ada, { mode: 'live', productSlug: 'atlas', planSlug: 'hidden' }))).code, 'not_found');
    assert.deepEqual(await query.selectFrom('key').select('id').execute(), []);
    const limited = await keys.create(ada, { mode: 'live', productSlug: 'atlas', scopes: ['listCities'], addresses: ['10.0.0.0/8', '::1'] });
    assert.deepEqual((await keys.list(ada, {})).keys.map(({ id }) => id), [limited.id]);
  });

  test('who has not verified an address gets no plan by it that is not open to everybody', async () => {
    const { keys, query } = await open();
    const { email } = await query.selectFrom('developer').select('email').where('consumer_id', '=', 'con_ada').executeTakeFirstOrThrow();
    for (const [productSlug, planSlug] of [['atlas', 'hidden'], ['atlas', 'partner'], ['secret', 'basic'], ['secret', undefined]] as const) {
      assert.equal((await refusalOf(keys.createFor(admin, { email, productSlug, mode: 'live', ...(planSlug && { planSlug }) }))).code, 'conflict', `${productSlug} ${planSlug}`);
    }
    assert.equal((await query.selectFrom('subscription').select('id').execute()).length, 0);
    assert.equal((await keys.createFor(admin, { email, productSlug: 'atlas', planSlug: 'growth', mode: 'live' })).consumer, 'con_ada');
    await query.updateTable('consumer').set({ verified_at: 1 }).where('id', '=', 'con_ada').execute();
    assert.equal((await keys.createFor(admin, { email, productSlug: 'secret', mode: 'live' })).consumer, 'con_ada');
  });

  test('developers act within their own account only; members as their role allows', async () => {
    const { deps, keys, ada } = await open();
    const bob = await addConsumer(deps, 'bob');
    const { id } = await keys.create(ada, { mode: 'live', productSlug: 'atlas' });
    const attempts = [() => keys.revoke(bob, { id }), () => keys.update(bob, { id, name: 'mine' }), () => keys.roll(bob, { id, overlapMs: 0 }), () => keys.list(bob, { consumerId: 'con_ada' }), () => keys.create(bob, { consumerId: 'con_ada', mode: 'live' })];
    for (const attempt of attempts) assert.equal((await refusalOf(attempt())).code, 'not_found');
    const viewer: Actor = { kind: 'member', memberId: 'mem_1', email: 'v@example.com', role: 'viewer' };
    assert.equal((await keys.list(viewer, {})).keys.length, 1);
    assert.equal((await refusalOf(keys.revoke(viewer, { id }))).code, 'role_forbids');
    assert.equal((await refusalOf(keys.createFor(ada, { email: 'x@example.com', productSlug: 'atlas', mode: 'live' }))).code, 'role_forbids');
    assert.equal((await refusalOf(keys.mintTryIt(admin, { productSlug: 'atlas' }))).code, 'role_forbids');
    assert.equal((await keys.list(ada, {})).keys[0]!.state, 'active');
  });

  test('the command line makes consumer, developer and subscription once, and counts them as verified', async () => {
    const { keys, entry, query } = await open();
    const first = await keys.createFor(admin, { email: 'Grace@Example.com', productSlug: 'atlas', planSlug: 'hidden', mode: 'live' });
    const second = await keys.createFor(admin, { email: 'grace@example.com', productSlug: 'atlas', mode: 'test' });
    assert.deepEqual([second.consumer, second.subscription], [first.consumer, first.subscription]);
    assert.equal((await entry(first.id)).unverified, false);
    const consumer = await query.selectFrom('consumer').select(['name', 'origin']).where('id', '=', first.consumer).executeTakeFirstOrThrow();
    assert.deepEqual(consumer, { name: 'grace@example.com', origin: 'command' });
    assert.equal((await refusalOf(keys.createFor(admin, { email: 'grace', productSlug: 'atlas', mode: 'live' }))).code, 'input_invalid');
    const moved = await keys.createFor(admin, { email: 'grace@example.com', productSlug: 'atlas', planSlug: 'growth', mode: 'live' });
    assert.equal(moved.subscription, first.subscription);
  });

  test('a rolled key works through its overlap, once', async () => {
    const { keys, entry, advance, ada, deps } = await open();
    const old = await keys.create(ada, { mode: 'live', productSlug: 'atlas', name: 'Server', scopes: ['listCities'] });
    advance(1);
    const rolled = await keys.roll(ada, { id: old.id, overlapMs: 3_600_000 });
    assert.equal(rolled.previousExpiresAt, deps.clock.now() + 3_600_000);
    assert.deepEqual([rolled.summary.name, rolled.subscription, (await entry(rolled.id)).scopes], ['Server', old.subscription, ['listCities']]);
    assert.equal((await entry(old.id)).expiresAt, rolled.previousExpiresAt);
    assert.equal((await refusalOf(keys.roll(ada, { id: old.id, overlapMs: 0 }))).code, 'conflict');
    advance(3_600_000);
    const list = (await keys.list(ada, {})).keys;
    assert.deepEqual(list.map(({ id, state, replacedBy }) => ({ id, state, replacedBy })), [{ id: rolled.id, state: 'active', replacedBy: null }, { id: old.id, state: 'expired', replacedBy: rolled.id }]);
    assert.equal((await refusalOf(keys.roll(ada, { id: rolled.id, overlapMs: -1 }))).code, 'input_invalid');
  });

  test('a revoked key stays revoked, and says by whom', async () => {
    const { keys, entry, query, ada } = await open();
    const { id } = await keys.create(ada, { mode: 'live', productSlug: 'atlas' });
    assert.equal((await keys.revoke(ada, { id })).state, 'revoked');
    const again = await keys.revoke(admin, { id });
    assert.equal(again.state, 'revoked');
    assert.equal((await query.selectFrom('key').select('revoked_by').where('id', '=', id).executeTakeFirstOrThrow()).revoked_by, 'ada@example.com');
    assert.equal((await entry(id)).state, 'revoked');
    assert.equal((await refusalOf(keys.roll(ada, { id, overlapMs: 0 }))).code, 'conflict');
    assert.equal((await refusalOf(keys.revoke(ada, { id: 'key_none' }))).code, 'not_found');
  });

  test('a try-it key is shared while it lasts, counts as no first key, and old ones go', async () => {
    const { keys, entry, query, advance, ada } = await open();
    const first = await keys.mintTryIt(ada, { productSlug: 'atlas' });
    assert.equal((await keys.mintTryIt(ada, { productSlug: 'atlas' })).key, first.key);
    const [row] = await query.selectFrom('key').select(['id', 'mode', 'origin']).execute();
    assert.deepEqual([row!.mode, row!.origin, (await entry(row!.id)).origin], ['test', 'try-it', 'try-it']);
    assert.equal((await query.selectFrom('consumer').select('first_key_at').executeTakeFirstOrThrow()).first_key_at, null);
    assert.deepEqual((await keys.list(ada, {})).keys, []);
    advance(55 * 60_000);
    assert.notEqual((await keys.mintTryIt(ada, { productSlug: 'atlas' })).key, first.key);
    advance(3_600_000);
    await keys.mintTryIt(ada, { productSlug: 'atlas' });
    assert.equal((await query.selectFrom('key').select('id').execute()).length, 1);
    assert.equal((await entry(row!.id)).state, 'deleted');
  });

  test('a page that mints a key begins no subscription again that has ended', async () => {
    const { keys, query, ada, advance } = await open();
    await keys.mintTryIt(ada, { productSlug: 'atlas' });
    await query.updateTable('subscription').set({ state: 'ended' }).where('consumer_id', '=', ada.consumerId).execute();
    advance(3_600_000);
    assert.equal((await refusalOf(keys.mintTryIt(ada, { productSlug: 'atlas' }))).code, 'subscription_inactive');
    assert.deepEqual(await query.selectFrom('subscription').select('state').execute(), [{ state: 'ended' }]);
  });

  test('lists page by cursor, newest first', async () => {
    const { keys, ada, advance } = await open();
    const ids: string[] = [];
    for (let count = 0; count < 5; count++) {
      ids.unshift((await keys.create(ada, { mode: 'live', productSlug: 'atlas' })).id);
      advance(1);
    }
    const first = await keys.list(ada, { limit: 3 });
    const second = await keys.list(ada, { limit: 3, cursor: first.nextCursor! });
    assert.deepEqual([...first.keys, ...second.keys].map(({ id }) => id), ids);
    assert.equal(second.nextCursor, null);
  });

  test('a new subscription opens for keys that opened everything, and not for those that were limited', async () => {
    const { deps, gateways, letters, keys, entry, ada } = await open();
    const plans = createPlans(deps, gateways, letters);
    const all = await keys.create(ada, { mode: 'live', productSlug: 'atlas' });
    await plans.subscribe(ada, { productSlug: 'relief' });
    assert.equal((await entry(all.id)).subscriptions.length, 2);
    const limited = await keys.create(ada, { mode: 'live', productSlug: 'atlas' });
    await plans.subscribe(admin, { consumerId: 'con_ada', productSlug: 'secret' });
    assert.equal((await entry(all.id)).subscriptions.length, 3);
    assert.equal((await entry(limited.id)).subscriptions.length, 1);
  });

  test('restrictions and the end change afterwards; each mistake is named by its line', async () => {
    const { keys, deps, entry, query, ada, advance } = await open();
    const { id } = await keys.create(ada, { mode: 'live', productSlug: 'atlas', scopes: ['getCity'], addresses: ['10.0.0.0/8'] });
    assert.deepEqual([(await keys.get(ada, id)).scopes, (await keys.get(ada, id)).addresses], [['getCity'], ['10.0.0.0/8']]);
    const changed = await keys.update(ada, { id, name: 'Backend', scopes: ['listCities'], addresses: ['2001:db8::/32', '192.0.2.7'], expiresAt: startOfTests + 1_000 });
    assert.deepEqual([changed.name, changed.scopes, changed.addresses, changed.expiresAt], ['Backend', ['listCities'], ['2001:db8::/32', '192.0.2.7'], startOfTests + 1_000]);
    const credential = await entry(id);
    assert.deepEqual([credential.scopes, credential.addresses, credential.expiresAt], [changed.scopes, changed.addresses, changed.expiresAt]);
    const before = await query.selectFrom('credential_change').select('seq').execute();
    assert.equal((await keys.update(ada, { id, scopes: null, addresses: null, expiresAt: null })).scopes, null);
    assert.equal((await query.selectFrom('credential_change').select('seq').execute()).length, before.length + 1, 'gateways are told');
    await keys.update(ada, { id, scopes: null });
    assert.equal((await query.selectFrom('credential_change').select('seq').execute()).length, before.length + 1, 'and not for nothing');
    const wrong: [Parameters<typeof keys.update>[1], string][] = [
      [{ id, addresses: ['10.0.0.1', '10.0.0.300'] }, '/addresses/1'], [{ id, addresses: ['10.0.0.0/33'] }, '/addresses/0'], [{ id, addresses: [] }, '/addresses'],
      [{ id, scopes: ['listCities', 'flyAway'] }, '/scopes/1'], [{ id, scopes: [] }, '/scopes'], [{ id, expiresAt: startOfTests }, '/expiresAt'], [{ id, name: ' ' }, '/name'],
    ];
    for (const [input, pointer] of wrong) {
      const refusal = await refusalOf(keys.update(ada, input));
      assert.deepEqual([refusal.code, refusal.errors?.[0]?.pointer], ['input_invalid', pointer]);
    }
    assert.equal((await refusalOf(keys.create(ada, { mode: 'live', productSlug: 'atlas', scopes: ['flyAway'] }))).errors?.[0]?.pointer, '/scopes/0');
    const bob = await addConsumer(deps, 'bob');
    for (const closed of [() => keys.update(bob, { id, name: 'Mine' }), () => keys.get(bob, id)]) assert.equal((await refusalOf(closed())).code, 'not_found');
    const next = await keys.roll(ada, { id, overlapMs: 3_600_000 });
    assert.deepEqual((await keys.get(ada, next.id)).replaces, { id, masked: changed.masked, lastUsedAt: null, expiresAt: startOfTests + 3_600_000, revokedAt: null, state: 'active' });
    assert.equal((await refusalOf(keys.update(ada, { id, expiresAt: null }))).errors?.[0]?.pointer, '/expiresAt');
    advance(3_600_000);
    assert.equal((await keys.get(ada, next.id)).replaces!.state, 'expired');
    await keys.revoke(ada, { id });
    assert.equal((await refusalOf(keys.update(ada, { id, name: 'x' }))).code, 'conflict');
  });

  test('the list is filtered by state, mode and what people remember of a key', async () => {
    const { keys, ada, advance } = await open();
    const backend = await keys.create(ada, { mode: 'live', productSlug: 'atlas', name: 'Backend 100%' });
    advance(1);
    const staging = await keys.create(ada, { mode: 'test', productSlug: 'atlas', name: 'Staging', expiresAt: startOfTests + 1_000 });
    const names = async (input: Parameters<typeof keys.list>[1]) => (await keys.list(ada, input)).keys.map(({ name }) => name);
    assert.deepEqual(await names({ search: '100%' }), ['Backend 100%']);
    assert.deepEqual(await names({ search: '_' }), ['Staging', 'Backend 100%'], 'every masked key has one');
    assert.deepEqual(await names({ search: staging.key.slice(-4) }), ['Staging']);
    assert.deepEqual(await names({ mode: 'live' }), ['Backend 100%']);
    assert.deepEqual(await names({ active: true }), ['Staging', 'Backend 100%']);
    advance(1_000);
    assert.deepEqual(await names({ active: true }), ['Backend 100%']);
    await keys.revoke(ada, { id: backend.id });
    assert.deepEqual(await names({ active: true }), []);
    assert.deepEqual(await names({}), ['Staging', 'Backend 100%']);
  });
});
