import { Form, redirect, useActionData, useSearchParams } from 'react-router';
import { firstKeyCookies } from '../../first-key.server.ts';
import { act, load, text } from '../../page.server.ts';
import { AuthCard } from '../../ui/auth-card.tsx';
import { Submit } from '../../ui/button.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';

export const loader = load(async ({ web }) => {
  const person = await web.person();
  if (person) throw redirect(person.developer ? '/dashboard' : '/own-account');
  return null;
});

export const action = act(async ({ form, request, services }) => {
  const { headers, person } = await services.accounts.signUp({ email: text(form, 'email'), password: String(form.get('password') ?? ''), next: '/start' }, request);
  for (const [name, value] of await firstKeyCookies(services, person, request)) headers.append(name, value);
  throw redirect('/start', { headers });
});

export default function SignUp() {
  const problem = useActionData<typeof action>()?.problem;
  const [search] = useSearchParams();
  return (
    <AuthCard title="Get a key" lead="An e-mail address and a password are all it takes. Your key is on the next page." below={<p>You have an account? <TextLink to="/sign-in">Sign in</TextLink></p>}>
      <ProblemNotice problem={problem} fields={['email', 'password']} />
      <Form method="post" className="space-y-4">
        <FormField label="E-mail address" name="email" type="email" autoComplete="email" required defaultValue={search.get('email') ?? undefined} problem={problem} />
        <FormField label="Password" name="password" type="password" autoComplete="new-password" required minLength={10} maxLength={128} hint="At least 10 characters." problem={problem} />
        <Submit doing="Creating your account">Create account</Submit>
      </Form>
    </AuthCard>
  );
}
