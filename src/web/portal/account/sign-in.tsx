import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { localPath } from '../../local-path.server.ts';
import { act, load, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { AuthCard } from '../../ui/auth-card.tsx';
import { Submit } from '../../ui/button.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { PasswordField } from './password-field.tsx';

const words = texts.account;

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
    <AuthCard title={words.signIn.title} below={<><p>{words.signIn.isNew} <TextLink to={next ? `/sign-up?next=${encodeURIComponent(next)}` : '/sign-up'}>{words.signIn.getKey}</TextLink></p><p><TextLink to="/forgot-password">{words.newPassword.ask}</TextLink></p></>}>
      {done === 'reset' && <Notice tone="good" role="status" title={words.signIn.changedTitle}>{words.signIn.changed}</Notice>}
      {sentTo && <Notice tone="good" role="status" title={words.mailboxTitle}>{words.signIn.linkSent(sentTo)}</Notice>}
      <ProblemNotice problem={result?.problem} fields={['email', 'password']} {...(result?.problem?.code === 'not_signed_in' && { title: words.signIn.failed })} />
      <Form method="post" className="space-y-4">
        <input type="hidden" name="next" value={next} />
        <FormField label={words.email} name="email" type="email" autoComplete="email" required defaultValue={email} problem={result?.problem} />
        <PasswordField hint={words.signIn.linkHint} problem={result?.problem} />
        <div className="flex flex-wrap gap-2">
          <Submit doing={words.signIn.doing} name="by" value="password">{words.signIn.submit}</Submit>
          <Submit kind="plain" doing={words.signIn.sendingLink} name="by" value="link">{words.signIn.sendLink}</Submit>
        </div>
      </Form>
    </AuthCard>
  );
}
