import { Link, useLocation } from 'react-router';
import { texts } from '../texts.ts';
import { FormField } from '../ui/form-field.tsx';
import { Download } from '../ui/icon.ts';
import { LiveBadge } from '../ui/live-badge.tsx';
import { Paging } from '../ui/paging.tsx';
import { useLive } from '../ui/use-live.ts';
import { CallFacts } from './call-facts.tsx';
import { addressWith } from './call-filter.ts';
import { CallFilters } from './call-filters.tsx';
import type { readCallLog } from './call-log.server.ts';
import { CallTable } from './call-table.tsx';
import { NoCalls } from './no-calls.tsx';
import { RangeBar } from './range-bar.tsx';

const words = texts.dashboard.requests;

interface CallLogProps {
  log: Awaited<ReturnType<typeof readCallLog>>;
  /** Where each call's own page stands. */
  base: string;
  /** The stream that tells of new calls. */
  events: string;
  /** The same calls as a file. */
  csv?: string;
  /** Of all accounts, which are named and chosen by. */
  workspace?: boolean;
}

/** The request log with its filters, each call opening in place. */
export function CallLog({ log: { range, filter, options, mistake, rows, nextCursor, follow, opened }, base, events, csv, workspace = false }: CallLogProps) {
  const { search } = useLocation();
  const live = useLive(events, follow);
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
        <CallFilters filter={filter} options={options} accounts={workspace} more={['id']}><FormField label={texts.dashboard.filters.id} name="id" placeholder={texts.dashboard.filters.idHint} spellCheck={false} /></CallFilters>
      </div>
      {rows.length > 0 ? <CallTable base={base} rows={rows} consumers={workspace} opened={opened ? { id: opened.request.id, content: <CallFacts {...opened} folded workspace={workspace} /> } : null} /> : <NoCalls filter={filter} options={options} mistake={mistake} workspace={workspace} />}
      <div className="flex flex-wrap items-center justify-between gap-4">
        <Paging nextCursor={nextCursor} />
        {csv && rows.length > 0 && <a href={`${csv}${search}`} download title={words.csvHint} className="inline-flex items-center gap-1.5 text-accent underline underline-offset-2 hover:no-underline"><Download className="size-4" aria-hidden="true" />{words.csv}</a>}
      </div>
    </div>
  );
}
