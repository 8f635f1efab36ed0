import type { ReactNode } from 'react';
import { texts } from '../texts.ts';
import { FilterBar } from '../ui/filter-bar.tsx';
import { FormField, SelectField } from '../ui/form-field.tsx';
import { filterNames, type LogFilter, type ShownFilter } from './call-filter.ts';
import type { FilterOptions } from './filter-options.server.ts';

const words = texts.dashboard.filters;
const statuses = ['2xx', '3xx', '4xx', '5xx', '200', '201', '204', '304', '400', '401', '403', '404', '405', '410', '429', '499', '500', '502', '503', '504'];

/** The filters of every page about calls; with `accounts` also whose. A value of the address that is no option still stands as one. */
export function CallFilters({ filter, options, accounts = false, children, more = [] }: { filter: ShownFilter & Partial<LogFilter>; options: FilterOptions; accounts?: boolean; children?: ReactNode; more?: string[] }) {
  return (
    <FilterBar names={[...filterNames, ...(accounts ? ['consumer', 'email'] : []), ...more]} label={words.label}>
      <Choice label={words.status} name="status" value={filter.status} options={statuses.map((status) => [status, texts.dashboard.statusWords[status] ?? status])} />
      <Choice label={words.operation} name="operation" value={filter.operation} options={options.operations.map((name) => [name, name])} />
      {accounts && <Choice label={words.consumer} name="consumer" value={filter.consumer ?? ''} options={options.consumers.map(({ id, name }) => [id, name])} />}
      <Choice label={words.key} name="key" value={filter.key} options={options.keys.map(({ id, name }) => [id, name])} />
      {options.products.length > 1 && <Choice label={words.product} name="product" value={filter.product} options={options.products.map(({ slug, name }) => [slug, name])} />}
      {options.versions.length > 1 && <Choice label={words.version} name="version" value={filter.version} options={options.versions.map((name) => [name, name])} />}
      <Choice label={words.mode} name="mode" value={filter.mode} options={[['live', words.live], ['test', words.test]]} />
      <FormField label={words.code} name="code" defaultValue={filter.code} maxLength={40} spellCheck={false} autoCapitalize="none" />
      {accounts && <FormField label={words.email} name="email" type="email" defaultValue={filter.email} maxLength={254} />}
      {children}
    </FilterBar>
  );
}

function Choice({ label, name, value, options }: { label: string; name: string; value: string; options: [string, string][] }) {
  const known = value === '' || options.some(([option]) => option === value);
  return (
    <div className="min-w-0 lg:max-w-44">
      <SelectField label={label} name={name} defaultValue={value}>
        <option value="">{words.all}</option>
        {!known && <option value={value}>{value}</option>}
        {options.map(([option, text]) => <option key={option} value={option}>{text}</option>)}
      </SelectField>
    </div>
  );
}
