import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { act, load, refusal, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';

export const loader = load(async ({ web, developer }) => {
  const actor = await developer();
  return { email: actor.email, verified: actor.verified, name: (await web.viewed())?.consumerName ?? (await web.person())?.developer?.consumerName ?? '' };
});

export const action = act(async ({ form, request, services, developer, web }): Promise<{ sent?: string; problem?: undefined }> => {
  const actor = await developer();
  if (form.get('intent') === 'verify') {
    if (actor.viewedBy !== undefined) throw refusal('role_forbids', texts.ui.onlyLooking, web);
    await services.accounts.sendVerification({ email: actor.email }, request);
    return { sent: actor.email };
  }
  await services.consumers.rename(actor, { consumerId: actor.consumerId, name: text(form, 'name') });
  throw redirect('/dashboard/account');
});

const words = texts.dashboard.account;

export default function Account() {
  const { email, verified, name } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  return (
    <div className="max-w-md space-y-10">
      <title>{words.title}</title>
      <h1 className="text-2xl">{words.title}</h1>
      <ProblemNotice problem={result?.problem} fields={['name']} />
      {result && 'sent' in result && result.sent && <Notice tone="good" role="status" title={words.sent(result.sent)}>{words.sentText}</Notice>}
      <section className="space-y-3">
        <h2 className="text-xl">{words.email}</h2>
        <p className="flex flex-wrap items-center gap-2"><span className="break-all">{email}</span><Badge tone={verified ? 'good' : 'notice'}>{verified ? words.verified : words.notVerified}</Badge></p>
        {!verified && <Form method="post"><Submit kind="plain" doing={words.sending} name="intent" value="verify">{words.sendAgain}</Submit></Form>}
        <p><TextLink to="/forgot-password">{words.newPassword}</TextLink></p>
      </section>
      <section className="space-y-3">
        <h2 className="text-xl">{words.name}</h2>
        <Form method="post" className="space-y-3">
          <FormField label={words.nameLabel} name="name" defaultValue={name} required maxLength={120} hint={words.nameHint} problem={result?.problem} />
          <Submit kind="plain" doing={words.saving} name="intent" value="rename">{words.saveName}</Submit>
        </Form>
      </section>
      <section className="space-y-3">
        <h2 className="text-xl">{words.mail}</h2>
        <p><TextLink to="/dashboard/notices">{words.mailLink}</TextLink></p>
      </section>
    </div>
  );
}
