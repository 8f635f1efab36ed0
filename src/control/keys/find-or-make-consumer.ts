import { newId } from '../../domain/id.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import { actorName } from '../rights.ts';
import type { Actor } from '../services.ts';

/**
 * The consumer of the developer with this address; both are made when they do not exist. The producer vouches for whom
 * he names, so such a consumer counts as verified.
 * @throws AppError `input_invalid` when the address is none.
 */
export async function findOrMakeConsumer(deps: Pick<ControlDeps, 'clock' | 'random'>, query: Query, actor: Actor, address: string): Promise<{ consumerId: string; developerId: string }> {
  const email = address.trim().toLowerCase();
  if (email.length > 254 || !/^[^\s@]+@[^\s@]+$/.test(email)) throw new AppError('input_invalid', `"${address}" is not an e-mail address.`, { errors: [{ pointer: '/email', detail: 'must be an e-mail address' }] });
  const existing = await query.selectFrom('developer').select(['id', 'consumer_id']).where('email', '=', email).where('removed_at', 'is', null).orderBy('created_at').orderBy('id').executeTakeFirst();
  if (existing) return { consumerId: existing.consumer_id, developerId: existing.id };

  const now = deps.clock.now();
  const consumerId = newId('consumer', now, deps.random);
  const developerId = newId('developer', now, deps.random);
  await query.insertInto('consumer').values({ id: consumerId, name: email, origin: 'command', created_at: now, blocked_at: null, verified_at: now, first_success_at: null, first_live_success_at: null, first_key_at: null }).execute();
  await query.insertInto('developer').values({ id: developerId, consumer_id: consumerId, user_id: null, email, created_at: now, removed_at: null }).execute();
  await recordActivity(query, deps, { consumerId, actor: actorName(actor), kind: 'consumer.created', subject: consumerId, detail: { email, origin: 'command' } });
  await recordAudit(query, deps, actor, { action: 'created', noun: 'consumer', subject: consumerId, name: email, before: null, after: { name: email, origin: 'command', developer: email } });
  return { consumerId, developerId };
}
