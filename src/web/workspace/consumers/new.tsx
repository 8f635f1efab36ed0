import { Form, useActionData, useLoaderData } from 'react-router';
import { act, load, refusal, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Submit } from '../../ui/button.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { InvitationSent } from '../../ui/invitation-sent.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';

const words = texts.workspaceConsumers;

export const loader = load(async ({ member, rights, web }) => {
  await member();
  if (!(await rights()).includes('consumers.change')) throw refusal('role_forbids', words.mayNotInvite, web);
  return {};
});

export const action = act(async ({ form, services, member }) => {
  const email = text(form, 'email');
  const name = text(form, 'name');
  const { id, link, expiresAt } = await services.consumers.create(await member(), { email, ...(name && { name }) });
  return { id, invited: { email, link, expiresAt }, problem: undefined };
});

export default function NewConsumer() {
  useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  return (
    <div className="max-w-md space-y-6">
      <title>{words.invite}</title>
      <BackLink to="/workspace/consumers">{words.title}</BackLink>
      <div className="space-y-1"><h1 className="text-2xl">{words.invite}</h1><p className="text-muted">{words.inviteLead}</p></div>
      <ProblemNotice problem={result?.problem} fields={['email', 'name']} />
      {result && 'invited' in result && <><InvitationSent invited={result.invited} /><p><TextLink to={`/workspace/consumers/${result.id}`}>{words.openInvited}</TextLink></p></>}
      <Form method="post" className="space-y-4">
        <FormField label={words.email} name="email" type="email" required problem={result?.problem} autoComplete="off" />
        <FormField label={words.inviteName} name="name" hint={words.inviteNameHint} maxLength={100} problem={result?.problem} autoComplete="off" />
        <Submit doing={words.inviting}>{words.sendInvitation}</Submit>
      </Form>
    </div>
  );
}
