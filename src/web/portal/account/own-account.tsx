import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { firstKeyCookies } from '../../first-key.server.ts';
import { act, load } from '../../page.server.ts';
import { AuthCard } from '../../ui/auth-card.tsx';
import { Submit } from '../../ui/button.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';

export const loader = load(async ({ web }) => {
  const person = await web.person();
  if (!person) throw redirect('/sign-in?next=/own-account');
  if (person.developer) throw redirect('/dashboard');
  return { email: person.email, member: person.member !== null };
});

export const action = act(async ({ request, services, web }) => {
  const person = await web.person();
  if (!person) throw redirect('/sign-in?next=/own-account');
  throw redirect('/start', { headers: await firstKeyCookies(services, await services.accounts.startConsumer(person.userId), request) });
});

export default function OwnAccount() {
  const { email, member } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  return (
    <AuthCard
      title="You have no developer account"
      lead={member
        ? `You are signed in as ${email}, a member of the workspace. To call the APIs as a developer does, create an account for it.`
        : `You are signed in as ${email}, who belongs to no account any more. Ask a developer of your company to invite you again, or create an account of your own.`}
      below={member ? <p><TextLink to="/workspace">Open the workspace</TextLink></p> : undefined}
    >
      <ProblemNotice problem={problem} />
      <Form method="post"><Submit doing="Creating your account">Create an account and a key</Submit></Form>
    </AuthCard>
  );
}
