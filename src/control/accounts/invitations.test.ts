import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { openMailbox } from '../mail/mailbox.ts';
import type { Actor, Role } from '../services.ts';
import { createConsumers } from '../consumers/consumers.ts';
import { accountKit, developerActor, password, withCookies } from './testkit.ts';
import type { AccountKit } from './testkit.ts';

const admin: Actor = { kind: 'admin-token' };
const day = 86_400_000;
const tokenOf = (link: string): string => new URL(link).searchParams.get('token')!;

async function memberOf(kit: AccountKit, email: string, role: Role): Promise<Extract<Actor, { kind: 'member' }>> {
  const { link } = await kit.accounts.inviteMember(admin, { email, role });
  await kit.accounts.acceptInvitation({ token: tokenOf(link), password }, kit.post());
  const { id } = (await kit.accounts.listMembers(admin)).find((member) => member.email === email)!;
  return { kind: 'member', memberId: id, email, role };
}

function consumersOf(kit: AccountKit) {
  return createConsumers(kit.deps, { mailbox: openMailbox(kit.deps), keys: { list: async () => ({ keys: [], nextCursor: null }) }, plans: { listSubscriptions: async () => [] }, portalName: async () => 'Atlas Developers', credentialsChanged: async () => {} });
}

forEachEngine('first owner', ({ open }) => {
  test('the link is the same at each start until it makes the one first owner', async () => {
    const database = await open();
    const kit = accountKit(database);
    const link = (await kit.accounts.firstOwnerLink())!;
    assert.match(link, /^http:\/\/portal\.test\/workspace\/first-owner\?token=[\w-]{43}$/);
    assert.equal(await accountKit(database).accounts.firstOwnerLink(), link);
    const stored = await database.kysely.selectFrom('setting').select('value').where('name', '=', 'first-owner').executeTakeFirstOrThrow();
    assert.equal(stored.value.includes(tokenOf(link)), false);
    await assert.rejects(kit.accounts.acceptFirstOwner({ token: 'guess', email: 'boss@example.com', password }, kit.post()), { code: 'input_invalid' });
    await assert.rejects(kit.accounts.acceptFirstOwner({ token: tokenOf(link), email: 'boss@example.com', password: 'short' }, kit.post()), { code: 'input_invalid' });
    const tries = await Promise.allSettled(['boss@example.com', 'thief@example.com'].map((email) => kit.accounts.acceptFirstOwner({ token: tokenOf(link), email, password }, kit.post())));
    assert.deepEqual(tries.map((one) => one.status).sort(), ['fulfilled', 'rejected']);
    const members = await kit.accounts.listMembers(admin);
    assert.deepEqual(members.map((member) => member.role), ['owner']);
    assert.equal((await database.kysely.selectFrom('user').select('id').execute()).length, 1, 'the slower one left no user behind');
    const won = tries.find((one) => one.status === 'fulfilled')!;
    const person = await kit.accounts.findPerson(withCookies(won.value.headers));
    assert.deepEqual([person?.member?.role, person?.developer], ['owner', null]);
    assert.equal(await kit.accounts.firstOwnerLink(), undefined);
    await assert.rejects(kit.accounts.acceptFirstOwner({ token: tokenOf(link), email: 'late@example.com', password }, kit.post()), { code: 'input_invalid' });
  });

  test('somebody with an account becomes the first owner with their own password only', async () => {
    const kit = accountKit(await open());
    await kit.signUp('ada@example.com');
    const token = tokenOf((await kit.accounts.firstOwnerLink())!);
    await assert.rejects(kit.accounts.acceptFirstOwner({ token, email: 'ada@example.com', password: 'not her password' }, kit.post()), { code: 'not_signed_in' });
    const { headers } = await kit.accounts.acceptFirstOwner({ token, email: 'ada@example.com', password }, kit.post());
    const person = await kit.accounts.findPerson(withCookies(headers));
    assert.equal(person?.member?.role, 'owner');
    assert.ok(person?.developer);
  });
});

