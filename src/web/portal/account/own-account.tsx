import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { firstKeyCookies } from '../../first-key.server.ts';
import { act, load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { AuthCard } from '../../ui/auth-card.tsx';
import { Submit } from '../../ui/button.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';

const words = texts.account;

export const loader = load(async ({ web }) => {
  const person = await web.person();
  if (!person) throw redirect('/sign-in?next=/own-account');
  if (person.developer) throw redirect('/dashboard');
  return { email: person.email, member: person.member !== null };
});

export const action = act(async ({ services, web }) => {
  const person = await web.person();
  if (!person) throw redirect('/sign-in?next=/own-account');
  throw redirect('/start', { headers: await firstKeyCookies(services, await services.accounts.startConsumer(person.userId)) });
});

export default function OwnAccount() {
  const { email, member } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  return (
    <AuthCard
      title={words.own.title}
      lead={member
        ? words.own.member(email)
        : words.own.nobody(email)}
      below={member ? <p><TextLink to="/workspace">{words.own.workspace}</TextLink></p> : undefined}
    >
      <ProblemNotice problem={problem} />
      <Form method="post"><Submit doing={words.own.doing}>{words.own.submit}</Submit></Form>
    </AuthCard>
  );
}
