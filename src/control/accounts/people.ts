// Who a user is here: member, developer, or both. Statements and the rules by which one becomes the other.
import { newId } from '../../domain/id.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import { recordConsumerCredentialChanges } from '../gateways/credential-log.ts';
import { subscribeToDefaults } from '../plans/subscribe-to-defaults.ts';
import { rightsOf } from '../rights.ts';
import type { Person, Role } from '../services.ts';
import { consumerNameOf } from './account-input.ts';
import type { AuthUser } from './better-auth.ts';

type Deps = Pick<ControlDeps, 'clock' | 'random'>;

export async function findUser(query: Query, by: { id: string } | { email: string }): Promise<AuthUser | undefined> {
  const select = query.selectFrom('user').select(['id', 'email', 'name', 'emailVerified']);
  const row = await ('id' in by ? select.where('id', '=', by.id) : select.where('email', '=', by.email)).executeTakeFirst();
  return row && { id: row.id, email: row.email, name: row.name, verified: Boolean(row.emailVerified) };
}

/** The developer whom this user is now. */
export async function findDeveloper(query: Query, userId: string) {
  return query.selectFrom('developer').innerJoin('consumer', 'consumer.id', 'developer.consumer_id')
    .select(['developer.id', 'developer.consumer_id', 'developer.email', 'consumer.name as consumer_name', 'consumer.blocked_at'])
    .where('developer.user_id', '=', userId).where('developer.removed_at', 'is', null).executeTakeFirst();
}

export async function loadPerson(query: Query, user: AuthUser): Promise<Person> {
  const [member, developer] = await Promise.all([
    query.selectFrom('member').select(['id', 'role']).where('user_id', '=', user.id).executeTakeFirst(),
    findDeveloper(query, user.id),
  ]);
  return {
    userId: user.id, email: user.email, name: user.name, verified: user.verified,
    member: member ? { memberId: member.id, role: member.role as Role, rights: rightsOf(member.role as Role) } : null,
    developer: developer ? { developerId: developer.id, consumerId: developer.consumer_id, consumerName: developer.consumer_name, blocked: developer.blocked_at !== null } : null,
  };
}

/** The name that the address gives; the whole address when another consumer has that name, so that lists tell them apart. */
export async function freeConsumerName(query: Query, email: string): Promise<string> {
  const name = consumerNameOf(email);
  const taken = await query.selectFrom('consumer').select('id').where('name', '=', name).limit(1).executeTakeFirst();
  return taken ? email : name;
}

/** A consumer of their own with this person as its first developer, subscribed to what is open to everyone. */
export async function createConsumerOf(query: Query, deps: Deps, user: { id: string; email: string }): Promise<void> {
  const now = deps.clock.now();
  const consumerId = newId('consumer', now, deps.random);
  const developerId = newId('developer', now, deps.random);
  const name = await freeConsumerName(query, user.email);
  await query.insertInto('consumer').values({ id: consumerId, name, origin: 'sign-up', created_at: now, blocked_at: null, verified_at: null, first_success_at: null, first_live_success_at: null, first_key_at: null }).execute();
  await query.insertInto('developer').values({ id: developerId, consumer_id: consumerId, user_id: user.id, email: user.email, created_at: now, removed_at: null }).execute();
  await recordActivity(query, deps, { consumerId, actor: user.email, kind: 'consumer.signed-up', subject: developerId });
  const actor = { kind: 'developer', email: user.email } as const;
  await recordAudit(query, deps, actor, { action: 'created', noun: 'consumer', subject: consumerId, name, before: null, after: { name, origin: 'sign-up', developer: user.email } });
  await subscribeToDefaults(deps, query, { consumerId, actor });
}

/** Somebody whom the command line or an import made a developer, and who has not signed in yet. */
export async function findUnclaimedDeveloper(query: Query, email: string) {
  return query.selectFrom('developer').select(['id', 'consumer_id']).where('email', '=', email).where('user_id', 'is', null).where('removed_at', 'is', null).orderBy('id').executeTakeFirst();
}

/**
 * After each sign-in and each proof of an address: a proven address opens what was made for it, everybody who is nothing
 * yet gets a consumer of their own, and a consumer counts as verified once one of its developers is.
 * Answers true when keys changed, so that the gateways must hear of it.
 */
