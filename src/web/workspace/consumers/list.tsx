import { useLoaderData } from 'react-router';
import type { ConsumerSummary } from '../../../control/services.ts';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { ButtonLink } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilterBar } from '../../ui/filter-bar.tsx';
import { FormField, SelectField } from '../../ui/form-field.tsx';
import { formatDuration } from '../../ui/format-time.ts';
import { Notice } from '../../ui/notice.tsx';
import { formatCount } from '../../ui/number.ts';
import { Paging } from '../../ui/paging.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { useMay } from '../use-may.ts';
import { consumerFields, readConsumerFilter } from './consumer-filter.server.ts';

const words = texts.workspaceConsumers;

export const loader = load(async ({ services, member, url }) => {
  const actor = await member();
  const { shown, filter } = readConsumerFilter(url);
  const [{ consumers, nextCursor }, requests, products] = await Promise.all([services.consumers.list(actor, { ...filter, limit: 50 }), services.plans.listRequests(actor, { limit: 10 }), services.products.list(actor)]);
  const chosen = shown.product === '' ? products : products.filter(({ slug }) => slug === shown.product);
  const plans = await Promise.all(chosen.slice(0, 20).map(async ({ slug, name }) => (await services.plans.list(actor, slug)).map((plan) => ({ value: `${slug}/${plan.slug}`, name: `${name}: ${plan.name}` }))));
  return { shown, fields: [...consumerFields], consumers, nextCursor, requests, products: products.map(({ slug, name }) => ({ slug, name })), plans: plans.flat() };
});

export default function Consumers() {
  const { shown, fields, consumers, nextCursor, requests, products, plans } = useLoaderData<typeof loader>();
  const mayChange = useMay('consumers.change');
  const filtered = Object.values(shown).some((value) => value !== '');
  return (
    <div className="space-y-6">
      <title>{words.title}</title>
      <div className="flex flex-wrap items-center justify-between gap-3"><h1 className="text-2xl">{words.title}</h1>{mayChange && <ButtonLink kind="plain" to="/workspace/consumers/new">{words.invite}</ButtonLink>}</div>
      {requests.total > 0 && (
        <Notice tone="notice" title={words.waiting(requests.total)}>
          <ul>{requests.requests.map((request) => <li key={request.subscriptionId}><TextLink to={`/workspace/consumers/${request.consumerId}`}>{request.consumerName}</TextLink> {words.asksFor(request.planName, request.productName, request.presentPlan)}</li>)}</ul>
        </Notice>
      )}
      <FilterBar names={fields}>
        <div className="col-span-2 sm:col-span-1 lg:w-64"><FormField label={words.search} name="search" type="search" defaultValue={shown.search} placeholder={words.searchHint} /></div>
        <SelectField label={words.product} name="product" defaultValue={shown.product}><option value="">{words.all}</option>{products.map(({ slug, name }) => <option key={slug} value={slug}>{name}</option>)}</SelectField>
        <SelectField label={words.plan} name="plan" defaultValue={shown.plan}><option value="">{words.all}</option>{plans.map(({ value, name }) => <option key={value} value={value}>{name}</option>)}</SelectField>
        <SelectField label={words.state} name="state" defaultValue={shown.state}><option value="">{words.all}</option>{Object.entries(words.states).map(([state, text]) => <option key={state} value={state}>{text}</option>)}</SelectField>
        <SelectField label={words.origin} name="origin" defaultValue={shown.origin}><option value="">{words.all}</option>{Object.entries(words.origins).map(([origin, text]) => <option key={origin} value={origin}>{text}</option>)}</SelectField>
        <FormField label={words.since} name="since" type="date" defaultValue={shown.since} />
      </FilterBar>
      <DataTable caption={words.title} rows={consumers} rowKey={({ id }) => id} sort="-created" empty={filtered ? <EmptyState title={words.noMatch}>{words.noMatchHint}</EmptyState> : <EmptyState title={words.none}>{words.noneHint}</EmptyState>} columns={[
        { key: 'name', header: words.name, cell: (row) => <ConsumerName consumer={row} /> },
        { key: 'plans', header: words.plans, from: 'sm', cell: (row) => row.plans.join(', ') || <span className="text-muted">{words.noPlan}</span> },
        { key: 'created', header: words.created, sortable: true, cell: (row) => <><Time ms={row.createdAt} day /><span className="block text-xs text-muted">{words.originNames[row.origin as keyof typeof words.originNames] ?? row.origin}</span></> },
        { key: 'ttfc', header: words.ttfc, align: 'right', from: 'md', sortable: true, cell: (row) => row.ttfcMs === null ? <span className="text-muted">{words.noneYet}</span> : formatDuration(row.ttfcMs) },
        { key: 'calls', header: words.calls, align: 'right', sortable: true, cell: (row) => formatCount(row.calls) },
        { key: 'active', header: words.active, align: 'right', sortable: true, cell: (row) => row.lastActiveAt === null ? <span className="text-muted">{words.never}</span> : <Time ms={row.lastActiveAt} /> },
      ]} />
      <Paging nextCursor={nextCursor} words={texts.ui.pagesForward} />
    </div>
  );
}

function ConsumerName({ consumer }: { consumer: Pick<ConsumerSummary, 'id' | 'name' | 'blockedAt' | 'verified'> }) {
  return (
    <span className="flex min-w-40 flex-wrap items-center gap-1.5">
      <TextLink to={`/workspace/consumers/${consumer.id}`} className="wrap-anywhere">{consumer.name}</TextLink>
      {consumer.blockedAt !== null && <Badge tone="bad">{words.badges.blocked}</Badge>}
      {!consumer.verified && <Badge tone="notice">{words.badges.unverified}</Badge>}
    </span>
  );
}
