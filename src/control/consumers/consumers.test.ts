import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database } from '../../store/database.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { accountKit } from '../accounts/testkit.ts';
import { loadCredentialEntries } from '../gateways/credential-entries.ts';
import type { Actor, KeySummary, Role, SubscriptionSummary } from '../services.ts';
import { createConsumers } from './consumers.ts';

const admin: Actor = { kind: 'admin-token' };
const member = (role: Role): Actor => ({ kind: 'member', memberId: 'mem_1', email: `${role}@example.com`, role });

async function openKit(database: Database) {
  const kit = accountKit(database);
  const announced: string[] = [];
  const consumers = createConsumers(kit.deps, {
    mailbox: kit.mailbox, portalName: async () => 'Atlas Developers',
    keys: { list: async (_actor, { consumerId }) => ({ keys: [{ id: 'key_1', consumerId } as KeySummary], nextCursor: null }) },
    plans: { listSubscriptions: async (_actor, { consumerId }) => [{ id: 'sub_1', consumerId } as SubscriptionSummary] },
    credentialsChanged: async () => {
      announced.push(...(await database.kysely.selectFrom('credential_change').select('key_id').orderBy('seq').execute()).map((row) => row.key_id));
    },
  });
  return { ...kit, consumers, announced };
}

async function makeKey(database: Database, actor: Extract<Actor, { kind: 'developer' }>, id: string, extra: { revoked_at?: number; last_used_at?: number } = {}): Promise<void> {
  await database.kysely.insertInto('key').values({ id, consumer_id: actor.consumerId, developer_id: actor.developerId, name: id, mode: 'live', origin: 'own', hash: id, masked: `m_${id}`, scopes: null, addresses: null, created_at: 1, expires_at: null, revoked_at: null, revoked_by: null, replaced_by: null, last_used_at: null, ...extra }).execute();
}

