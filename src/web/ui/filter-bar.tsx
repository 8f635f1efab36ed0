import type { ReactNode } from 'react';
import { Form, Link, useLocation } from 'react-router';
import { texts } from '../texts.ts';
import { Submit } from './button.tsx';
import { ChevronDown, ListFilter } from './icon.ts';

/** On a phone more fields than these fold away, so that what they filter is seen first. */
const foldedFrom = 3;

/** Fields whose values live in the address bar, so that a view can be shared and reloaded. `names` are those of its fields. */
export function FilterBar({ names, label = texts.ui.filters, submit = texts.ui.show, children }: { names: string[]; label?: string; submit?: string; children: ReactNode }) {
  const { search, pathname } = useLocation();
  const parameters = new URLSearchParams(search);
  const kept = [...parameters].filter(([name]) => !names.includes(name) && name !== 'cursor');
  const active = names.some((name) => (parameters.get(name) ?? '') !== '');
  return (
    <Form method="get" role="search" aria-label={label} key={search} className={`grid grid-cols-2 items-end gap-3 sm:grid-cols-3 lg:flex lg:flex-wrap ${names.length > foldedFrom ? 'foldable' : ''}`}>
      {names.length > foldedFrom && (
        <label className="fold col-span-full flex min-h-9 cursor-pointer items-center gap-2 rounded-md border border-line bg-raised px-3 font-medium has-focus-visible:outline-2 has-focus-visible:outline-accent sm:hidden">
          <input type="checkbox" defaultChecked={active} className="peer sr-only" /><ListFilter className="size-4 text-muted" aria-hidden="true" />{label}<ChevronDown className="ml-auto size-4 text-muted peer-checked:rotate-180" aria-hidden="true" />
        </label>
      )}
      {kept.map(([name, value], index) => <input key={index} type="hidden" name={name} value={value} />)}
      {children}
      <span className="flex items-center gap-3">
        <Submit kind="plain" doing={texts.ui.loading}>{submit}</Submit>
        {active && <Link to={kept.length > 0 ? `?${new URLSearchParams(kept)}` : pathname} className="text-sm text-muted underline underline-offset-2 hover:text-ink">{texts.ui.clearFilters}</Link>}
      </span>
    </Form>
  );
}
