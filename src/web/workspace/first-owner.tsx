import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { act, load, text } from '../page.server.ts';
import { texts } from '../texts.ts';
import { AuthCard } from '../ui/auth-card.tsx';
import { Submit } from '../ui/button.tsx';
import { FormField } from '../ui/form-field.tsx';
import { ProblemNotice } from '../ui/problem-notice.tsx';

const words = texts.firstOwner;

export const loader = load(async ({ url, services }) => {
  if ((await services.accounts.firstOwnerLink()) === undefined) throw redirect('/sign-in?next=/workspace');
  return { token: url.searchParams.get('token') ?? '' };
});

export const action = act(async ({ form, request, services }) => {
  const { headers } = await services.accounts.acceptFirstOwner({ token: text(form, 'token'), email: text(form, 'email'), password: String(form.get('password') ?? ''), name: text(form, 'name') || undefined }, request);
  throw redirect('/workspace', { headers });
});

export default function FirstOwner() {
  const { token } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  return (
    <main className="px-4">
      <AuthCard title={words.title} lead={words.lead}>
        <ProblemNotice problem={problem} fields={['email', 'password', 'name']} />
        <Form method="post" className="space-y-4">
          {token === '' ? <FormField label={words.token} name="token" required hint={words.tokenHint} problem={problem} /> : <input type="hidden" name="token" value={token} />}
          <FormField label={words.name} name="name" autoComplete="name" hint={words.nameHint} problem={problem} />
          <FormField label={words.email} name="email" type="email" autoComplete="email" required problem={problem} />
          <FormField label={words.password} name="password" type="password" autoComplete="new-password" required minLength={10} maxLength={128} hint={words.passwordHint} problem={problem} />
          <Submit doing={words.doing}>{words.submit}</Submit>
        </Form>
      </AuthCard>
    </main>
  );
}