forEachEngine('consumers', ({ open }) => {
  test('members page through all of them, newest first, and search names and addresses', async () => {
    const kit = await openKit(await open());
    for (const email of ['ada@alpha.example', 'bob@Beta.example', 'a_b@gmail.com', 'eve@gamma.example']) await kit.signUp(email);
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 5; page++) {
      const answer = await kit.consumers.list(admin, { limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...answer.consumers.map((consumer) => consumer.name));
      if (answer.nextCursor === null) break;
      cursor = answer.nextCursor;
    }
    assert.deepEqual(seen.sort(), ['a_b', 'alpha.example', 'beta.example', 'gamma.example']);
    await makeKey(kit.database, (await kit.signUp('key@holder.example')).actor, 'key_9f3c');
    await kit.database.kysely.updateTable('key').set({ masked: 'atlas_live_...9f3c' }).execute();
    for (const [search, found] of [['9f3c', ['holder.example']], ['atlas_live_...9f3c', ['holder.example']], ['key_9f3c', ['holder.example']], ['ALPHA', ['alpha.example']], ['bob@', ['beta.example']], ['_', ['a_b']], ['%', []], ['nothing', []], ['  eve ', ['gamma.example']]] as const) {
      assert.deepEqual((await kit.consumers.list(admin, { search })).consumers.map((consumer) => consumer.name), found, search);
    }
  });

  test('filters and sorts, and pages through either order without losing anybody', async () => {
    const kit = await openKit(await open());
    const { kysely } = kit.database;
    const day = 86_400_000;
    const now = Date.now();
    kit.clock.set(now);
    await kysely.insertInto('product').values({ id: 'prd_a', slug: 'atlas', name: 'Atlas', description: '', layer: null, owner: null, access: 'public', position: 0, upstream: 'http://x', test_upstream: null, config: '{}', created_at: 1, updated_at: 1, removed_at: null }).execute();
    await kysely.insertInto('plan').values({ id: 'pln_a', product_id: 'prd_a', slug: 'gold', name: 'Gold', position: 0, access: 'public', is_default: 0, current_revision_id: 'rev_a', archived_at: null, created_at: 1 }).execute();
    await kysely.insertInto('plan_revision').values({ id: 'rev_a', plan_id: 'pln_a', number: 1, config: '{}', created_at: 1 }).execute();
    const add = async (name: string, more: object, calls = 0, lastUsed: number | null = null) => {
      await kysely.insertInto('consumer').values({ id: `con_${name}`, name, origin: 'sign-up', created_at: now - 10 * day, blocked_at: null, verified_at: 1, first_success_at: null, first_live_success_at: null, first_key_at: null, ...more }).execute();
      await kysely.insertInto('developer').values({ id: `dev_${name}`, consumer_id: `con_${name}`, user_id: null, email: `${name}@x.example`, created_at: 1, removed_at: null }).execute();
      if (lastUsed !== null) await makeKey(kit.database, { consumerId: `con_${name}`, developerId: `dev_${name}` } as never, `key_${name}`, { last_used_at: lastUsed });
      if (calls === 0) return;
      await kysely.insertInto('subscription').values({ id: `sub_${name}`, consumer_id: `con_${name}`, product_id: 'prd_a', plan_id: 'pln_a', plan_revision_id: 'rev_a', state: 'active', anchor_at: 1, created_at: 1, ended_at: null }).execute();
      for (const meter of ['requests', 'successes']) await kysely.insertInto('usage').values({ subscription_id: `sub_${name}`, meter, operation: 'o', version: 'v1', mode: 'live', hour: now - 2 * day, quantity: String(calls) }).execute();
    };
    await add('ada', { first_success_at: now - 10 * day + 60_000 }, 500, now - 5);
    await add('bob', { first_success_at: now - 10 * day + 30_000 }, 20, now - 900);
    await add('cem', { blocked_at: 5, verified_at: null, origin: 'command' });
    await add('dia', { created_at: now - 60_000 });
    const names = async (input: Parameters<typeof kit.consumers.list>[1]) => {
      const found: string[] = [];
      for (let cursor: string | undefined, page = 0; page < 9; page++) {
        const answer = await kit.consumers.list(admin, { ...input, limit: 1, cursor });
        found.push(...answer.consumers.map((consumer) => consumer.name));
        if (answer.nextCursor === null) break;
        cursor = answer.nextCursor;
      }
      return found.join(' ');
    };
    assert.deepEqual(await Promise.all((['-created', 'created', '-calls', 'calls', '-active', 'active', '-ttfc', 'ttfc'] as const).map((sort) => names({ sort }))), [
      'dia cem bob ada', 'ada bob cem dia', 'ada bob dia cem', 'cem dia bob ada', 'ada bob dia cem', 'bob ada cem dia', 'ada bob dia cem', 'bob ada cem dia',
    ]);
    assert.deepEqual(await Promise.all([{ state: 'stalled' }, { state: 'active' }, { state: 'blocked' }, { state: 'unverified' }, { origin: 'command' }, { since: now - day }, { productSlug: 'atlas' }, { productSlug: 'atlas', planSlug: 'gold' }, { planSlug: 'free' }].map((filter) => names(filter as never))), [
      'cem', 'bob ada', 'cem', 'cem', 'cem', 'dia', 'bob ada', 'bob ada', '',
    ]);
    assert.deepEqual((await kit.consumers.list(admin, {})).consumers.map(({ calls }) => calls), [0, 0, 20, 500]);
    await assert.rejects(kit.consumers.list(admin, { cursor: 'nonsense' }), { code: 'input_invalid' });
  });

  test('an invited consumer has a name, an invitation, and nobody until it is accepted', async () => {
    const kit = await openKit(await open());
    const { id, link } = await kit.consumers.create(member('support'), { email: 'Ada@Northwind.example' });
    assert.deepEqual([(await kit.consumers.get(admin, id)).name, (await kit.consumers.get(admin, id)).developers], ['northwind.example', 0]);
    await kit.accounts.acceptInvitation({ token: new URL(link).searchParams.get('token')!, password: 'correct horse' }, kit.post());
    assert.deepEqual((await kit.consumers.get(admin, id)).developerList.map(({ email }) => email), ['ada@northwind.example']);
    await assert.rejects(kit.consumers.create(member('support'), { email: 'ada@northwind.example' }), { code: 'conflict' });
    for (const role of ['engineer', 'viewer'] as const) await assert.rejects(kit.consumers.create(member(role), { email: 'x@example.com' }), { code: 'role_forbids' });
  });

  test('a summary counts developers, the time to the first success, and the last call', async () => {
    const kit = await openKit(await open());
    const { actor } = await kit.signUp('ada@example.com');
    await makeKey(kit.database, actor, 'key_1', { last_used_at: 500 });
    await makeKey(kit.database, actor, 'key_2', { last_used_at: 900 });
    const created = (await kit.consumers.get(admin, actor.consumerId)).createdAt;
    await kit.database.kysely.updateTable('consumer').set({ first_success_at: created + 131_000 }).execute();
    const { keys, subscriptions, developerList, ...summary } = await kit.consumers.get(admin, actor.consumerId);
    assert.deepEqual(summary, { id: actor.consumerId, name: 'example.com', origin: 'sign-up', createdAt: created, blockedAt: null, verified: false, developers: 1, firstKeyAt: null, firstSuccessAt: created + 131_000, firstLiveSuccessAt: null, ttfcMs: 131_000, lastActiveAt: 900, plans: [], calls: 0 });
    assert.deepEqual([keys.length, subscriptions.length, developerList.map((developer) => [developer.email, developer.verified, developer.you])], [1, 1, [['ada@example.com', false, false]]]);
    await kit.database.kysely.updateTable('consumer').set({ origin: 'command' }).execute();
    assert.equal((await kit.consumers.get(admin, actor.consumerId)).ttfcMs, null, 'who did not sign up has no time from it');
  });

  test('a note stands on the timeline for the producer alone', async () => {
    const kit = await openKit(await open());
    const ada = (await kit.signUp('ada@example.com')).actor;
    const { consumerId } = ada;
    const member = (role: 'support' | 'viewer'): Actor => ({ kind: 'member', memberId: 'mem_1', email: `${role}@example.com`, role });
    await kit.consumers.addNote(member('support'), { consumerId, text: ' Called: moves to v2 in May. ' });
    const [note] = await kit.consumers.timeline(admin, { consumerId });
    assert.deepEqual([note?.kind, note?.actor, note?.detail], ['note.added', 'support@example.com', { note: 'Called: moves to v2 in May.' }]);
    assert.deepEqual((await kit.consumers.timeline(ada, { consumerId })).map(({ kind }) => kind), ['consumer.signed-up']);
    for (const [who, text, code] of [[ada, 'mine', 'role_forbids'], [member('viewer'), 'x', 'role_forbids'], [admin, ' ', 'input_invalid'], [admin, 'x'.repeat(2_001), 'input_invalid']] as const) await assert.rejects(kit.consumers.addNote(who, { consumerId, text }), { code });
    await assert.rejects(kit.consumers.addNote(admin, { consumerId: 'con_none', text: 'x' }), { code: 'not_found' });
  });

  test('a developer sees and changes their own consumer, and learns nothing of another', async () => {
    const kit = await openKit(await open());
    const ada = (await kit.signUp('ada@example.com')).actor;
    const eve = (await kit.signUp('eve@example.org')).actor;
    assert.equal((await kit.consumers.get(ada, ada.consumerId)).developerList[0]!.you, true);
    await kit.consumers.rename(ada, { consumerId: ada.consumerId, name: ' Ada & Co ' });
    assert.deepEqual((await kit.consumers.timeline(ada, { consumerId: ada.consumerId })).map((row) => [row.kind, row.actor, row.detail]), [['consumer.renamed', 'ada@example.com', { from: 'example.com', to: 'Ada & Co' }], ['consumer.signed-up', 'ada@example.com', {}]]);
    const { consumerId } = ada;
    const attempts: [string, () => Promise<unknown>][] = [
      ['get', () => kit.consumers.get(eve, consumerId)], ['timeline', () => kit.consumers.timeline(eve, { consumerId })], ['rename', () => kit.consumers.rename(eve, { consumerId, name: 'x' })],
      ['listDevelopers', () => kit.consumers.listDevelopers(eve, { consumerId })], ['inviteDeveloper', () => kit.consumers.inviteDeveloper(eve, { consumerId, email: 'x@example.com' })],
      ['removeDeveloper', () => kit.consumers.removeDeveloper(eve, { consumerId, developerId: ada.developerId })],
      ['of my own, another’s developer', () => kit.consumers.removeDeveloper(eve, { consumerId: eve.consumerId, developerId: ada.developerId })],
      ['unknown', () => kit.consumers.get(admin, 'con_none')],
    ];
    for (const [what, attempt] of attempts) await assert.rejects(attempt, { code: 'not_found' }, what);
    for (const attempt of [() => kit.consumers.list(ada, {}), () => kit.consumers.block(ada, { consumerId, blocked: true })]) await assert.rejects(attempt, { code: 'role_forbids' });
    await assert.rejects(kit.consumers.rename(ada, { consumerId, name: '  ' }), { code: 'input_invalid' });
  });

  test('each role may do what it may', async () => {
    const kit = await openKit(await open());
    const { actor } = await kit.signUp('ada@example.com');
    const { consumerId } = actor;
    for (const role of ['owner', 'product-manager', 'engineer', 'support', 'viewer'] as const) {
      const who = member(role);
      await kit.consumers.list(who, {});
      await kit.consumers.get(who, consumerId);
      await kit.consumers.listDevelopers(who, { consumerId });
      const changes = [() => kit.consumers.block(who, { consumerId, blocked: true }), () => kit.consumers.block(who, { consumerId, blocked: false }), () => kit.consumers.rename(who, { consumerId, name: role }), () => kit.consumers.inviteDeveloper(who, { consumerId, email: `${role}@x.example` })];
      for (const change of changes) {
        if (role === 'engineer' || role === 'viewer') await assert.rejects(change, { code: 'role_forbids' }, role);
        else await change();
      }
    }
  });

  test('blocking tells the gateways of every key, once; unblocking too', async () => {
    const kit = await openKit(await open());
    const { actor } = await kit.signUp('ada@example.com');
    const other = await kit.signUp('eve@example.org');
    await makeKey(kit.database, actor, 'key_1');
    await makeKey(kit.database, actor, 'key_2');
    await makeKey(kit.database, other.actor, 'key_other');
    await kit.consumers.block(member('support'), { consumerId: actor.consumerId, blocked: true });
    assert.deepEqual(kit.announced.toSorted(), ['key_1', 'key_2']);
    assert.ok((await kit.consumers.get(admin, actor.consumerId)).blockedAt);
    await kit.consumers.block(admin, { consumerId: actor.consumerId, blocked: true });
    assert.equal(kit.announced.length, 2, 'already blocked: nothing changes');
    await kit.consumers.block(admin, { consumerId: actor.consumerId, blocked: false });
    assert.equal((await kit.database.kysely.selectFrom('credential_change').select('seq').execute()).length, 4);
    assert.deepEqual((await kit.consumers.timeline(admin, { consumerId: actor.consumerId, limit: 2 })).map((row) => row.kind), ['consumer.unblocked', 'consumer.blocked']);
  });

  test('removing a developer names the keys they made, which go on working', async () => {
    const kit = await openKit(await open());
    const { actor } = await kit.signUp('ada@example.com');
    await kit.database.kysely.insertInto('developer').values({ id: 'dev_2', consumer_id: actor.consumerId, user_id: null, email: 'bob@example.com', created_at: 1, removed_at: null }).execute();
    await makeKey(kit.database, { ...actor, developerId: 'dev_2' }, 'key_bob');
    await makeKey(kit.database, { ...actor, developerId: 'dev_2' }, 'key_old', { revoked_at: 5 });
    await makeKey(kit.database, actor, 'key_ada');
    await kit.consumers.removeDeveloper(actor, { consumerId: actor.consumerId, developerId: 'dev_2' });
    assert.deepEqual((await loadCredentialEntries(kit.database.kysely, ['key_bob', 'key_old', 'key_ada'])).map(({ state }) => state), ['active', 'revoked', 'active']);
    const [row] = await kit.consumers.timeline(actor, { consumerId: actor.consumerId, limit: 1 });
    assert.deepEqual([row!.kind, row!.detail], ['developer.removed', { email: 'bob@example.com', keys: ['m_key_bob'] }]);
    await assert.rejects(kit.consumers.removeDeveloper(actor, { consumerId: actor.consumerId, developerId: 'dev_2' }), { code: 'not_found' });
  });

  test('the timeline pages backwards', async () => {
    const kit = await openKit(await open());
    const { actor } = await kit.signUp('ada@example.com');
    for (let i = 0; i < 5; i++) {
      kit.clock.set(Date.now() + (i + 1) * 1000);
      await kit.consumers.rename(actor, { consumerId: actor.consumerId, name: `name ${i}` });
    }
    const first = await kit.consumers.timeline(admin, { consumerId: actor.consumerId, limit: 4 });
    const rest = await kit.consumers.timeline(admin, { consumerId: actor.consumerId, limit: 4, before: first.at(-1)!.id });
    assert.deepEqual([...first, ...rest].map((row) => row.detail.to), ['name 4', 'name 3', 'name 2', 'name 1', 'name 0', undefined]);
  });
});