forEachEngine('members', ({ open }) => {
  test('only owners change members, everybody in the workspace sees them, developers see nothing', async () => {
    const kit = accountKit(await open());
    const owner = await memberOf(kit, 'owner@example.com', 'owner');
    const developer = (await kit.signUp('dev@example.com')).actor;
    for (const role of ['product-manager', 'engineer', 'support', 'viewer'] as const) {
      const actor = await memberOf(kit, `${role}@example.com`, role);
      assert.ok((await kit.accounts.listMembers(actor)).length > 1);
      for (const attempt of changes(kit, actor, owner.memberId)) await assert.rejects(attempt, { code: 'role_forbids' }, role);
    }
    for (const attempt of [kit.accounts.listMembers(developer), ...changes(kit, developer, owner.memberId)]) await assert.rejects(attempt, { code: 'role_forbids' });
  });

  test('an invitation is for its address, works once, and ends after a week', async () => {
    const kit = accountKit(await open());
    const { link, expiresAt } = await kit.accounts.inviteMember(admin, { email: ' PM@example.com', role: 'product-manager' });
    const token = tokenOf(link);
    assert.deepEqual(await kit.accounts.findInvitation(token), { email: 'pm@example.com', kind: 'member', name: 'Atlas Developers', invitedBy: 'admin-token' });
    assert.equal(await kit.mailedToken('pm@example.com', '/invitation'), token);
    kit.clock.set(expiresAt + 1);
    assert.equal(await kit.accounts.findInvitation(token), undefined);
    await assert.rejects(kit.accounts.acceptInvitation({ token, password }, kit.post()), { code: 'input_invalid' });
    kit.clock.set(expiresAt - day);
    const { headers } = await kit.accounts.acceptInvitation({ token, password, name: 'Mika' }, kit.post());
    const person = await kit.accounts.findPerson(withCookies(headers));
    assert.deepEqual([person?.email, person?.name, person?.member?.role, person?.developer], ['pm@example.com', 'Mika', 'product-manager', null]);
    await assert.rejects(kit.accounts.acceptInvitation({ token, password }, kit.post()), { code: 'input_invalid' });
    await assert.rejects(kit.accounts.inviteMember(admin, { email: 'pm@example.com', role: 'viewer' }), { code: 'conflict' });
    await assert.rejects(kit.accounts.inviteMember(admin, { email: 'x@example.com', role: 'king' as Role }), { code: 'input_invalid' });
  });

  test('a second invitation replaces the first', async () => {
    const kit = accountKit(await open());
    const first = await kit.accounts.inviteMember(admin, { email: 'pm@example.com', role: 'owner' });
    const second = await kit.accounts.inviteMember(admin, { email: 'pm@example.com', role: 'viewer' });
    assert.equal(await kit.accounts.findInvitation(tokenOf(first.link)), undefined);
    assert.ok(await kit.accounts.findInvitation(tokenOf(second.link)));
  });

  test('the last owner stays, also when two owners remove each other at once; a removed member is out at once', async () => {
    const kit = accountKit(await open());
    const one = await memberOf(kit, 'one@example.com', 'owner');
    await assert.rejects(kit.accounts.removeMember(one, { memberId: one.memberId }), { code: 'conflict', message: /only owner/ });
    await assert.rejects(kit.accounts.setMemberRole(one, { memberId: one.memberId, role: 'viewer' }), { code: 'conflict' });
    const two = await memberOf(kit, 'two@example.com', 'owner');
    const { headers } = await kit.accounts.signIn({ email: 'two@example.com', password }, kit.post());
    const both = await Promise.allSettled([kit.accounts.removeMember(one, { memberId: two.memberId }), kit.accounts.setMemberRole(two, { memberId: one.memberId, role: 'viewer' })]);
    assert.deepEqual(both.map((result) => result.status).sort(), ['fulfilled', 'rejected']);
    assert.equal((await kit.accounts.listMembers(admin)).filter((member) => member.role === 'owner').length, 1);
    const left = (await kit.accounts.listMembers(admin)).some((member) => member.email === 'two@example.com');
    assert.equal((await kit.accounts.findPerson(withCookies(headers)))?.member !== null, left);
    await assert.rejects(kit.accounts.removeMember(admin, { memberId: 'mem_none' }), { code: 'not_found' });
  });
});

function changes(kit: AccountKit, actor: Actor, memberId: string): Promise<unknown>[] {
  return [kit.accounts.inviteMember(actor, { email: 'new@example.com', role: 'viewer' }), kit.accounts.setMemberRole(actor, { memberId, role: 'viewer' }), kit.accounts.removeMember(actor, { memberId })];
}

