import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { localPath } from '../../local-path.server.ts';
import { act, load, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { AuthCard } from '../../ui/auth-card.tsx';
import { Submit } from '../../ui/button.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';

const words = texts.account;

export const loader = load(async ({ url }) => ({ token: url.searchParams.get('token') ?? '', next: localPath(url.searchParams.get('next'), '/dashboard') }));

// A button and not the link itself uses the token: mail scanners open links.
export const action = act(async ({ form, request, services }) => {
  const { headers } = await services.accounts.consumeMagicLink({ token: text(form, 'token') }, request);
  throw redirect(localPath(text(form, 'next'), '/dashboard'), { headers });
});

export default function MagicLink() {
  const { token, next } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  return (
    <AuthCard title={words.magicLink.title} lead={words.magicLink.lead}>
      <ProblemNotice problem={problem} />
      <Form method="post">
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="next" value={next} />
        <Submit doing={words.signIn.doing}>{words.signIn.submit}</Submit>
      </Form>
    </AuthCard>
  );
}