export async function settlePerson(query: Query, deps: Deps, userId: string): Promise<boolean> {
  const user = await findUser(query, { id: userId });
  if (!user) throw new AppError('not_found', 'This account no longer exists.');
  const unclaimed = user.verified && !(await findDeveloper(query, userId)) ? await findUnclaimedDeveloper(query, user.email) : undefined;
  if (unclaimed) {
    await query.updateTable('developer').set({ user_id: userId }).where('id', '=', unclaimed.id).execute();
    await recordActivity(query, deps, { consumerId: unclaimed.consumer_id, actor: user.email, kind: 'developer.signed-in', subject: unclaimed.id });
    await recordAudit(query, deps, { kind: 'developer', email: user.email }, { action: 'joined', noun: 'developer', subject: unclaimed.id, name: user.email, before: { claimed: false }, after: { claimed: true } });
  } else if (!(await hasHistory(query, userId))) {
    await createConsumerOf(query, deps, user);
  }
  return user.verified ? verifyConsumer(query, deps, user) : false;
}

async function hasHistory(query: Query, userId: string): Promise<boolean> {
  const developer = await query.selectFrom('developer').select('id').where('user_id', '=', userId).executeTakeFirst();
  return developer !== undefined || (await query.selectFrom('member').select('id').where('user_id', '=', userId).executeTakeFirst()) !== undefined;
}

async function verifyConsumer(query: Query, deps: Deps, user: AuthUser): Promise<boolean> {
  const developer = await findDeveloper(query, user.id);
  if (!developer) return false;
  const now = deps.clock.now();
  const changed = await query.updateTable('consumer').set({ verified_at: now }).where('id', '=', developer.consumer_id).where('verified_at', 'is', null).executeTakeFirst();
  if (changed.numUpdatedRows === 0n) return false;
  await recordConsumerCredentialChanges(query, developer.consumer_id, now);
  await recordActivity(query, deps, { consumerId: developer.consumer_id, actor: user.email, kind: 'consumer.verified', subject: developer.id });
  await recordAudit(query, deps, { kind: 'developer', email: user.email }, { action: 'verified', noun: 'consumer', subject: developer.consumer_id, name: developer.consumer_name, before: { verified: false }, after: { verified: true, by: user.email } });
  return true;
}

/**
 * Makes the person a developer of this consumer; who belonged to another one leaves it.
 * @throws AppError `conflict` when that would leave working keys with nobody.
 */
export async function joinConsumer(query: Query, deps: Deps, { userId, email, consumerId }: { userId: string; email: string; consumerId: string }): Promise<void> {
  const now = deps.clock.now();
  const present = await findDeveloper(query, userId);
  if (present?.consumer_id === consumerId) return;
  if (present) await leaveConsumer(query, deps, { ...present, now });
  const known = await query.selectFrom('developer').select('id').where('consumer_id', '=', consumerId).where('email', '=', email).executeTakeFirst();
  const developerId = known?.id ?? newId('developer', now, deps.random);
  if (known) await query.updateTable('developer').set({ user_id: userId, removed_at: null }).where('id', '=', known.id).execute();
  else await query.insertInto('developer').values({ id: developerId, consumer_id: consumerId, user_id: userId, email, created_at: now, removed_at: null }).execute();
  await recordActivity(query, deps, { consumerId, actor: email, kind: 'developer.joined', subject: developerId });
  await recordAudit(query, deps, { kind: 'developer', email }, { action: 'joined', noun: 'developer', subject: developerId, name: email, before: null, after: { email, consumer: consumerId } });
}

async function leaveConsumer(query: Query, deps: Deps, { id, consumer_id: consumerId, consumer_name: name, email, now }: { id: string; consumer_id: string; consumer_name: string; email: string; now: number }): Promise<void> {
  const others = await query.selectFrom('developer').select('id').where('consumer_id', '=', consumerId).where('id', '!=', id).where('removed_at', 'is', null).executeTakeFirst();
  const working = await query.selectFrom('key').select('id').where('consumer_id', '=', consumerId).where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)])).executeTakeFirst();
  if (!others && working) throw new AppError('conflict', `You are the only developer of ${name}, and it has keys that work. Revoke them or invite somebody else to ${name} first; then accept this invitation.`);
  await query.updateTable('developer').set({ removed_at: now }).where('id', '=', id).execute();
  await recordActivity(query, deps, { consumerId, actor: email, kind: 'developer.left', subject: id });
  await recordAudit(query, deps, { kind: 'developer', email }, { action: 'left', noun: 'developer', subject: id, name: email, before: { email, consumer: consumerId }, after: null });
}
