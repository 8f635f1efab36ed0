import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { flashCookie } from '../../flash.server.ts';
import { act, load, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { useMay } from '../use-may.ts';

const words = texts.payments;

export const loader = load(async ({ services, member, url }) => {
  const failed = url.searchParams.get('show') !== 'all';
  return { failed, events: await services.payments.listEvents(await member(), { failed }) };
});

export const action = act(async ({ form, services, member }): Promise<{ problem?: undefined }> => {
  await services.payments.retryEvent(await member(), { id: text(form, 'id') });
  throw redirect('/workspace/payments', { headers: { 'set-cookie': flashCookie(words.retried) } });
});

export default function Payments() {
  const { failed, events } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const mayChange = useMay('billing.change');
  return (
    <div className="space-y-6">
      <title>{words.events}</title>
      <div className="space-y-2"><BackLink to="/workspace/invoices">{texts.invoices.title}</BackLink><h1 className="text-2xl">{words.events}</h1><p className="max-w-[65ch] text-muted">{words.eventsIntro}</p></div>
      <ProblemNotice problem={problem} />
      <p><TextLink to={failed ? '/workspace/payments?show=all' : '/workspace/payments'}>{failed ? words.showAll : words.showFailed}</TextLink></p>
      <DataTable caption={words.events} rows={events} rowKey={({ id }) => id} empty={<EmptyState title={failed ? words.noneFailed : words.noEvents}>{words.noEventsText}</EmptyState>} columns={[
        { key: 'type', header: words.report, cell: (row) => <span className="block min-w-40"><code className="break-all">{row.type}</code><span className="block text-sm text-muted wrap-anywhere">{row.id}</span></span> },
        { key: 'received', header: words.received, from: 'sm', cell: (row) => <Time ms={row.receivedAt} seconds /> },
        { key: 'state', header: words.state, cell: (row) => (row.processedAt !== null ? <Badge tone="good">{words.worked}</Badge> : <span className="block max-w-[50ch] min-w-40"><Badge tone={row.nextAttemptAt === null ? 'bad' : 'notice'}>{row.nextAttemptAt === null ? words.givenUp : words.waits}</Badge>{row.error !== null && <span className="block text-sm">{row.error}</span>}{row.nextAttemptAt !== null && <span className="block text-sm text-muted">{words.next} <Time ms={row.nextAttemptAt} seconds /></span>}</span>) },
        { key: 'attempts', header: words.attempts, align: 'right', from: 'md', cell: (row) => row.attempts },
        { key: 'retry', header: words.retryColumn, cell: (row) => row.processedAt === null && mayChange && <Form method="post"><input type="hidden" name="id" value={row.id} /><Submit kind="plain" doing={words.retrying}>{words.retry}</Submit></Form> },
      ]} />
    </div>
  );
}
