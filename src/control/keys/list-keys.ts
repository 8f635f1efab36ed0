import { sql } from 'kysely';
import type { ControlDeps } from '../deps.ts';
import { requireConsumer, requireRight } from '../rights.ts';
import type { Actor, Keys } from '../services.ts';
import { keyRows, summariseKeys } from './key-rows.ts';

/** Newest first; keys of the portal's own samples are left out. */
export async function listKeys({ database, clock }: ControlDeps, actor: Actor, input: Parameters<Keys['list']>[1]): ReturnType<Keys['list']> {
  const consumerId = actor.kind === 'developer' ? (input.consumerId ?? actor.consumerId) : input.consumerId;
  if (consumerId === undefined) requireRight(actor, 'workspace.read');
  else requireConsumer(actor, consumerId, 'workspace.read');
  const now = clock.now();
  const limit = Math.min(Math.max(input.limit ?? 50, 1), 200);
  let rows = keyRows(database.kysely).where('key.origin', '=', 'own');
  if (consumerId !== undefined) rows = rows.where('key.consumer_id', '=', consumerId);
  if (input.mode !== undefined) rows = rows.where('key.mode', '=', input.mode);
  if (input.active) rows = rows.where('key.revoked_at', 'is', null).where((eb) => eb.or([eb('key.expires_at', 'is', null), eb('key.expires_at', '>', now)]));
  const search = input.search?.trim().toLowerCase() ?? '';
  if (search !== '') {
    const pattern = `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
    rows = rows.where(sql<boolean>`(lower(${sql.ref('key.name')}) like ${pattern} escape '\\' or lower(${sql.ref('key.masked')}) like ${pattern} escape '\\')`);
  }
  if (input.cursor !== undefined) rows = rows.where('key.id', '<', input.cursor);
  const found = await rows.orderBy('key.id', 'desc').limit(limit + 1).execute();
  const page = found.slice(0, limit);
  return { keys: await summariseKeys(database.kysely, page, now), nextCursor: found.length > limit ? page.at(-1)!.id : null };
}
