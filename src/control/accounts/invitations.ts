// Invitations of members (consumer_id null) and of developers. Only the hash of a token is stored.
import { createHash } from 'node:crypto';
import { newId } from '../../domain/id.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import type { Role } from '../services.ts';
import { accountLinks } from './account-links.ts';

export const invitationMs = 7 * 86_400_000;

export interface Invitation { id: string; email: string; consumer_id: string | null; role: string | null; invited_by: string; expires_at: number; consumer_name: string | null }

/** An earlier open invitation of the same address to the same place stops working. */
export async function createInvitation(query: Query, { config, clock, random }: Pick<ControlDeps, 'config' | 'clock' | 'random'>, input: { email: string; consumerId: string | null; role: Role | null; invitedBy: string }): Promise<{ id: string; link: string; expiresAt: number }> {
  const now = clock.now();
  const id = newId('invitation', now, random);
  const token = random(32).toString('base64url');
  const expiresAt = now + invitationMs;
  await query.deleteFrom('invitation').where('email', '=', input.email).where('accepted_at', 'is', null)
    .where((eb) => (input.consumerId === null ? eb('consumer_id', 'is', null) : eb('consumer_id', '=', input.consumerId))).execute();
  await query.insertInto('invitation').values({ id, token_hash: hashOf(token), email: input.email, consumer_id: input.consumerId, role: input.role, invited_by: input.invitedBy, created_at: now, expires_at: expiresAt, accepted_at: null }).execute();
  return { id, link: accountLinks.invitation(config.webUrl, token), expiresAt };
}

/** Undefined when it is unknown, used, withdrawn or over. */
export async function findInvitation(query: Query, { token, now }: { token: string; now: number }): Promise<Invitation | undefined> {
  return query.selectFrom('invitation').leftJoin('consumer', 'consumer.id', 'invitation.consumer_id')
    .select(['invitation.id', 'invitation.email', 'invitation.consumer_id', 'invitation.role', 'invitation.invited_by', 'invitation.expires_at', 'consumer.name as consumer_name'])
    .where('token_hash', '=', hashOf(token)).where('accepted_at', 'is', null).where('expires_at', '>', now).executeTakeFirst();
}

/** Marks it used, once. @throws AppError `input_invalid` when somebody was faster. */
export async function useInvitation(query: Query, { id, now }: { id: string; now: number }): Promise<void> {
  const used = await query.updateTable('invitation').set({ accepted_at: now }).where('id', '=', id).where('accepted_at', 'is', null).executeTakeFirst();
  if (used.numUpdatedRows === 0n) throw invitationOver();
}

export async function listOpenInvitations(query: Query, { consumerId, now }: { consumerId: string; now: number }): Promise<{ id: string; email: string; expiresAt: number }[]> {
  return query.selectFrom('invitation').select(['id', 'email', 'expires_at as expiresAt']).where('consumer_id', '=', consumerId)
    .where('accepted_at', 'is', null).where('expires_at', '>', now).orderBy('id').limit(200).execute();
}

export function invitationOver(): AppError {
  const detail = 'This invitation was used, was withdrawn or has ended. Ask for another.';
  return new AppError('input_invalid', detail, { errors: [{ pointer: '/token', detail }] });
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
