import type { ReactNode } from 'react';
import { useLoaderData } from 'react-router';
import type { KeySummary } from '../../../control/services.ts';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { ButtonLink } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { StatusClassChart } from '../../ui/status-class-chart.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { useLive } from '../../ui/use-live.ts';
import { readFigures, readPrevious } from './call-figures.server.ts';
import { readRange } from '../../calls/call-range.ts';
import { CallFigureRow } from './figures.tsx';
import { LimitList } from './limit-list.tsx';
import { LiveBadge } from '../../ui/live-badge.tsx';
import { CallTable, shownCall } from '../../calls/call-table.tsx';

const dayMs = 86_400_000;

export const loader = load(async ({ services, developer }) => {
  const actor = await developer();
  const { consumerId } = actor;
  const now = Date.now();
  const month = readRange(new URLSearchParams(), now);
  const today = { from: month.to - dayMs, to: month.to };
  const yesterday = { from: today.from - dayMs, to: now - dayMs };
  const [figures, volume, previous, limits, latest, { keys }] = await Promise.all([
    readFigures(services, actor, {}, { ...month, ...today, comparable: yesterday }),
    services.requests.callVolume(actor, { consumerId, from: month.from, to: month.to, bucketMs: month.bucketMs }),
    readPrevious(services, actor, {}, month),
    services.usage.limits(actor, { consumerId }),
    services.requests.list(actor, { consumerId, limit: 8 }),
    services.keys.list(actor, { consumerId, active: true, limit: 5 }),
  ]);
  return { figures, volume, previous, span: { from: month.from, to: month.to }, limits, latest: latest.requests.map(shownCall), keys };
});

const words = texts.dashboard.overview;

export default function Overview() {
  const { figures, volume, previous, span, limits, latest, keys } = useLoaderData<typeof loader>();
  const live = useLive('/dashboard/events');
  return (
    <div className="space-y-12">
      <title>{texts.dashboard.title}</title>
      <div className="space-y-6">
        <div className="flex flex-wrap items-center justify-between gap-3"><h1 className="text-2xl">{texts.dashboard.title}</h1><LiveBadge state={live} /></div>
        {keys.length === 0 && latest.length === 0
          ? <EmptyState title={words.noKeys} action={<ButtonLink to="/start">{words.noKeysAction}</ButtonLink>}>{words.noKeysText}</EmptyState>
          : <CallFigureRow figures={figures} today />}
      </div>
      <section aria-label={words.callsByDay} className="space-y-3">
        <StatusClassChart title={words.callsByDay} rows={volume} from={span.from} to={span.to} bucketMs={dayMs} previous={previous} />
        <p><TextLink to="/dashboard/usage">{words.usage}</TextLink></p>
      </section>
      <Part title={words.limits} to="/dashboard/plan" more={words.allLimits}>
        {limits.length > 0 ? <LimitList limits={limits} /> : <EmptyState title={words.noLimits}>{words.noLimitsText}</EmptyState>}
      </Part>
      <Part title={words.requests} to="/dashboard/requests?live=1" more={words.allRequests}>
        {latest.length > 0 ? <CallTable base="/dashboard/requests" rows={latest} /> : <EmptyState title={words.noCalls} action={<ButtonLink to="/start">{words.noCallsAction}</ButtonLink>}>{words.noCallsText}</EmptyState>}
      </Part>
      {keys.length > 0 && <Part title={words.keys} to="/dashboard/keys" more={words.allKeys}><Keys keys={keys} /></Part>}
    </div>
  );
}

function Part({ title, to, more, children }: { title: string; to: string; more: string; children: ReactNode }) {
  return (
    <section className="space-y-4">
      <div className="flex flex-wrap items-baseline justify-between gap-2"><h2 className="text-xl">{title}</h2><TextLink to={to}>{more}</TextLink></div>
      {children}
    </section>
  );
}

function Keys({ keys }: { keys: KeySummary[] }) {
  const say = texts.dashboard.keys;
  return (
    <DataTable caption={words.keys} rows={keys} rowKey={({ id }) => id} columns={[
      { key: 'name', header: say.name, cell: (key) => <TextLink to={`/dashboard/keys/${key.id}`}>{key.name}</TextLink> },
      { key: 'key', header: say.key, cell: (key) => <code className="text-sm whitespace-nowrap">{key.masked}</code> },
      { key: 'mode', header: say.mode, cell: (key) => <Badge tone={key.mode === 'live' ? 'accent' : 'quiet'}>{key.mode === 'live' ? say.live : say.test}</Badge> },
      { key: 'used', header: say.lastUsed, cell: (key) => (key.lastUsedAt === null ? <span className="text-muted">{say.never}</span> : <Time ms={key.lastUsedAt} />) },
      { key: 'end', header: say.expires, from: 'sm', cell: (key) => (key.expiresAt === null ? <span className="text-muted">{say.noEnd}</span> : <Time ms={key.expiresAt} />) },
    ]} />
  );
}
