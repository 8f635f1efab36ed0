import { Form, useActionData, useLoaderData } from 'react-router';
import { act, load, text } from '../../page.server.ts';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { InvitationSent, type Invited } from '../../ui/invitation-sent.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Time } from '../../ui/time.tsx';

export const loader = load(async ({ services, developer }) => {
  const actor = await developer();
  return services.consumers.listDevelopers(actor, { consumerId: actor.consumerId });
});

export const action = act(async ({ form, services, developer }): Promise<{ invited?: Invited; problem?: undefined }> => {
  const actor = await developer();
  const { consumerId } = actor;
  switch (form.get('intent')) {
    case 'remove':
      await services.consumers.removeDeveloper(actor, { consumerId, developerId: text(form, 'id') });
      return {};
    case 'cancel':
      await services.consumers.cancelInvitation(actor, { invitationId: text(form, 'id') });
      return {};
    default: {
      const email = text(form, 'email');
      return { invited: { email, ...(await services.consumers.inviteDeveloper(actor, { consumerId, email })) } };
    }
  }
});

export default function Team() {
  const { developers, invitations } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  return (
    <div className="space-y-8">
      <title>Team</title>
      <h1 className="text-2xl">Team</h1>
      <ProblemNotice problem={result?.problem} fields={['email']} />
      {result && 'invited' in result && result.invited && <InvitationSent invited={result.invited} />}
      <ul>
        {developers.map((developer) => (
          <li key={developer.id} className="flex flex-wrap items-center justify-between gap-3 border-t py-3">
            <div><p className="flex flex-wrap gap-2"><span className="font-medium break-all">{developer.email}</span>{developer.you && <Badge tone="accent">you</Badge>}{!developer.verified && <Badge tone="notice">not verified</Badge>}</p><p className="text-sm text-muted">since <Time ms={developer.createdAt} day /></p></div>
            {!developer.you && (
              <Confirm verb="Remove">
                <Form method="post" className="space-y-3">
                  <input type="hidden" name="id" value={developer.id} />
                  <p>{developer.email} loses access to these pages. Keys that they made stay until you revoke them.</p>
                  <Submit kind="danger" doing="Removing" name="intent" value="remove">Remove developer</Submit>
                </Form>
              </Confirm>
            )}
          </li>
        ))}
        {invitations.map((invitation) => (
          <li key={invitation.id} className="flex flex-wrap items-center justify-between gap-3 border-t py-3">
            <div><p className="flex flex-wrap gap-2"><span className="break-all">{invitation.email}</span><Badge>invited</Badge></p><p className="text-sm text-muted">valid until <Time ms={invitation.expiresAt} /></p></div>
            <Form method="post"><input type="hidden" name="id" value={invitation.id} /><Submit kind="plain" doing="Withdrawing" name="intent" value="cancel">Withdraw invitation</Submit></Form>
          </li>
        ))}
      </ul>
      <section aria-labelledby="invite" className="max-w-md space-y-3 border-t pt-6">
        <h2 id="invite" className="text-xl">Invite a developer</h2>
        <Form method="post" className="space-y-4">
          <FormField label="E-mail address" name="email" type="email" required hint="They see these pages and may make keys." problem={result?.problem} />
          <Submit doing="Inviting" name="intent" value="invite">Invite</Submit>
        </Form>
      </section>
    </div>
  );
}
