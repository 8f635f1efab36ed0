import { Form, useActionData, useLoaderData } from 'react-router';
import { CallTable, shownCall } from '../../calls/call-table.tsx';
import { act, load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Figure } from '../../ui/figure.tsx';
import { TextArea } from '../../ui/form-field.tsx';
import { formatDuration } from '../../ui/format-time.ts';
import { Notice } from '../../ui/notice.tsx';
import { formatCount } from '../../ui/number.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { StatusClassChart } from '../../ui/status-class-chart.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { useMay } from '../use-may.ts';
import { changeConsumer } from './consumer-actions.server.ts';
import { ConsumerHeading } from './consumer-heading.tsx';
import { DecisionForm } from './decision-form.tsx';
import { KeyTable } from './key-table.tsx';
import { SubscriptionTable } from './subscription-table.tsx';
import { Timeline } from './timeline.tsx';

const words = texts.workspaceConsumers;
const dayMs = 86_400_000;
const shownDays = 30;
const timelineRows = 30;

export const loader = load(async ({ services, member, params, url }) => {
  const actor = await member();
  const consumerId = params['id']!;
  const before = url.searchParams.get('before');
  const to = (Math.floor(Date.now() / dayMs) + 1) * dayMs;
  const range = { from: to - shownDays * dayMs, to };
  const [consumer, timeline, latest, volume, people] = await Promise.all([
    services.consumers.get(actor, consumerId),
    services.consumers.timeline(actor, { consumerId, limit: timelineRows, ...(before && { before }) }),
    services.requests.list(actor, { consumerId, limit: 10 }),
    services.requests.callVolume(actor, { consumerId, ...range, bucketMs: dayMs }),
    services.consumers.listDevelopers(actor, { consumerId }),
  ]);
  const slugs = [...new Set(consumer.subscriptions.filter(({ state }) => state !== 'ended').map(({ productSlug }) => productSlug))];
  const plans = Object.fromEntries(await Promise.all(slugs.map(async (slug) => [slug, (await services.plans.list(actor, slug)).map((plan) => ({ slug: plan.slug, name: plan.name }))] as const)));
  const older = timeline.length === timelineRows ? `?before=${encodeURIComponent(timeline.at(-1)!.id)}` : null;
  return { consumer, timeline, older, latest: latest.requests.map(shownCall), volume: { rows: volume, ...range }, people, plans };
});

export const action = act(async ({ form, services, member, params }): Promise<{ problem?: undefined }> => changeConsumer(services, await member(), params['id']!, form));

