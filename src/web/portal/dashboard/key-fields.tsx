import { useEffect, useState, type ReactNode } from 'react';
import { Link, useFetcher, useSearchParams } from 'react-router';
import { texts } from '../../texts.ts';
import type { Problem } from '../../page.server.ts';
import { Method } from '../../ui/badge.tsx';
import { FormField, SelectField, TextArea } from '../../ui/form-field.tsx';
import { formatCount } from '../../ui/number.ts';
import { useHydrated } from '../../ui/use-hydrated.ts';
import type { KeyFormValues, OperationGroups } from './key-form.server.ts';
import type { loader as operationsLoader } from './key-operations.ts';

const words = texts.dashboard.keys;

/** What a key may be limited to. `keep` names its present end; without one the choice is not offered. */
export function KeyFields({ values, operations, problem, keep }: { values: KeyFormValues; operations: OperationGroups; problem: Problem | undefined; keep?: string }) {
  const wrongLines = problem?.errors.filter(({ pointer }) => pointer?.startsWith('/addresses/')) ?? [];
  const addressProblem = wrongLines.length > 0 && problem ? { ...problem, errors: [{ pointer: '/addresses', detail: `${words.addressMistakes} ${wrongLines.map(({ detail }) => detail).join('; ')}` }] } : problem;
  return (
    <div className="space-y-6">
      <OperationChoice shown={operations} chosen={values.scopes} />
      <div className="max-w-md"><TextArea label={words.addresses} name="addresses" hint={words.addressesHint} problem={withoutValues(addressProblem)} defaultValue={values.addresses} rows={3} code spellCheck={false} /></div>
      <div className="grid max-w-md gap-4 sm:grid-cols-2">
        <SelectField label={words.expiry} name="expiry" hint={words.expiryHint} defaultValue={values.expiry || 'never'}>
          {keep && <option value="keep">{words.expiryKeep(keep)}</option>}
          <option value="never">{words.expiryNever}</option>
          {['7', '30', '90'].map((days) => <option key={days} value={days}>{words.expiryDays(days)}</option>)}
          <option value="365">{words.expiryYear}</option>
          <option value="date">{words.expiryDate}</option>
        </SelectField>
        <FormField label={words.lastDay} name="lastDay" type="date" defaultValue={values.lastDay} problem={withoutValues(problem)} />
      </div>
    </div>
  );
}

/** The fields hold their own values: those of a problem are cut off and hold no lists. */
function withoutValues(problem: Problem | undefined): Problem | undefined {
  if (!problem) return undefined;
  const { values: _values, ...rest } = problem;
  return rest;
}

/** Boxes by tag in groups that unfold. The filter hides what does not match; what is chosen stays chosen. Without script a large API unfolds one group at a time. */
function OperationChoice({ shown: { groups: drawn, rest }, chosen }: { shown: OperationGroups; chosen: string[] }) {
  const [filter, setFilter] = useState('');
  const [count, setCount] = useState(chosen.length);
  const hydrated = useHydrated();
  const groups = useRest(rest) ?? drawn;
  const wanted = filter.trim().toLowerCase();
  const matches = ({ id, path }: { id: string; path: string }): boolean => wanted === '' || id.toLowerCase().includes(wanted) || path.toLowerCase().includes(wanted);
  const total = groups.reduce((sum, group) => sum + group.count, 0);
  const none = wanted !== '' && !groups.some(({ operations }) => operations.some(matches));
  const own = new Set(chosen);
  const boxed = new Set(groups.flatMap(({ operations }) => operations.map(({ id }) => id)));
  const apart = chosen.filter((id) => !boxed.has(id));
  return (
    <fieldset className="max-w-3xl space-y-2" onChange={(event) => setCount(event.currentTarget.querySelectorAll('input[name=scope]:checked').length)}>
      <legend className="text-sm font-medium">{words.operations}</legend>
      <p className="max-w-[60ch] text-sm text-muted">{words.operationsHint}</p>
      <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
        {hydrated && total > 8 && <div className="w-64"><FormField label={words.filterOperations} name="" id="filter-operations" type="search" value={filter} onChange={(event) => setFilter(event.target.value)} onKeyDown={(event) => { if (event.key === 'Enter') event.preventDefault(); }} /></div>}
        <p className="text-sm text-muted tabular-nums" aria-live="polite">{words.chosen(formatCount(count), formatCount(total))}</p>
      </div>
      {none && <p className="text-muted">{words.noOperation}</p>}
      {apart.length > 0 && <ul className="grid gap-x-8 sm:grid-cols-2">{apart.map((id) => <li key={id}><ScopeBox id={id} checked>{id}</ScopeBox></li>)}</ul>}
      <div className="border-b">
        {groups.map((group) => (group.operations.length < group.count
          ? <p key={group.name ?? ''} className="border-t py-1.5 font-medium"><OpenGroup name={group.name} /> <span className="text-sm font-normal text-muted tabular-nums">{formatCount(group.count)}</span></p>
          : (
            <details key={group.name ?? ''} open={wanted !== '' || group.operations.some(({ id }) => own.has(id)) || groups.length === 1 || (rest !== null && groups === drawn)} hidden={!group.operations.some(matches)} className="border-t py-1.5">
              <summary className="font-medium">{group.name ?? words.otherOperations} <span className="text-sm font-normal text-muted tabular-nums">{formatCount(group.count)}</span></summary>
              <ul className="grid gap-x-8 py-2 pl-4 sm:grid-cols-2">
                {group.operations.map((operation) => (
                  <li key={operation.id} hidden={!matches(operation)}>
                    <ScopeBox id={operation.id} checked={own.has(operation.id)}>{operation.id} <span className="block text-sm break-all text-muted"><Method name={operation.method} /> <code className="text-xs">{operation.path}</code></span></ScopeBox>
                  </li>
                ))}
              </ul>
            </details>
          )))}
      </div>
    </fieldset>
  );
}

/** All groups, once they are read. */
function useRest(address: string | null) {
  const { load, data } = useFetcher<typeof operationsLoader>();
  useEffect(() => {
    if (address !== null) void load(address);
  }, [address, load]);
  return address === null ? undefined : data;
}

function ScopeBox({ id, checked, children }: { id: string; checked: boolean; children: ReactNode }) {
  return (
    <label className="flex min-h-7 min-w-0 cursor-pointer items-start gap-2 py-0.5">
      <input type="checkbox" name="scope" value={id} defaultChecked={checked} className="mt-1 size-4 shrink-0 accent-accent" />
      <span className="min-w-0 break-words">{children}</span>
    </label>
  );
}

function OpenGroup({ name }: { name: string | null }) {
  const [parameters] = useSearchParams();
  const search = new URLSearchParams(parameters);
  search.set('open', name ?? '');
  return <Link to={`?${search}`} preventScrollReset className="text-accent hover:underline">{name ?? words.otherOperations}</Link>;
}
