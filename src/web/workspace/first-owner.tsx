import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { act, load, text } from '../page.server.ts';
import { AuthCard } from '../ui/auth-card.tsx';
import { Submit } from '../ui/button.tsx';
import { FormField } from '../ui/form-field.tsx';
import { ProblemNotice } from '../ui/problem-notice.tsx';

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
      <AuthCard title="Become the owner" lead="This installation has no owner yet. The link that the first start printed makes you its owner; it works once.">
        <ProblemNotice problem={problem} fields={['email', 'password', 'name']} />
        <Form method="post" className="space-y-4">
          {token === '' ? <FormField label="Token" name="token" required hint="The part after token= in the printed link." problem={problem} /> : <input type="hidden" name="token" value={token} />}
          <FormField label="Your name" name="name" autoComplete="name" hint="May stay empty." problem={problem} />
          <FormField label="E-mail address" name="email" type="email" autoComplete="email" required problem={problem} />
          <FormField label="Password" name="password" type="password" autoComplete="new-password" required minLength={10} maxLength={128} hint="At least 10 characters." problem={problem} />
          <Submit doing="Creating the owner">Become owner</Submit>
        </Form>
      </AuthCard>
    </main>
  );
}