forEachEngine('developers', ({ open }) => {
  test('a colleague joins with a new account, and leaves again', async () => {
    const kit = accountKit(await open());
    const consumers = consumersOf(kit);
    const ada = await kit.signUp('ada@example.com');
    const { link } = await consumers.inviteDeveloper(ada.actor, { consumerId: ada.actor.consumerId, email: 'bob@example.com' });
    assert.deepEqual(await kit.accounts.findInvitation(tokenOf(link)), { email: 'bob@example.com', kind: 'developer', name: 'example.com', invitedBy: 'ada@example.com' });
    await assert.rejects(consumers.inviteDeveloper(ada.actor, { consumerId: ada.actor.consumerId, email: 'ada@example.com' }), { code: 'conflict' });
    const { headers } = await kit.accounts.acceptInvitation({ token: tokenOf(link), password }, kit.post());
    const bob = (await kit.accounts.findPerson(withCookies(headers)))!;
    assert.equal(bob.developer?.consumerId, ada.actor.consumerId);
    const { developers, invitations } = await consumers.listDevelopers(developerActor(bob), { consumerId: ada.actor.consumerId });
    assert.deepEqual(developers.map(({ email, you }) => [email, you]), [['ada@example.com', false], ['bob@example.com', true]]);
    assert.deepEqual(invitations, []);
    await consumers.removeDeveloper(ada.actor, { consumerId: ada.actor.consumerId, developerId: bob.developer!.developerId });
    assert.equal((await kit.accounts.findPerson(withCookies(headers)))?.developer, null);
    await assert.rejects(consumers.removeDeveloper(ada.actor, { consumerId: ada.actor.consumerId, developerId: ada.actor.developerId }), { code: 'conflict', message: /only developer/ });
    const again = await consumers.inviteDeveloper(ada.actor, { consumerId: ada.actor.consumerId, email: 'bob@example.com' });
    await kit.accounts.acceptInvitation({ token: tokenOf(again.link), password }, kit.post(withCookies(headers)));
    assert.equal((await kit.accounts.findPerson(withCookies(headers)))?.developer?.developerId, bob.developer!.developerId);
  });

  test('somebody with an account joins with their own password or session, and not with a chosen one', async () => {
    const kit = accountKit(await open());
    const consumers = consumersOf(kit);
    const ada = await kit.signUp('ada@example.com');
    const bob = await kit.signUp('bob@gmail.com');
    const eve = await kit.signUp('eve@gmail.com');
    const token = tokenOf((await consumers.inviteDeveloper(ada.actor, { consumerId: ada.actor.consumerId, email: 'bob@gmail.com' })).link);
    await assert.rejects(kit.accounts.acceptInvitation({ token, password: 'a chosen password' }, kit.post()), { code: 'not_signed_in' });
    await assert.rejects(kit.accounts.acceptInvitation({ token, password: '' }, kit.post(withCookies(eve.headers))), { code: 'not_signed_in' });
    await kit.accounts.acceptInvitation({ token, password: '' }, kit.post(withCookies(bob.headers)));
    assert.equal((await kit.accounts.findPerson(withCookies(bob.headers)))?.developer?.consumerId, ada.actor.consumerId);
  });

  test('nobody leaves working keys behind by joining another consumer', async () => {
    const kit = accountKit(await open());
    const consumers = consumersOf(kit);
    const ada = await kit.signUp('ada@example.com');
    const bob = await kit.signUp('bob@gmail.com');
    const key = { consumer_id: bob.actor.consumerId, developer_id: bob.actor.developerId, name: 'k', mode: 'live' as const, origin: 'own' as const, masked: 'm', scopes: null, addresses: null, created_at: 1, revoked_by: null, replaced_by: null, last_used_at: null };
    await kit.database.kysely.insertInto('key').values([{ ...key, id: 'key_1', hash: 'a', expires_at: null, revoked_at: null }, { ...key, id: 'key_2', hash: 'b', expires_at: 1, revoked_at: null }]).execute();
    const token = tokenOf((await consumers.inviteDeveloper(ada.actor, { consumerId: ada.actor.consumerId, email: 'bob@gmail.com' })).link);
    await assert.rejects(kit.accounts.acceptInvitation({ token, password }, kit.post()), { code: 'conflict', message: /Revoke them/ });
    assert.ok(await kit.accounts.findInvitation(token), 'the invitation still works');
    await kit.database.kysely.updateTable('key').set({ revoked_at: 1 }).where('id', '=', 'key_1').execute();
    await kit.accounts.acceptInvitation({ token, password }, kit.post());
  });

  test('a cancelled invitation is over; another consumer cannot cancel it', async () => {
    const kit = accountKit(await open());
    const consumers = consumersOf(kit);
    const ada = await kit.signUp('ada@example.com');
    const eve = await kit.signUp('eve@example.org');
    const { link } = await consumers.inviteDeveloper(ada.actor, { consumerId: ada.actor.consumerId, email: 'bob@example.com' });
    const [invitation] = (await consumers.listDevelopers(ada.actor, { consumerId: ada.actor.consumerId })).invitations;
    await assert.rejects(consumers.cancelInvitation(eve.actor, { invitationId: invitation!.id }), { code: 'not_found' });
    await consumers.cancelInvitation(ada.actor, { invitationId: invitation!.id });
    await assert.rejects(consumers.cancelInvitation(ada.actor, { invitationId: invitation!.id }), { code: 'not_found' });
    await assert.rejects(kit.accounts.acceptInvitation({ token: tokenOf(link), password }, kit.post()), { code: 'input_invalid' });
  });

  test('invitations in bulk are stopped', async () => {
    const kit = accountKit(await open());
    const consumers = consumersOf(kit);
    const ada = await kit.signUp('ada@example.com');
    for (let i = 0; i < 20; i++) await consumers.inviteDeveloper(ada.actor, { consumerId: ada.actor.consumerId, email: `user${i}@example.com` });
    await assert.rejects(consumers.inviteDeveloper(ada.actor, { consumerId: ada.actor.consumerId, email: 'one-more@example.com' }), { code: 'too_many_attempts' });
  });
});
