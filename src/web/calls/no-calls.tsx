import { Link, useLocation } from 'react-router';
import { texts } from '../texts.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { addressWith, type LogFilter } from './call-filter.ts';
import type { FilterOptions } from './filter-options.server.ts';

const words = texts.dashboard.requests;

/** No call is chosen: says by which filters, and offers to leave each one out. */
export function NoCalls({ filter, options, mistake, workspace }: { filter: LogFilter; options: FilterOptions; mistake: string | null; workspace: boolean }) {
  const { search } = useLocation();
  const set = (Object.entries(filter) as [keyof LogFilter, string][]).filter(([, value]) => value !== '');
  const range = new URLSearchParams(search).get('range');
  return (
    <EmptyState title={set.length === 0 ? words.noneInRange : words.noMatch}>
      {mistake && <p className="text-ink">{mistake}</p>}
      <p>{workspace ? words.noMatchWorkspace : words.noMatchText}</p>
      {(set.length > 0 || range === '24h' || range === '7d') && (
        <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1">
          {set.map(([name, value]) => <li key={name}><Link to={addressWith(search, { [name]: '' })} className="text-accent underline underline-offset-2 hover:no-underline">{words.without(texts.dashboard.filters[name], nameOf(name, value, options))}</Link></li>)}
          {(range === '24h' || range === '7d') && <li><Link to={addressWith(search, { range: '30d' })} className="text-accent underline underline-offset-2 hover:no-underline">{words.longerRange}</Link></li>}
        </ul>
      )}
    </EmptyState>
  );
}

function nameOf(name: keyof LogFilter, value: string, { keys, consumers, products }: FilterOptions): string {
  if (name === 'key') return keys.find(({ id }) => id === value)?.name ?? value;
  if (name === 'consumer') return consumers.find(({ id }) => id === value)?.name ?? value;
  if (name === 'product') return products.find(({ slug }) => slug === value)?.name ?? value;
  return value;
}
