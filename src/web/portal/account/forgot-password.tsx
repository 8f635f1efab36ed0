import { Form, useActionData } from 'react-router';
import { act, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { AuthCard } from '../../ui/auth-card.tsx';
import { Submit } from '../../ui/button.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';

const words = texts.account;

export const action = act(async ({ form, request, services }) => {
  const email = text(form, 'email');
  await services.accounts.requestPasswordReset({ email }, request);
  return { sentTo: email, problem: undefined };
});

export default function ForgotPassword() {
  const result = useActionData<typeof action>();
  const sentTo = result && 'sentTo' in result ? result.sentTo : undefined;
  return (
    <AuthCard title={words.newPassword.ask} lead={words.newPassword.askLead} below={<p><TextLink to="/sign-in">{words.signIn.title}</TextLink></p>}>
      {sentTo && <Notice tone="good" role="status" title={words.mailboxTitle}>{words.newPassword.sent(sentTo)}</Notice>}
      <ProblemNotice problem={result?.problem} fields={['email']} />
      <Form method="post" className="space-y-4">
        <FormField label={words.email} name="email" type="email" autoComplete="email" required problem={result?.problem} />
        <Submit doing={words.newPassword.sending}>{words.newPassword.send}</Submit>
      </Form>
    </AuthCard>
  );
}
