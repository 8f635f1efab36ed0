import { Form, useActionData, useLoaderData } from 'react-router';
import type { DeveloperSummary } from '../../../control/services.ts';
import { act, load, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { InvitationSent, type Invited } from '../../ui/invitation-sent.tsx';
import { formatCount } from '../../ui/number.ts';
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

const words = texts.dashboard.team;

export default function Team() {
  const { developers, invitations, keys, left } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  const keysOf = (developerId: string) => keys.filter((key) => key.developerId === developerId);
  return (
    <div className="space-y-10">
      <title>{words.title}</title>
      <div className="space-y-2"><h1 className="text-2xl">{words.title}</h1><p className="max-w-[65ch] text-muted">{words.intro}</p></div>
      <ProblemNotice problem={result?.problem} fields={['email']} />
      {result && 'invited' in result && result.invited && <InvitationSent invited={result.invited} />}
      <ul className="max-w-3xl border-b">
        {developers.map((developer) => <Developer key={developer.id} developer={developer} keys={keysOf(developer.id)} />)}
        {invitations.map((invitation) => (
          <li key={invitation.id} className="flex flex-wrap items-center justify-between gap-3 border-t py-3">
            <div className="min-w-0"><p className="flex flex-wrap gap-2"><span className="break-all">{invitation.email}</span><Badge>{words.invited}</Badge></p><p className="text-sm text-muted">{words.validUntil} <Time ms={invitation.expiresAt} /></p></div>
            <Form method="post"><input type="hidden" name="id" value={invitation.id} /><Submit kind="plain" doing={words.withdrawing} name="intent" value="cancel">{words.withdraw}</Submit></Form>
          </li>
        ))}
      </ul>
      {left.length > 0 && (
        <section aria-labelledby="left" className="max-w-2xl space-y-3">
          <h2 id="left" className="text-xl">{words.left}</h2>
          <p>{words.leftText} <TextLink to="/dashboard/keys">{words.rollThem}</TextLink>{words.leftAfter}</p>
          <ul className="list-disc pl-5">{left.map(({ id, name, masked, developerEmail }) => <li key={id}><TextLink to={`/dashboard/keys/${id}`}>{name}</TextLink> <code>{masked}</code>, {words.madeBy(developerEmail)}</li>)}</ul>
        </section>
      )}
      <section aria-labelledby="invite" className="max-w-md space-y-4">
        <h2 id="invite" className="text-xl">{words.invite}</h2>
        <Form method="post" className="space-y-4">
          <FormField label={words.email} name="email" type="email" required hint={words.inviteHint} problem={result?.problem} />
          <Submit doing={words.inviting} name="intent" value="invite">{words.inviteButton}</Submit>
        </Form>
      </section>
    </div>
  );
}

function Developer({ developer, keys }: { developer: DeveloperSummary; keys: { masked: string }[] }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 border-t py-3">
      <div className="min-w-0">
        <p className="flex flex-wrap gap-2"><span className="font-medium break-all">{developer.email}</span>{developer.you && <Badge tone="accent">{words.you}</Badge>}{!developer.verified && <Badge tone="notice">{words.notVerified}</Badge>}</p>
        <p className="text-sm text-muted">{words.since} <Time ms={developer.createdAt} day />; {words.activeKeys(formatCount(keys.length))}</p>
      </div>
      {!developer.you && (
        <Confirm verb={words.remove} title={words.removeTitle(developer.email)}>
          <Form method="post" className="space-y-4">
            <input type="hidden" name="id" value={developer.id} />
            <p>{words.losesAccess(developer.email)} {keys.length === 0 ? words.noKeysOfTheirs : words.keysOfTheirs(keys.map(({ masked }) => masked).join(', '))}</p>
            <Submit kind="danger" doing={words.removing} name="intent" value="remove">{words.removeButton}</Submit>
          </Form>
        </Confirm>
      )}
    </li>
  );
}
