import { newId } from '../../domain/id.ts';
import { AppError } from '../../errors.ts';
import { parseEmail, parseName } from '../accounts/account-input.ts';
import { createInvitation } from '../accounts/invitations.ts';
import { invitedBy } from '../accounts/members.ts';
import { freeConsumerName } from '../accounts/people.ts';
import { recordActivity } from '../activity/activity.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import type { Mailbox } from '../mail/mailbox.ts';
import { messages } from '../mail/messages.ts';
import { subscribeToDefaults } from '../plans/subscribe-to-defaults.ts';
import { actorName, requireRight } from '../rights.ts';
import type { Actor, Consumers } from '../services.ts';

/** A consumer whom the producer invites: subscribed as sign-up does, and empty of people until the invitation is accepted. */
export async function createConsumer(deps: Pick<ControlDeps, 'config' | 'database' | 'clock' | 'random'>, { mailbox, portalName }: { mailbox: Mailbox; portalName(): Promise<string> }, actor: Actor, input: { email: string; name?: string }): ReturnType<Consumers['create']> {
  requireRight(actor, 'consumers.change');
  const email = parseEmail(input.email);
  const given = parseName(input.name);
  const portal = await portalName();
  const created = await deps.database.transaction(async (query) => {
    const known = await query.selectFrom('developer').innerJoin('consumer', 'consumer.id', 'developer.consumer_id').select('consumer.name').where('developer.email', '=', email).where('developer.removed_at', 'is', null).executeTakeFirst();
    if (known) throw new AppError('conflict', `${email} belongs to ${known.name} already.`, { errors: [{ pointer: '/email', detail: `belongs to ${known.name} already` }] });
    const name = given ?? await freeConsumerName(query, email);
    const now = deps.clock.now();
    const id = newId('consumer', now, deps.random);
    await query.insertInto('consumer').values({ id, name, origin: 'invitation', created_at: now, blocked_at: null, verified_at: now, first_success_at: null, first_live_success_at: null, first_key_at: null }).execute();
    await recordActivity(query, deps, { consumerId: id, actor: actorName(actor), kind: 'consumer.created', subject: id, detail: { email, origin: 'invitation' } });
    await recordAudit(query, deps, actor, { action: 'created', noun: 'consumer', subject: id, name, before: null, after: { name, origin: 'invitation', developer: email } });
    await subscribeToDefaults(deps, query, { consumerId: id, actor });
    const invitation = await createInvitation(query, deps, { email, consumerId: id, role: null, invitedBy: invitedBy(actor, portal) });
    await mailbox.post(query, messages.inviteDeveloper({ to: email, portal, link: invitation.link, invitedBy: invitedBy(actor, portal), consumer: name, expiresAt: invitation.expiresAt }));
    await recordActivity(query, deps, { consumerId: id, actor: actorName(actor), kind: 'developer.invited', subject: invitation.id, detail: { email } });
    return { id, link: invitation.link, expiresAt: invitation.expiresAt };
  });
  void mailbox.deliver();
  return created;
}
