import { Form, useActionData, useLoaderData } from 'react-router';
import { act, load, text } from '../../page.server.ts';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { InvitationSent, type Invited } from '../../ui/invitation-sent.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';

export const loader = load(async ({ services, developer }) => {
  const actor = await developer();
  const { consumerId } = actor;
  const [team, { keys }] = await Promise.all([services.consumers.listDevelopers(actor, { consumerId }), services.keys.list(actor, { consumerId, limit: 200 })]);
  const active = keys.filter(({ state, origin }) => state === 'active' && origin !== 'try-it').map(({ id, name, masked, developerId, developerEmail }) => ({ id, name, masked, developerId, developerEmail }));
  return { ...team, keys: active, left: active.filter(({ developerId }) => !team.developers.some(({ id }) => id === developerId)) };
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
  const { developers, invitations, keys, left } = useLoaderData<typeof loader>();
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
                  <p>{developer.email} loses access to these pages. {keysOf(keys.filter(({ developerId }) => developerId === developer.id))}</p>
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
      {left.length > 0 && (
        <section aria-labelledby="left" className="max-w-2xl space-y-3 border-t pt-6">
          <h2 id="left" className="text-xl">Keys of people who left</h2>
          <p>Keys belong to the account, so these still work, and whoever copied one can still use it. <TextLink to="/dashboard/keys">Roll them</TextLink> to be sure.</p>
          <ul className="list-disc pl-5">{left.map(({ id, name, masked, developerEmail }) => <li key={id}>{name} <code>{masked}</code>, made by {developerEmail}</li>)}</ul>
        </section>
      )}
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

function keysOf(keys: { masked: string }[]): string {
  if (keys.length === 0) return 'No key of theirs is active.';
  return `Keys that they made go on working until you roll or revoke them: ${keys.map(({ masked }) => masked).join(', ')}.`;
}
