import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { act, load, refusal, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { AuthCard } from '../../ui/auth-card.tsx';
import { Submit } from '../../ui/button.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { PasswordField } from './password-field.tsx';

const words = texts.account;

export const loader = load(async ({ url, services, web }) => {
  const token = url.searchParams.get('token') ?? '';
  const invitation = await services.accounts.findInvitation(token);
  if (!invitation) throw refusal('not_found', words.invitation.gone, web);
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
  const place = invitation.kind === 'member' ? words.invitation.workspace(invitation.name) : invitation.name;
  return (
    <AuthCard title={words.invitation.title(place)} lead={words.invitation.lead(invitation.invitedBy, invitation.email)}>
      <ProblemNotice problem={problem} fields={['name', 'password']} />
      <Form method="post" className="space-y-4">
        <input type="hidden" name="token" value={token} />
        <FormField label={words.invitation.name} name="name" autoComplete="name" hint={words.invitation.nameHint} problem={problem} />
        <PasswordField required hint={words.passwordRule} problem={problem} />
        <Submit doing={words.invitation.doing}>{words.invitation.submit}</Submit>
      </Form>
    </AuthCard>
  );
}
