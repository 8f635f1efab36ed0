import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { act, load, text } from '../../page.server.ts';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Table } from '../../ui/table.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';

export const loader = load(async ({ services, web, developer }) => {
  const actor = await developer();
  const [person, subscriptions] = await Promise.all([web.person(), services.plans.listSubscriptions(actor, { consumerId: actor.consumerId })]);
  return { email: actor.email, verified: actor.verified, name: person?.developer?.consumerName ?? '', subscriptions };
});

export const action = act(async ({ form, request, services, developer }): Promise<{ sent?: string; problem?: undefined }> => {
  const actor = await developer();
  if (form.get('intent') === 'verify') {
    await services.accounts.sendVerification({ email: actor.email }, request);
    return { sent: actor.email };
  }
  await services.consumers.rename(actor, { consumerId: actor.consumerId, name: text(form, 'name') });
  throw redirect('/dashboard/account');
});

export default function Account() {
  const { email, verified, name, subscriptions } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  return (
    <div className="space-y-8">
      <title>Account</title>
      <h1 className="text-2xl">Account</h1>
      <ProblemNotice problem={result?.problem} fields={['name']} />
      {result && 'sent' in result && result.sent && <Notice tone="good" role="status" title={`The mail to ${result.sent} is on its way`}>Open the link in it to verify the address.</Notice>}
      <section className="max-w-md space-y-3">
        <h2 className="text-xl">E-mail address</h2>
        <p className="flex flex-wrap items-center gap-2"><span className="break-all">{email}</span><Badge tone={verified ? 'good' : 'notice'}>{verified ? 'verified' : 'not verified'}</Badge></p>
        {!verified && <Form method="post"><Submit kind="plain" doing="Sending" name="intent" value="verify">Send the mail again</Submit></Form>}
        <p><TextLink to="/forgot-password">Set a new password</TextLink></p>
      </section>
      <section className="max-w-md space-y-3">
        <h2 className="text-xl">Name</h2>
        <Form method="post" className="space-y-3">
          <FormField label="Company or person" name="name" defaultValue={name} required maxLength={120} hint="The producer sees it." problem={result?.problem} />
          <Submit kind="plain" doing="Saving" name="intent" value="rename">Save name</Submit>
        </Form>
      </section>
      <section className="space-y-3">
        <h2 className="text-xl">Subscriptions</h2>
        <Table caption="Subscriptions" rows={subscriptions} keyOf={({ id }) => id} columns={[
          { header: 'API', cell: (row) => <TextLink to={`/${row.productSlug}`}>{row.productName}</TextLink> },
          { header: 'Plan', cell: (row) => row.planName },
          { header: 'State', cell: (row) => <><Badge tone={row.state === 'active' ? 'good' : 'notice'}>{row.state}</Badge>{row.requestedPlan && <> <Badge tone="notice">{row.requestedPlan.name} requested</Badge></>}</> },
          { header: 'Change', cell: (row) => row.state === 'ended' ? '' : <TextLink to={`/${row.productSlug}#plans`}>Compare plans</TextLink> },
          { header: 'Since', cell: (row) => <Time ms={row.createdAt} day /> },
        ]} />
      </section>
    </div>
  );
}
