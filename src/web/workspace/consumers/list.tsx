import { Form, useLoaderData } from 'react-router';
import { load } from '../../page.server.ts';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatCount } from '../../ui/number.ts';
import { Paging } from '../../ui/paging.tsx';
import { Table } from '../../ui/table.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { formatDuration } from '../../ui/format-time.ts';
import { Time } from '../../ui/time.tsx';

export const loader = load(async ({ services, member, url }) => {
  const search = url.searchParams.get('search')?.trim() ?? '';
  const cursor = url.searchParams.get('cursor');
  const actor = await member();
  const [{ consumers, nextCursor }, requests] = await Promise.all([services.consumers.list(actor, { limit: 50, ...(search && { search }), ...(cursor && { cursor }) }), services.plans.listRequests(actor)]);
  return { search, requests, consumers, nextCursor };
});

export default function Consumers() {
  const { search, requests, consumers, nextCursor } = useLoaderData<typeof loader>();
  return (
    <div className="space-y-6">
      <title>Consumers</title>
      <h1 className="text-2xl">Consumers</h1>
      {requests.length > 0 && (
        <Notice tone="notice" title={requests.length === 1 ? 'A plan waits for your approval' : `${formatCount(requests.length)} plans wait for your approval`}>
          <ul>{requests.map((request) => <li key={request.subscriptionId}><TextLink to={request.consumerId}>{request.consumerName}</TextLink> asks for {request.planName} of {request.productName}{request.presentPlan && `, is on ${request.presentPlan}`}.</li>)}</ul>
        </Notice>
      )}
      <Form method="get" role="search" className="flex max-w-md items-end gap-3">
        <div className="flex-1"><FormField label="Name or e-mail address" name="search" type="search" defaultValue={search} /></div>
        <Submit kind="plain" doing="Searching">Search</Submit>
      </Form>
      {consumers.length === 0 ? <EmptyState title={search ? `Nobody matches ${search}` : 'No consumers yet'}>They appear here when they sign up in the portal, or by <code>portico keys create</code>.</EmptyState> : (
        <Table caption="Consumers, newest first" rows={consumers} keyOf={({ id }) => id} columns={[
          { header: 'Name', cell: (row) => <><TextLink to={row.id}>{row.name}</TextLink>{row.blockedAt !== null && <> <Badge tone="bad">blocked</Badge></>}{!row.verified && <> <Badge tone="notice">not verified</Badge></>}</> },
          { header: 'Signed up', cell: (row) => <Time ms={row.createdAt} /> },
          { header: 'Origin', cell: (row) => row.origin },
          { header: 'Plans', cell: (row) => row.plans.join(', ') },
          { header: 'Developers', numeric: true, cell: (row) => row.developers },
          { header: 'TTFC', numeric: true, cell: (row) => row.ttfcMs === null ? 'none yet' : formatDuration(row.ttfcMs) },
          { header: 'Last active', cell: (row) => row.lastActiveAt === null ? 'never' : <Time ms={row.lastActiveAt} /> },
        ]} />
      )}
      <Paging nextCursor={nextCursor} />
    </div>
  );
}
