import { useLoaderData } from 'react-router';
import { load } from '../../page.server.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Figure } from '../../ui/figure.tsx';
import { formatCount, formatShare } from '../../ui/number.ts';
import { RequestTable, shownRequest } from '../../ui/request-table.tsx';
import { StatusClassChart } from '../../ui/status-class-chart.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { useRefresh } from '../../ui/use-refresh.ts';
import { LimitList } from './limit-list.tsx';
import { UsageTable } from './usage-table.tsx';

const dayMs = 86_400_000;

export const loader = load(async ({ services, developer }) => {
  const actor = await developer();
  const { consumerId } = actor;
  const now = Date.now();
  const today = Math.floor(now / dayMs) * dayMs;
  const span = { consumerId, from: today - 29 * dayMs, to: today + dayMs };
  const [limits, volume, todayVolume, latency, latest, usage] = await Promise.all([
    services.usage.limits(actor, { consumerId }),
    services.requests.callVolume(actor, { ...span, bucketMs: dayMs }),
    services.requests.callVolume(actor, { consumerId, from: today, to: today + dayMs, bucketMs: dayMs }),
    services.requests.latency(actor, { consumerId, from: today, to: today + dayMs }),
    services.requests.list(actor, { consumerId, limit: 8 }),
    services.usage.get(actor, span),
  ]);
  const calls = todayVolume.reduce((sum, { count }) => sum + count, 0);
  const failed = todayVolume.filter(({ statusClass }) => statusClass === '4xx' || statusClass === '5xx').reduce((sum, { count }) => sum + count, 0);
  return { limits, volume, span, calls, failed, p95: latency.p95, latest: latest.requests.map(shownRequest), usage: usage.usage };
});

export default function Overview() {
  const { limits, volume, span, calls, failed, p95, latest, usage } = useLoaderData<typeof loader>();
  useRefresh(2000);
  return (
    <div className="space-y-10">
      <title>Dashboard</title>
      <h1 className="sr-only">Dashboard</h1>
      <dl className="grid grid-cols-2 gap-6 sm:grid-cols-4">
        <Figure label="Calls today" value={formatCount(calls)} note="since 00:00 UTC" />
        <Figure label="Errors today" value={calls === 0 ? 'none' : formatShare(failed / calls)} note={`${formatCount(failed)} answered 4xx or 5xx`} />
        <Figure label="p95 today" value={p95 === null ? 'no calls' : `${Math.round(p95)} ms`} definition="95 of 100 calls were answered at least this fast, from admission to the end of the answer." />
      </dl>
      <section aria-labelledby="limits" className="space-y-4">
        <h2 id="limits" className="text-xl">Limits</h2>
        {limits.length > 0 ? <LimitList limits={limits} /> : <EmptyState title="No limits">Your subscriptions set none.</EmptyState>}
      </section>
      <section aria-label="Calls by day">
        <StatusClassChart title="Calls by day, last 30 days" rows={volume} from={span.from} to={span.to} bucketMs={dayMs} />
      </section>
      <section aria-labelledby="latest" className="space-y-3">
        <div className="flex flex-wrap items-baseline justify-between gap-2"><h2 id="latest" className="text-xl">Latest requests</h2><TextLink to="/dashboard/requests">All requests</TextLink></div>
        {latest.length > 0 ? <RequestTable rows={latest} base="/dashboard/requests" /> : <EmptyState title="No calls yet" action={<ButtonLink to="/start">Make your first call</ButtonLink>}>Calls appear here within two seconds.</EmptyState>}
      </section>
      <section aria-labelledby="usage" className="space-y-3">
        <h2 id="usage" className="text-xl">Usage, last 30 days</h2>
        {usage.length === 0 ? <EmptyState title="Nothing metered yet" /> : <UsageTable usage={usage} />}
      </section>
    </div>
  );
}