export default function ConsumerDetail() {
  const { consumer, timeline, older, latest, volume, people, plans } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const mayReadAudit = useMay('audit.read');
  const mayChange = useMay('consumers.change');
  return (
    <div className="space-y-8">
      <title>{consumer.name}</title>
      <BackLink to="/workspace/consumers">{words.title}</BackLink>
      <ConsumerHeading consumer={consumer} activeKeys={consumer.keys.filter(({ state }) => state === 'active').length} />
      <ProblemNotice problem={problem} fields={['note']} />
      <Waiting consumer={consumer} />
      <dl className="grid grid-cols-2 gap-6 lg:grid-cols-4">
        <Figure label={words.facts.since} value={<Time ms={consumer.createdAt} day />} note={words.originNames[consumer.origin as keyof typeof words.originNames] ?? consumer.origin} />
        <Figure label={words.facts.ttfc} definition={words.ttfcMeaning} value={consumer.ttfcMs === null ? words.noneYet : formatDuration(consumer.ttfcMs)} />
        <Figure label={words.facts.calls} value={formatCount(consumer.calls)} />
        <Figure label={words.facts.active} value={consumer.lastActiveAt === null ? words.never : <Time ms={consumer.lastActiveAt} day />} />
      </dl>
      {volume.rows.length > 0 ? <StatusClassChart title={words.callsPlot} rows={volume.rows} from={volume.from} to={volume.to} bucketMs={86_400_000} /> : <p className="border-t pt-4 text-muted">{words.noCalls}</p>}
      <div className="grid grid-cols-1 gap-x-10 gap-y-8 lg:grid-cols-2">
        <div className="min-w-0 space-y-8">
          <section className="space-y-3"><div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1"><h2 className="text-xl">{words.subscriptions}</h2><span className="flex flex-wrap gap-x-4 text-sm"><TextLink to={`/workspace/consumers/${consumer.id}/subscriptions`}>{words.bills}</TextLink><TextLink to={`/workspace/invoices?search=${encodeURIComponent(consumer.name)}`}>{texts.invoices.title}</TextLink><TextLink to={`/workspace/consumers/${consumer.id}/billing`}>{texts.invoices.billingAddress}</TextLink></span></div><SubscriptionTable subscriptions={consumer.subscriptions} plans={plans} /></section>
          <section className="space-y-3"><h2 className="text-xl">{words.keys}</h2><KeyTable keys={consumer.keys} /></section>
          <Developers people={people} />
        </div>
        <section className="min-w-0 space-y-3">
          <div className="flex flex-wrap items-baseline justify-between gap-2"><h2 className="text-xl">{words.timeline}</h2>{mayReadAudit && <TextLink className="text-sm" to={`/workspace/audit?subject=${consumer.id}`}>{words.changes}</TextLink>}</div>
          {mayChange && (
            <Form method="post" className="space-y-2" key={timeline[0]?.id}>
              <TextArea label={words.note} name="note" rows={2} maxLength={2_000} required hint={words.noteHint} problem={problem} />
              <Submit kind="plain" doing={words.noteAdding} name="intent" value="note">{words.noteAdd}</Submit>
            </Form>
          )}
          {timeline.length === 0 ? <p className="text-muted">{words.timelineEmpty}</p> : <Timeline rows={timeline} />}
          {older && <p><TextLink to={older}>{words.older}</TextLink></p>}
        </section>
      </div>
      <section className="space-y-3">
        <div className="flex flex-wrap items-baseline justify-between gap-2"><h2 className="text-xl">{words.requests}</h2>{latest.length > 0 && <TextLink className="text-sm" to={`/workspace/requests?consumer=${consumer.id}`}>{words.allRequests}</TextLink>}</div>
        {latest.length === 0 ? <EmptyState title={words.noRequests} /> : <CallTable rows={latest} base="/workspace/requests" />}
      </section>
    </div>
  );
}

type Loaded = Awaited<ReturnType<typeof loader>>;

function Waiting({ consumer }: Pick<Loaded, 'consumer'>) {
  const mayChange = useMay('consumers.change');
  const waiting = consumer.subscriptions.filter(({ state, requestedPlan }) => state === 'pending' || requestedPlan !== null);
  return waiting.map((row) => (
    <Notice key={row.id} tone="notice" title={words.waitsTitle(consumer.name, row.requestedPlan?.name ?? row.planName, row.productName)}>
      <p>{words.waitsMeanwhile(row.requestedPlan ? row.planName : null)}</p>
      {mayChange && <DecisionForm subscriptionId={row.id} />}
    </Notice>
  ));
}

function Developers({ people }: Pick<Loaded, 'people'>) {
  return (
    <section className="space-y-3">
      <h2 className="text-xl">{words.developers}</h2>
      {people.developers.length === 0 && people.invitations.length === 0 && <p className="text-muted">{words.noDevelopers}</p>}
      <ul>
        {people.developers.map((developer) => <li key={developer.id} className="flex flex-wrap items-baseline gap-x-2 border-t py-1.5"><span className="break-all">{developer.email}</span>{!developer.verified && <Badge tone="notice">{words.badges.unverified}</Badge>}<span className="text-sm text-muted">{words.developerSince} <Time ms={developer.createdAt} day /></span></li>)}
        {people.invitations.map((invitation) => <li key={invitation.id} className="flex flex-wrap items-baseline gap-x-2 border-t py-1.5"><span className="break-all">{invitation.email}</span><Badge>{words.openInvitation}</Badge><span className="text-sm text-muted">{words.openUntil} <Time ms={invitation.expiresAt} /></span></li>)}
      </ul>
    </section>
  );
}
