import { newId } from '../../domain/id.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import { messages } from '../mail/messages.ts';
import type { Mailbox } from '../mail/mailbox.ts';
import { actorName, requireRight, rightsOf, roles } from '../rights.ts';
import type { Accounts, Actor, Role } from '../services.ts';
import { parseEmail, refusal } from './account-input.ts';
import { createInvitation } from './invitations.ts';

type Deps = Pick<ControlDeps, 'config' | 'database' | 'clock' | 'random'>;

/** The people of the producer. */
export function createMembers(deps: Deps, { mailbox, portalName }: { mailbox: Mailbox; portalName(): Promise<string> }): Pick<Accounts, 'listMembers' | 'inviteMember' | 'setMemberRole' | 'removeMember' | 'listInvitations' | 'resendInvitation' | 'listRoles'> {
  const { database } = deps;
  return {
    listMembers: async (actor) => {
      requireRight(actor, 'workspace.read');
      const rows = await database.kysely.selectFrom('member').innerJoin('user', 'user.id', 'member.user_id')
        .select(['member.id', 'user.email', 'user.name', 'member.role', 'member.created_at as createdAt']).orderBy('member.id').limit(1000).execute();
      return rows.map((row) => ({ ...row, role: row.role as Role }));
    },
    inviteMember: async (actor, input) => {
      requireRight(actor, 'members.change');
      const email = parseEmail(input.email);
      const role = parseRole(input.role);
      const portal = await portalName();
      const invitation = await database.transaction(async (query) => {
        const member = await query.selectFrom('member').innerJoin('user', 'user.id', 'member.user_id').select('member.id').where('user.email', '=', email).executeTakeFirst();
        if (member) throw new AppError('conflict', `${email} is a member already. Change the role instead.`);
        const created = await createInvitation(query, deps, { email, consumerId: null, role, invitedBy: actorName(actor) });
        await mailbox.post(query, messages.inviteMember({ to: email, portal, link: created.link, invitedBy: invitedBy(actor, portal), role, expiresAt: created.expiresAt }));
        await recordActivity(query, deps, { consumerId: null, actor: actorName(actor), kind: 'member.invited', subject: created.id, detail: { email, role } });
        await recordAudit(query, deps, actor, { action: 'created', noun: 'invitation', subject: created.id, name: email, before: null, after: { email, role, consumer: null, expiresAt: created.expiresAt } });
        return created;
      });
      void mailbox.deliver();
      return { link: invitation.link, expiresAt: invitation.expiresAt };
    },
    listInvitations: async (actor) => {
      requireRight(actor, 'workspace.read');
      const rows = await database.kysely.selectFrom('invitation').select(['id', 'email', 'role', 'invited_by as invitedBy', 'created_at as createdAt', 'expires_at as expiresAt'])
        .where('consumer_id', 'is', null).where('accepted_at', 'is', null).where('expires_at', '>', deps.clock.now()).orderBy('id', 'desc').limit(200).execute();
      return rows.map((row) => ({ ...row, role: row.role as Role }));
    },
    resendInvitation: async (actor, { invitationId }) => {
      requireRight(actor, 'members.change');
      const portal = await portalName();
      const sent = await database.transaction(async (query) => {
        const open = await query.selectFrom('invitation').select(['email', 'role', 'expires_at']).where('id', '=', invitationId).where('consumer_id', 'is', null).where('accepted_at', 'is', null).executeTakeFirst();
        if (!open) throw new AppError('not_found', 'There is no such open invitation.');
        const { email } = open;
        const role = open.role as Role;
        const created = await createInvitation(query, deps, { email, consumerId: null, role, invitedBy: actorName(actor) });
        await mailbox.post(query, messages.inviteMember({ to: email, portal, link: created.link, invitedBy: invitedBy(actor, portal), role, expiresAt: created.expiresAt }));
        await recordAudit(query, deps, actor, { action: 'resent', noun: 'invitation', subject: created.id, name: email, before: { expiresAt: open.expires_at }, after: { expiresAt: created.expiresAt } });
        return { email, link: created.link, expiresAt: created.expiresAt };
      });
      void mailbox.deliver();
      return sent;
    },
    listRoles: async (actor) => {
      requireRight(actor, 'workspace.read');
      return roles.map((role) => ({ role, rights: rightsOf(role) }));
    },
    setMemberRole: async (actor, input) => {
      requireRight(actor, 'members.change');
      const role = parseRole(input.role);
      await database.transaction(async (query) => {
        const member = await getMember(query, input.memberId);
        if (member.role === role) return;
        if (member.role === 'owner') await requireAnotherOwner(query, member);
        await query.updateTable('member').set({ role }).where('id', '=', member.id).execute();
        await recordActivity(query, deps, { consumerId: null, actor: actorName(actor), kind: 'member.role-changed', subject: member.id, detail: { email: member.email, from: member.role, to: role } });
        await recordAudit(query, deps, actor, { action: 'role-changed', noun: 'member', subject: member.id, name: member.email, before: { role: member.role }, after: { role } });
      });
    },
    removeMember: async (actor, { memberId }) => {
      requireRight(actor, 'members.change');
      await database.transaction(async (query) => {
        const member = await getMember(query, memberId);
        if (member.role === 'owner') await requireAnotherOwner(query, member);
        await query.deleteFrom('member').where('id', '=', member.id).execute();
        await recordActivity(query, deps, { consumerId: null, actor: actorName(actor), kind: 'member.removed', subject: member.id, detail: { email: member.email } });
        await recordAudit(query, deps, actor, { action: 'removed', noun: 'member', subject: member.id, name: member.email, before: { email: member.email, role: member.role }, after: null });
      });
    },
  };
}

/** @throws AppError `conflict` when the person is a member already. */
export async function addMember(query: Query, deps: Pick<ControlDeps, 'clock' | 'random'>, { userId, email, role }: { userId: string; email: string; role: Role }): Promise<void> {
  const present = await query.selectFrom('member').select('id').where('user_id', '=', userId).executeTakeFirst();
  if (present) throw new AppError('conflict', `${email} is a member already.`);
  const now = deps.clock.now();
  const id = newId('member', now, deps.random);
  await query.insertInto('member').values({ id, user_id: userId, role, created_at: now }).execute();
  await recordActivity(query, deps, { consumerId: null, actor: email, kind: 'member.joined', subject: id, detail: { role } });
  await recordAudit(query, deps, { kind: 'member', email }, { action: 'joined', noun: 'member', subject: id, name: email, before: null, after: { email, role } });
}

/** How a mail names who invites: people by their address, the command line by the portal. */
export const invitedBy = (actor: Actor, portal: string): string => (actor.kind === 'member' || actor.kind === 'developer' ? actor.email : portal);

function parseRole(role: string): Role {
  const known = roles.find((name) => name === role);
  if (!known) throw refusal('/role', `The role is one of ${roles.join(', ')}.`);
  return known;
}

async function getMember(query: Query, id: string): Promise<{ id: string; role: string; email: string }> {
  const member = await query.selectFrom('member').innerJoin('user', 'user.id', 'member.user_id').select(['member.id', 'member.role', 'user.email']).where('member.id', '=', id).executeTakeFirst();
  if (!member) throw new AppError('not_found', 'There is no such member.');
  return member;
}

async function requireAnotherOwner(query: Query, member: { id: string; email: string }): Promise<void> {
  const other = await query.selectFrom('member').select('id').where('role', '=', 'owner').where('id', '!=', member.id).executeTakeFirst();
  if (!other) throw new AppError('conflict', `${member.email} is the only owner. Make somebody else an owner first.`);
}
