import { redirect, useActionData, useLoaderData } from 'react-router';
import type { Role } from '../../../control/services.ts';
import { flashCookie } from '../../flash.server.ts';
import { act, load, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { InvitationSent, type Invited } from '../../ui/invitation-sent.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { useMay } from '../use-may.ts';
import { InviteMember } from './invite-member.tsx';
import { MemberTable } from './member-table.tsx';
import { PendingInvitations } from './pending-invitations.tsx';
import { RoleTable } from './role-table.tsx';

const words = texts.members;

export const loader = load(async ({ services, member }) => {
  const actor = await member();
  const [members, invitations, roles] = await Promise.all([services.accounts.listMembers(actor), services.accounts.listInvitations(actor), services.accounts.listRoles(actor)]);
  return { you: actor.memberId, members, invitations, roles };
});

export const action = act(async ({ form, services, member }): Promise<{ invited?: Invited; problem?: undefined }> => {
  const actor = await member();
  const role = text(form, 'role') as Role;
  const memberId = text(form, 'id');
  const done = (told: string) => redirect('/workspace/members', { headers: { 'set-cookie': flashCookie(told) } });
  switch (form.get('intent')) {
    case 'role':
      await services.accounts.setMemberRole(actor, { memberId, role });
      throw done(words.roleChanged);
    case 'remove':
      await services.accounts.removeMember(actor, { memberId });
      throw done(words.removed);
    case 'withdraw':
      await services.consumers.cancelInvitation(actor, { invitationId: text(form, 'id') });
      throw done(words.withdrawn);
    case 'resend':
      return { invited: await services.accounts.resendInvitation(actor, { invitationId: text(form, 'id') }) };
    default: {
      const email = text(form, 'email');
      return { invited: { email, ...(await services.accounts.inviteMember(actor, { email, role })) } };
    }
  }
});

export default function Members() {
  const { you, members, invitations, roles } = useLoaderData<typeof loader>();
  const mayChange = useMay('members.change');
  const result = useActionData<typeof action>();
  return (
    <div className="space-y-10">
      <title>{words.title}</title>
      <div className="flex flex-wrap items-baseline justify-between gap-3"><h1 className="text-2xl">{words.title}</h1><TextLink to="/workspace/account">{words.account}</TextLink></div>
      <ProblemNotice problem={result?.problem} fields={['email', 'role']} />
      {result && 'invited' in result && result.invited && <InvitationSent invited={result.invited} />}
      <MemberTable members={members} you={you} />
      {invitations.length > 0 && <PendingInvitations invitations={invitations} />}
      {mayChange && <InviteMember problem={result?.problem} />}
      <RoleTable roles={roles} />
    </div>
  );
}
