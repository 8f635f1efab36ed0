import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { act, load, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { AuthCard } from '../../ui/auth-card.tsx';
import { Submit } from '../../ui/button.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { PasswordField } from './password-field.tsx';

const words = texts.account;

export const loader = load(async ({ url }) => ({ token: url.searchParams.get('token') ?? '' }));

export const action = act(async ({ form, request, services }) => {
  await services.accounts.resetPassword({ token: text(form, 'token'), password: String(form.get('password') ?? '') }, request);
  throw redirect('/sign-in?done=reset');
});

export default function ResetPassword() {
  const { token } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  return (
    <AuthCard title={words.newPassword.title} below={<p>{words.newPassword.expired} <TextLink to="/forgot-password">{words.newPassword.sendAnother}</TextLink></p>}>
      <ProblemNotice problem={problem} fields={['password']} />
      <Form method="post" className="space-y-4">
        <input type="hidden" name="token" value={token} />
        <PasswordField label={words.newPassword.field} isNew required problem={problem} />
        <Submit doing={words.newPassword.saving}>{words.newPassword.save}</Submit>
      </Form>
    </AuthCard>
  );
}
