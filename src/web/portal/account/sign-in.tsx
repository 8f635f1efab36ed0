import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { localPath } from '../../local-path.server.ts';
import { act, load, text } from '../../page.server.ts';
import { AuthCard } from '../../ui/auth-card.tsx';
import { Submit } from '../../ui/button.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';

export const loader = load(async ({ url, web }) => {
  const next = localPath(url.searchParams.get('next'), '');
  const person = await web.person();
  if (person) throw redirect(next || (person.member && !person.developer ? '/workspace' : '/dashboard'));
  return { next, email: url.searchParams.get('email') ?? '', done: url.searchParams.get('done') };
});

export const action = act(async ({ form, request, services }) => {
  const email = text(form, 'email');
  const next = localPath(text(form, 'next'), '/dashboard');
  if (form.get('by') === 'link') {
    await services.accounts.sendMagicLink({ email, next }, request);
    return { sentTo: email, problem: undefined };
  }
  const { headers } = await services.accounts.signIn({ email, password: String(form.get('password') ?? '') }, request);
  throw redirect(next, { headers });
});

export default function SignIn() {
  const { next, email, done } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  const sentTo = result && 'sentTo' in result ? result.sentTo : undefined;
  return (
    <AuthCard title="Sign in" below={<><p>New here? <TextLink to="/sign-up">Get a key</TextLink></p><p><TextLink to="/forgot-password">Set a new password</TextLink></p></>}>
      {done === 'reset' && <Notice tone="good" role="status" title="Your password was changed">Sign in with the new one.</Notice>}
      {sentTo && <Notice tone="good" role="status" title="Look into your mailbox">If {sentTo} has an account here, a sign-in link is on its way. It works once, for a short time.</Notice>}
      <ProblemNotice problem={result?.problem} fields={['email', 'password']} {...(result?.problem?.code === 'not_signed_in' && { title: 'This did not sign you in' })} />
      <Form method="post" className="space-y-4">
        <input type="hidden" name="next" value={next} />
        <FormField label="E-mail address" name="email" type="email" autoComplete="email" required defaultValue={email} problem={result?.problem} />
        <FormField label="Password" name="password" type="password" autoComplete="current-password" hint="Leave it empty to get a link by mail." problem={result?.problem} />
        <div className="flex flex-wrap gap-2">
          <Submit doing="Signing in" name="by" value="password">Sign in</Submit>
          <Submit kind="plain" doing="Sending" name="by" value="link">Send me a link</Submit>
        </div>
      </Form>
    </AuthCard>
  );
}
