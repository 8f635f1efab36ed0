import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { act, load, text } from '../../page.server.ts';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Figure } from '../../ui/figure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { RequestTable, shownRequest } from '../../ui/request-table.tsx';
import { Table } from '../../ui/table.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { formatDuration } from '../../ui/format-time.ts';
import { Time } from '../../ui/time.tsx';
import { useMay } from '../use-may.ts';
import { DecisionForm } from './decision-form.tsx';
import { Timeline } from './timeline.tsx';

export const loader = load(async ({ services, member, params, url }) => {
  const actor = await member();
  const consumerId = params['id']!;
  const before = url.searchParams.get('before');
  const [consumer, timeline, latest] = await Promise.all([
    services.consumers.get(actor, consumerId),
    services.consumers.timeline(actor, { consumerId, limit: 50, ...(before && { before }) }),
    services.requests.list(actor, { consumerId, limit: 10 }),
  ]);
  return { consumer, timeline, older: timeline.length === 50 ? `?before=${encodeURIComponent(timeline.at(-1)!.id)}` : null, latest: latest.requests.map(shownRequest) };
});

export const action = act(async ({ form, services, member, params }): Promise<{ problem?: undefined }> => {
  const actor = await member();
  const intent = text(form, 'intent');
  if (intent === 'approve' || intent === 'decline') await services.plans.decide(actor, { subscriptionId: text(form, 'subscription'), approve: intent === 'approve' });
  else await services.consumers.block(actor, { consumerId: params['id']!, blocked: intent === 'block' });
  throw redirect(`/workspace/consumers/${params['id']}`);
});

export default function ConsumerDetail() {
  const { consumer, timeline, older, latest } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const mayChange = useMay('consumers.change');
  const waiting = consumer.subscriptions.filter(({ state, requestedPlan }) => state === 'pending' || requestedPlan !== null);
  return (
    <div className="space-y-8">
      <title>{consumer.name}</title>
      <p><TextLink to="/workspace/consumers">Consumers</TextLink></p>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="flex flex-wrap items-center gap-2 text-2xl">{consumer.name}{consumer.blockedAt !== null && <Badge tone="bad">blocked</Badge>}{!consumer.verified && <Badge tone="notice">not verified</Badge>}</h1>
        {mayChange && (consumer.blockedAt === null ? (
          <Confirm verb="Block">
            <Form method="post" className="space-y-3"><p>Every call of {consumer.name} is refused with 403 until you unblock it. Keys and usage stay.</p><Submit kind="danger" doing="Blocking" name="intent" value="block">Block consumer</Submit></Form>
          </Confirm>
        ) : <Form method="post"><Submit kind="plain" doing="Unblocking" name="intent" value="unblock">Unblock consumer</Submit></Form>)}
      </div>
      <ProblemNotice problem={problem} />
      {waiting.map((row) => (
        <Notice key={row.id} tone="notice" title={`${consumer.name} asks for the plan ${row.requestedPlan?.name ?? row.planName} of ${row.productName}`}>
          <p>{row.requestedPlan ? `Until you decide, ${row.planName} serves its calls.` : 'Until you decide, its calls to this API are refused with 403.'}</p>
          {mayChange && <DecisionForm subscriptionId={row.id} />}
        </Notice>
      ))}
      <dl className="grid grid-cols-2 gap-6 lg:grid-cols-4">
        <Figure label="Signed up" value={<Time ms={consumer.createdAt} day />} note={`by ${consumer.origin}`} />
        <Figure label="First success after" value={consumer.ttfcMs === null ? 'none yet' : formatDuration(consumer.ttfcMs)} />
        <Figure label="Last active" value={consumer.lastActiveAt === null ? 'never' : <Time ms={consumer.lastActiveAt} day />} />
        <Figure label="Developers" value={consumer.developerList.length} note={consumer.developerList.map(({ email }) => email).slice(0, 3).join(', ')} />
      </dl>
      <div className="grid grid-cols-1 gap-x-10 gap-y-8 lg:grid-cols-2">
        <section className="min-w-0 space-y-3"><h2 className="text-xl">Timeline</h2>{timeline.length === 0 ? <EmptyState title="Nothing yet" /> : <Timeline rows={timeline} />}{older && <p><TextLink to={older}>Older</TextLink></p>}</section>
        <div className="min-w-0 space-y-8">
          <section className="space-y-3">
            <h2 className="text-xl">Subscriptions</h2>
            <Table caption="Subscriptions" rows={consumer.subscriptions} keyOf={({ id }) => id} columns={[
              { header: 'API', cell: (row) => <TextLink to={`/workspace/products/${row.productSlug}`}>{row.productName}</TextLink> },
              { header: 'Plan', cell: (row) => row.planName },
              { header: 'State', cell: (row) => <Badge tone={row.state === 'active' ? 'good' : 'notice'}>{row.state}</Badge> },
              { header: 'Since', cell: (row) => <Time ms={row.createdAt} day /> },
            ]} />
          </section>
          <section className="space-y-3">
            <h2 className="text-xl">Keys</h2>
            <Table caption="Keys" rows={consumer.keys} keyOf={({ id }) => id} columns={[
              { header: 'Name', cell: (row) => <>{row.name} <code className="block text-xs text-muted">{row.masked}</code></> },
              { header: 'State', cell: (row) => <Badge tone={row.state === 'active' ? 'good' : 'bad'}>{row.state}</Badge> },
              { header: 'Last used', cell: (row) => row.lastUsedAt === null ? 'never' : <Time ms={row.lastUsedAt} /> },
            ]} />
          </section>
        </div>
      </div>
      <section className="space-y-3"><h2 className="text-xl">Latest requests</h2>{latest.length === 0 ? <EmptyState title="No calls yet" /> : <RequestTable rows={latest} base="/workspace/requests" />}</section>
    </div>
  );
}
