import { Form, useActionData } from 'react-router';
import { act, text } from '../../page.server.ts';
import { AuthCard } from '../../ui/auth-card.tsx';
import { Submit } from '../../ui/button.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';

export const action = act(async ({ form, request, services }) => {
  const email = text(form, 'email');
  await services.accounts.requestPasswordReset({ email }, request);
  return { sentTo: email, problem: undefined };
});

export default function ForgotPassword() {
  const result = useActionData<typeof action>();
  const sentTo = result && 'sentTo' in result ? result.sentTo : undefined;
  return (
    <AuthCard title="Set a new password" lead="We send a link to your address. It lets you choose a new password." below={<p><TextLink to="/sign-in">Sign in</TextLink></p>}>
      {sentTo && <Notice tone="good" role="status" title="Look into your mailbox">If {sentTo} has an account here, a link is on its way.</Notice>}
      <ProblemNotice problem={result?.problem} fields={['email']} />
      <Form method="post" className="space-y-4">
        <FormField label="E-mail address" name="email" type="email" autoComplete="email" required problem={result?.problem} />
        <Submit doing="Sending">Send the link</Submit>
      </Form>
    </AuthCard>
  );
}
