import { Link, redirect, useLoaderData, useLocation } from 'react-router';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FormField } from '../../ui/form-field.tsx';
import { Download } from '../../ui/icon.ts';
import { Paging } from '../../ui/paging.tsx';
import { useLive } from '../../ui/use-live.ts';
import { CallFilters } from './call-filters.tsx';
import { addressWith, chosenBy, readFilter } from './call-filter.ts';
import { readCallCode } from './call-code.server.ts';
import { readRange } from './call-range.ts';
import { CallFacts } from './call-facts.tsx';
import { CallTable, shownCall } from './call-table.tsx';
import { readOptions } from './filter-options.server.ts';
import { LiveBadge } from './live-state.tsx';
import { RangeBar } from './range-bar.tsx';

const pageSize = 50;

export const loader = load(async ({ services, developer, url }) => {
  const actor = await developer();
  const { consumerId } = actor;
  const value = (name: string): string => url.searchParams.get(name)?.trim() ?? '';
  if (value('id') !== '') throw redirect(`/dashboard/requests/${encodeURIComponent(value('id'))}`);
  const range = readRange(url.searchParams, Date.now());
  const filter = readFilter(url.searchParams);
  const [options, { requests, nextCursor }] = await Promise.all([
    readOptions(services, actor, range),
    services.requests.list(actor, { ...chosenBy(filter), consumerId, from: range.from, to: range.to, limit: pageSize, ...(value('cursor') && { cursor: value('cursor') }) }),
  ]);
  const opened = requests.find(({ id }) => id === value('open'));
  return {
    range, filter, options, rows: requests.map(shownCall), nextCursor, follow: value('live') === '1' && value('cursor') === '',
    opened: opened ? { request: opened, code: await readCallCode(services, actor, opened) } : null,
  };
});

const words = texts.dashboard.requests;

export default function Requests() {
  const { range, filter, options, rows, nextCursor, follow, opened } = useLoaderData<typeof loader>();
  const { search } = useLocation();
  const live = useLive('/dashboard/events', follow);
  return (
    <div className="space-y-6">
      <title>{words.title}</title>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-2xl">{words.title}</h1>
        <div className="flex flex-wrap items-center gap-4">
          {follow && <LiveBadge state={live} />}
          <Link to={addressWith(search, { live: follow ? '' : '1' })} preventScrollReset className="text-accent underline underline-offset-2 hover:no-underline">{follow ? words.unfollow : words.follow}</Link>
        </div>
      </div>
      <div className="space-y-4">
        <RangeBar range={range} />
        <CallFilters filter={filter} options={options} more={['id']}><FormField label={texts.dashboard.filters.id} name="id" placeholder={texts.dashboard.filters.idHint} spellCheck={false} /></CallFilters>
      </div>
      {rows.length > 0 ? <CallTable rows={rows} opened={opened ? { id: opened.request.id, content: <CallFacts {...opened} folded /> } : null} /> : <EmptyState title={words.noMatch}>{words.noMatchText}</EmptyState>}
      <div className="flex flex-wrap items-center justify-between gap-4">
        <Paging nextCursor={nextCursor} />
        {rows.length > 0 && <a href={`/dashboard/requests.csv${search}`} download title={words.csvHint} className="inline-flex items-center gap-1.5 text-accent underline underline-offset-2 hover:no-underline"><Download className="size-4" aria-hidden="true" />{words.csv}</a>}
      </div>
    </div>
  );
}
