import { Form, useActionData, useLoaderData } from 'react-router';
import type { Role } from '../../control/services.ts';
import { act, load, text } from '../page.server.ts';
import { Badge } from '../ui/badge.tsx';
import { Submit } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { FormField, SelectField } from '../ui/form-field.tsx';
import { InvitationSent, type Invited } from '../ui/invitation-sent.tsx';
import { ProblemNotice } from '../ui/problem-notice.tsx';
import { Time } from '../ui/time.tsx';
import { useMay } from './use-may.ts';

const roles: Record<Role, string> = { owner: 'owner: everything, members too', 'product-manager': 'product manager: products, plans, consumers', engineer: 'engineer: products, versions, system', support: 'support: consumers and requests', viewer: 'viewer: reads' };

export const loader = load(async ({ services, member }) => {
  const actor = await member();
  return { you: actor.memberId, members: await services.accounts.listMembers(actor) };
});

export const action = act(async ({ form, services, member }): Promise<{ invited?: Invited; problem?: undefined }> => {
  const actor = await member();
  const role = text(form, 'role') as Role;
  const memberId = text(form, 'id');
  switch (form.get('intent')) {
    case 'role':
      await services.accounts.setMemberRole(actor, { memberId, role });
      return {};
    case 'remove':
      await services.accounts.removeMember(actor, { memberId });
      return {};
    default: {
      const email = text(form, 'email');
      return { invited: { email, ...(await services.accounts.inviteMember(actor, { email, role })) } };
    }
  }
});

export default function Members() {
  const { you, members } = useLoaderData<typeof loader>();
  const mayChange = useMay('members.change');
  const result = useActionData<typeof action>();
  const options = Object.entries(roles).map(([role, words]) => <option key={role} value={role}>{words}</option>);
  return (
    <div className="space-y-8">
      <title>Members</title>
      <h1 className="text-2xl">Members</h1>
      <ProblemNotice problem={result?.problem} fields={['email', 'role']} />
      {result && 'invited' in result && result.invited && <InvitationSent invited={result.invited} />}
      <ul>
        {members.map((member) => (
          <li key={member.id} className="flex flex-wrap items-center justify-between gap-3 border-t py-3">
            <div><p className="flex flex-wrap items-center gap-2"><span className="font-medium break-all">{member.email}</span><Badge tone={member.role === 'owner' ? 'accent' : 'quiet'}>{member.role}</Badge>{member.id === you && <Badge>you</Badge>}</p><p className="text-sm text-muted">{member.name}, since <Time ms={member.createdAt} day /></p></div>
            {mayChange && member.id !== you && (
              <div className="flex flex-wrap gap-2">
                <Confirm verb="Change role">
                  <Form method="post" className="space-y-3"><input type="hidden" name="id" value={member.id} /><SelectField label="Role" name="role" id={`role-${member.id}`} defaultValue={member.role}>{options}</SelectField><Submit doing="Saving" name="intent" value="role">Save role</Submit></Form>
                </Confirm>
                <Confirm verb="Remove">
                  <Form method="post" className="space-y-3"><input type="hidden" name="id" value={member.id} /><p>{member.email} loses access to this workspace at once.</p><Submit kind="danger" doing="Removing" name="intent" value="remove">Remove member</Submit></Form>
                </Confirm>
              </div>
            )}
          </li>
        ))}
      </ul>
      {mayChange && (
        <section aria-labelledby="invite" className="max-w-md space-y-3 border-t pt-6">
          <h2 id="invite" className="text-xl">Invite a member</h2>
          <Form method="post" className="space-y-4">
            <FormField label="E-mail address" name="email" type="email" required problem={result?.problem} />
            <SelectField label="Role" name="role" defaultValue="viewer" problem={result?.problem}>{options}</SelectField>
            <Submit doing="Inviting" name="intent" value="invite">Invite</Submit>
          </Form>
        </section>
      )}
    </div>
  );
}
