import { Form, useActionData, useLoaderData } from 'react-router';
import { newOnce } from '../../once.server.ts';
import { act, load, text, type Problem } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Submit } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilterBar } from '../../ui/filter-bar.tsx';
import { FormField, SelectField } from '../../ui/form-field.tsx';
import { KeyOnce } from '../../ui/key-once.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Paging } from '../../ui/paging.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { useLive } from '../../ui/use-live.ts';
import { createKey, revokeKey, rollKey, type KeyDone } from './key-changes.server.ts';
import { KeyRow } from './key-row.tsx';
import { useOnce } from './use-once.ts';

export const loader = load(async ({ services, developer, url }) => {
  const actor = await developer();
  const value = (name: string): string => url.searchParams.get(name)?.trim() ?? '';
  const filter = { search: value('search'), state: value('state') === 'all' ? 'all' : '', mode: value('mode') };
  const [{ keys, nextCursor }, products] = await Promise.all([
    services.keys.list(actor, { consumerId: actor.consumerId, limit: 25, active: filter.state === '', search: filter.search, ...((filter.mode === 'live' || filter.mode === 'test') && { mode: filter.mode }), ...(value('cursor') && { cursor: value('cursor') }) }),
    services.products.list(actor),
  ]);
  return { keys, nextCursor, filter, products: products.map(({ slug, name, testMode }) => ({ slug, name, testMode })), once: newOnce() };
});

export const action = act(async ({ form, services, developer }): Promise<KeyDone> => {
  const actor = await developer();
  switch (form.get('intent')) {
    case 'create': return createKey(services, actor, form);
    case 'roll': return rollKey(services, actor, form, text(form, 'id'));
    default: return revokeKey(services, actor, text(form, 'id'));
  }
});

const words = texts.dashboard.keys;

export default function Keys() {
  const { keys, nextCursor, filter, products, once } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>() as KeyDone | { problem: Problem } | undefined;
  const done = result && !result.problem ? (result as KeyDone) : undefined;
  const number = useOnce(once, done?.made?.key);
  useLive('/dashboard/events?of=ledger');
  const filtered = filter.search !== '' || filter.mode !== '';
  return (
    <div className="space-y-8">
      <title>{words.title}</title>
      <h1 className="text-2xl">{words.title}</h1>
      <ProblemNotice problem={result?.problem} fields={['name', 'mode', 'product']} />
      {done?.made && <KeyOnce title={words.made(done.made.name)} value={done.made.key} note={done.made.note} />}
      {done?.done && <Notice tone="good" title={done.done} role="status" />}
      <FilterBar names={['search', 'state', 'mode']}>
        <FormField label={words.search} name="search" type="search" defaultValue={filter.search} />
        <SelectField label={words.state} name="state" defaultValue={filter.state}><option value="">{words.active}</option><option value="all">{words.allStates}</option></SelectField>
        <SelectField label={words.mode} name="mode" id="filter-mode" defaultValue={filter.mode}><option value="">{words.all}</option><option value="live">{words.live}</option><option value="test">{words.test}</option></SelectField>
      </FilterBar>
      {keys.length > 0 ? <ul className="border-b">{keys.map((key) => <KeyRow key={key.id} value={key} once={number} />)}</ul> : <EmptyState title={filtered ? words.noMatch : words.noKeys}>{filtered ? words.noMatchText : words.noKeysText}</EmptyState>}
      <Paging nextCursor={nextCursor} />
      <section aria-labelledby="create" className="max-w-md space-y-4 pt-2">
        <h2 id="create" className="text-xl">{words.create}</h2>
        <Form method="post" className="space-y-4" key={number}>
          <input type="hidden" name="once" value={number} />
          <FormField label={words.name} name="name" maxLength={60} placeholder={words.namePlaceholder} hint={words.nameHint} problem={result?.problem} />
          <SelectField label={words.api} name="product" hint={words.apiHint} problem={result?.problem}>
            {products.map(({ slug, name }) => <option key={slug} value={slug}>{name}</option>)}
            <option value="">{words.allSubscriptions}</option>
          </SelectField>
          <SelectField label={words.mode} name="mode" hint={words.modeHint} problem={result?.problem}>
            {products.some(({ testMode }) => testMode) && <option value="test">{words.test}</option>}
            <option value="live">{words.live}</option>
          </SelectField>
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2"><Submit doing={words.creating} name="intent" value="create">{words.createButton}</Submit><TextLink to="/dashboard/keys/new">{words.createLimited}</TextLink></div>
        </Form>
      </section>
    </div>
  );
}
