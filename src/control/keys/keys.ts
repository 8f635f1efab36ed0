import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import { recordCredentialChanges } from '../gateways/credential-log.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { actorName, requireRight, type Right } from '../rights.ts';
import type { Actor, CreatedKey, Keys, KeySummary } from '../services.ts';
import { moveTokenBindings } from '../tokens/token-bindings.ts';
import { createKey, createKeyFor } from './create-key.ts';
import { findKeyRow, keyState, summariseKeys, type KeyRow } from './key-rows.ts';
import { listKeys } from './list-keys.ts';
import { createTryItKeys } from './try-it-key.ts';
import { updateKey } from './update-key.ts';
import { writeKey } from './write-key.ts';

const overlapMsMax = 30 * 86_400_000;

export function createKeys(deps: ControlDeps, gateways: Gateways): Keys {
  const { database } = deps;
  /** Answers once the gateways know. */
  async function confirmed<T extends object>(work: (query: Query) => Promise<T>): Promise<T & { unconfirmed: string[] }> {
    const answer = await database.transaction(work);
    return { ...answer, ...(await gateways.credentialsChanged()) };
  }
  return {
    create: (actor, input) => confirmed((query) => createKey(deps, query, actor, input)),
    createFor: (actor, input) => confirmed((query) => createKeyFor(deps, query, actor, input)),
    mintTryIt: createTryItKeys(deps, gateways),
    list: (actor, input) => listKeys(deps, actor, input),
    get: async (actor, id) => summary(database.kysely, (await getKey(database.kysely, actor, id, 'workspace.read')).id, deps.clock.now()),
    update: (actor, input) => confirmed(async (query) => {
      await updateKey(deps, query, actor, await getKey(query, actor, input.id), input);
      return summary(query, input.id, deps.clock.now());
    }),
    roll: (actor, input) => confirmed((query) => rollKey(deps, query, actor, input)),
    revoke: (actor, input) => confirmed((query) => revokeKey(deps, query, actor, input)),
  };
}

async function rollKey(deps: ControlDeps, query: Query, actor: Actor, { id, overlapMs }: { id: string; overlapMs: number }): Promise<CreatedKey & { previousExpiresAt: number }> {
  const row = await getKey(query, actor, id);
  if (!(Number.isSafeInteger(overlapMs) && overlapMs >= 0 && overlapMs <= overlapMsMax)) throw new AppError('input_invalid', 'The overlap must be between 0 and 30 days.', { errors: [{ pointer: '/overlapMs', detail: 'must be from 0 to 2592000000' }] });
  const now = deps.clock.now();
  const state = keyState(row, now);
  if (state !== 'active') throw new AppError('conflict', `This key is ${state}, so it cannot be rolled. Create a new one.`);
  if (row.replaced_by !== null) throw new AppError('conflict', 'This key was rolled already. Roll the key that replaced it.');
  const links = await query.selectFrom('key_subscription').select('subscription_id').where('key_id', '=', id).execute();
  const fresh = await writeKey(deps, query, {
    consumerId: row.consumer_id, developerId: row.developer_id, name: row.name, mode: row.mode, origin: row.origin, expiresAt: row.expires_at, subscriptionIds: links.map((link) => link.subscription_id),
    scopes: row.scopes === null ? null : (JSON.parse(row.scopes) as string[]), addresses: row.addresses === null ? null : (JSON.parse(row.addresses) as string[]),
  });
  const previousExpiresAt = Math.min(now + overlapMs, row.expires_at ?? Infinity);
  await query.updateTable('key').set({ expires_at: previousExpiresAt, replaced_by: fresh.id }).where('id', '=', id).execute();
  await moveTokenBindings(query, id, fresh.id);
  await recordCredentialChanges(query, [id], now);
  await recordActivity(query, deps, { consumerId: row.consumer_id, actor: actorName(actor), kind: 'key.rolled', subject: id, detail: { name: row.name, masked: row.masked, replacedBy: fresh.id, previousExpiresAt } });
  await recordAudit(query, deps, actor, { action: 'rolled', noun: 'key', subject: id, name: row.name, before: { masked: row.masked, consumer: row.consumer_id, expiresAt: row.expires_at, replacedBy: null }, after: { masked: row.masked, consumer: row.consumer_id, expiresAt: previousExpiresAt, replacedBy: fresh.id } });
  return { key: fresh.key, id: fresh.id, subscription: links[0]?.subscription_id ?? '', consumer: row.consumer_id, summary: await summary(query, fresh.id, now), previousExpiresAt, unconfirmed: [] };
}

/** Revoking twice is no mistake. */
async function revokeKey(deps: ControlDeps, query: Query, actor: Actor, { id }: { id: string }): Promise<KeySummary> {
  const row = await getKey(query, actor, id);
  const now = deps.clock.now();
  if (row.revoked_at === null) {
    await query.updateTable('key').set({ revoked_at: now, revoked_by: actorName(actor) }).where('id', '=', id).execute();
    await recordCredentialChanges(query, [id], now);
    await recordActivity(query, deps, { consumerId: row.consumer_id, actor: actorName(actor), kind: 'key.revoked', subject: id, detail: { name: row.name, masked: row.masked } });
    await recordAudit(query, deps, actor, { action: 'revoked', noun: 'key', subject: id, name: row.name, before: { name: row.name, masked: row.masked, consumer: row.consumer_id, revokedAt: null }, after: { name: row.name, masked: row.masked, consumer: row.consumer_id, revokedAt: now } });
  }
  return summary(query, id, now);
}

/** @throws AppError `not_found` also for a key of another consumer. */
async function getKey(query: Query, actor: Actor, id: string, right: Right = 'keys.change'): Promise<KeyRow> {
  if (actor.kind !== 'developer') requireRight(actor, right);
  const row = await findKeyRow(query, id);
  if (!row || row.origin !== 'own' || (actor.kind === 'developer' && actor.consumerId !== row.consumer_id)) throw new AppError('not_found', `There is no key ${id} here.`);
  return row;
}

async function summary(query: Query, id: string, now: number): Promise<KeySummary> {
  return (await summariseKeys(query, [(await findKeyRow(query, id))!], now))[0]!;
}
