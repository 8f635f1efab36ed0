import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { act, load, text } from '../../page.server.ts';
import { AuthCard } from '../../ui/auth-card.tsx';
import { Submit } from '../../ui/button.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';

export const loader = load(async ({ url }) => ({ token: url.searchParams.get('token') ?? '' }));

export const action = act(async ({ form, request, services }) => {
  await services.accounts.resetPassword({ token: text(form, 'token'), password: String(form.get('password') ?? '') }, request);
  throw redirect('/sign-in?done=reset');
});

export default function ResetPassword() {
  const { token } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  return (
    <AuthCard title="Choose a new password" below={<p>The link has expired? <TextLink to="/forgot-password">Send another</TextLink></p>}>
      <ProblemNotice problem={problem} fields={['password']} />
      <Form method="post" className="space-y-4">
        <input type="hidden" name="token" value={token} />
        <FormField label="New password" name="password" type="password" autoComplete="new-password" required minLength={10} maxLength={128} hint="At least 10 characters." problem={problem} />
        <Submit doing="Saving">Save the password</Submit>
      </Form>
    </AuthCard>
  );
}
