import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { act, load, refusal, text } from '../../page.server.ts';
import { AuthCard } from '../../ui/auth-card.tsx';
import { Submit } from '../../ui/button.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';

export const loader = load(async ({ url, services, web }) => {
  const token = url.searchParams.get('token') ?? '';
  const invitation = await services.accounts.findInvitation(token);
  if (!invitation) throw refusal('not_found', 'This invitation was used, was withdrawn, or has expired. Ask for another.', web);
  return { token, invitation };
});

export const action = act(async ({ form, request, services }) => {
  const token = text(form, 'token');
  const invitation = await services.accounts.findInvitation(token);
  const { headers } = await services.accounts.acceptInvitation({ token, password: String(form.get('password') ?? ''), name: text(form, 'name') || undefined }, request);
  throw redirect(invitation?.kind === 'member' ? '/workspace' : '/dashboard', { headers });
});

export default function Invitation() {
  const { token, invitation } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const place = invitation.kind === 'member' ? `the workspace of ${invitation.name}` : invitation.name;
  return (
    <AuthCard title={`Join ${place}`} lead={`${invitation.invitedBy} invited ${invitation.email}. If you have an account with this address, enter its password; otherwise choose one.`}>
      <ProblemNotice problem={problem} fields={['name', 'password']} />
      <Form method="post" className="space-y-4">
        <input type="hidden" name="token" value={token} />
        <FormField label="Your name" name="name" autoComplete="name" hint="May stay empty." problem={problem} />
        <FormField label="Password" name="password" type="password" autoComplete="current-password" required minLength={10} maxLength={128} problem={problem} />
        <Submit doing="Joining">Join</Submit>
      </Form>
    </AuthCard>
  );
}
