import { useLoaderData, useLocation } from 'react-router';
import type { AuditEntry } from '../../../control/services.ts';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilterBar } from '../../ui/filter-bar.tsx';
import { FormField, SelectField } from '../../ui/form-field.tsx';
import { ChevronRight, Download } from '../../ui/icon.ts';
import { Paging } from '../../ui/paging.tsx';
import { Time } from '../../ui/time.tsx';
import { readAuditFilter } from './audit-filter.server.ts';
import { EntryFields } from './entry-fields.tsx';
import { SubjectLink } from './subject-link.tsx';

const words = texts.workspaceAudit;

export const loader = load(async ({ services, member, url }) => {
  const actor = await member();
  const { shown, filter } = readAuditFilter(url);
  const [{ entries, nextCursor }, filters] = await Promise.all([services.audit.list(actor, { ...filter, cursor: url.searchParams.get('cursor') ?? undefined, limit: 50 }), services.audit.filters(actor)]);
  return { shown, entries, nextCursor, filters };
});

export default function Audit() {
  const { shown, entries, nextCursor, filters } = useLoaderData<typeof loader>();
  const { search } = useLocation();
  const parameters = new URLSearchParams(search);
  parameters.delete('cursor');
  const options = (values: string[], chosen: string) => [...new Set([...values, ...(chosen ? [chosen] : [])])].map((value) => <option key={value} value={value}>{wordsOf(value)}</option>);
  return (
    <div className="space-y-6">
      <title>{words.title}</title>
      <div className="flex flex-wrap items-baseline justify-between gap-3">
        <div className="space-y-1"><h1 className="text-2xl">{words.title}</h1><p className="max-w-[65ch] text-muted">{words.lead}</p></div>
        <p className="flex gap-4 text-sm">
          {(['csv', 'json'] as const).map((format) => <a key={format} href={`/workspace/audit.${format}?${parameters}`} download className="inline-flex items-center gap-1.5 text-muted hover:text-ink"><Download className="size-4" aria-hidden="true" />{words.download[format]}</a>)}
        </p>
      </div>
      <FilterBar names={['noun', 'action', 'actor', 'subject', 'from', 'to']}>
        <SelectField label={words.noun} name="noun" defaultValue={shown.noun}><option value="">{words.all}</option>{options(filters.nouns, shown.noun)}</SelectField>
        <SelectField label={words.action} name="action" defaultValue={shown.action}><option value="">{words.all}</option>{options(filters.actions, shown.action)}</SelectField>
        <SelectField label={words.actor} name="actor" defaultValue={shown.actor}><option value="">{words.anybody}</option>{options(filters.actors, shown.actor)}</SelectField>
        <FormField label={words.from} name="from" type="date" defaultValue={shown.from} />
        <FormField label={words.to} name="to" type="date" defaultValue={shown.to} />
        {shown.subject && <FormField label={words.subject} name="subject" defaultValue={shown.subject} />}
      </FilterBar>
      {entries.length === 0 ? <EmptyState title={words.none}>{words.noneHint}</EmptyState> : <ol className="border-t" aria-label={words.title}>{entries.map((entry) => <Entry key={entry.id} entry={entry} />)}</ol>}
      <Paging nextCursor={nextCursor} />
    </div>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  return (
    <li className="border-b">
      <details className="group">
        <summary className="grid list-none grid-cols-[1rem_1fr] items-baseline gap-x-3 py-2 hover:bg-sunken md:grid-cols-[1rem_minmax(0,1fr)_minmax(0,14rem)_auto] [&::-webkit-details-marker]:hidden">
          <ChevronRight className="size-4 self-center text-muted group-open:rotate-90" aria-hidden="true" />
          <span className="min-w-0 break-words"><span className="font-medium">{words.done(wordsOf(entry.noun), wordsOf(entry.action))}</span> <span className="break-all">{entry.name}</span></span>
          <span className="col-start-2 truncate text-sm text-muted md:col-start-auto">{wordsOf(entry.actor)}</span>
          <span className="col-start-2 text-sm text-muted md:col-start-auto"><Time ms={entry.at} seconds /></span>
        </summary>
        <div className="space-y-2 pt-1 pb-4 pl-7">
          <SubjectLink noun={entry.noun} subject={entry.subject} name={entry.name} />
          <EntryFields before={entry.before} after={entry.after} />
          <p className="text-xs text-muted"><code>{entry.id}</code></p>
        </div>
      </details>
    </li>
  );
}

const wordsOf = (value: string): string => words.actors[value as keyof typeof words.actors] ?? (value.includes('@') ? value : value.replaceAll('-', ' '));
