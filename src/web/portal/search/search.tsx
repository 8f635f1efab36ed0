import { Form, Link, useLoaderData } from 'react-router';
import type { SearchAnswer, SearchKind } from '../../../control/services.ts';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Submit } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FormField, SelectField } from '../../ui/form-field.tsx';
import { formatCount } from '../../ui/number.ts';
import { Paging } from '../../ui/paging.tsx';
import { ResultText } from './result.tsx';

const words = texts.search;
const kinds = Object.keys(words.kinds) as SearchKind[];

export const loader = load(async ({ url, services, searcher }) => {
  const field = (name: string): string => url.searchParams.get(name)?.trim() ?? '';
  const text = field('q');
  const kind = kinds.find((name) => name === field('kind'));
  const [product, version, cursor] = [field('product'), field('version'), field('cursor')];
  const answer = await services.search.query(await searcher(), { text, ...(kind && { kind }), ...(product && { product }), ...(product && version && { version }), ...(cursor && { cursor }) });
  return { ...answer, kind: kind ?? null, product, version };
});

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function SearchPage() {
  const found = useLoaderData<typeof loader>();
  return (
    <div className="mx-auto max-w-4xl space-y-6">
      <title>{found.text === '' ? words.title : words.titleOf(found.text)}</title>
      <meta name="robots" content="noindex" />
      <h1 className="text-2xl">{words.title}</h1>
      <Filters found={found} />
      {found.text === '' ? <EmptyState title={words.startTitle}>{words.start}</EmptyState> : <Answer found={found} />}
    </div>
  );
}

function Filters({ found }: { found: Data }) {
  const chosen = found.scopes.find(({ product }) => product === found.product);
  return (
    <Form method="get" role="search" className="flex flex-wrap items-end gap-3">
      <div className="min-w-60 flex-1"><FormField key={found.text} label={words.label} name="q" type="search" defaultValue={found.text} autoComplete="off" maxLength={200} /></div>
      {found.scopes.length > 1 && (
        <SelectField key={found.product} label={words.product} name="product" defaultValue={found.product}>
          <option value="">{words.allProducts}</option>
          {found.scopes.map(({ product, name }) => <option key={product} value={product}>{name}</option>)}
        </SelectField>
      )}
      {chosen && chosen.versions.length > 1 && (
        <SelectField key={`${found.product} ${found.version}`} label={words.version} name="version" defaultValue={found.version}>
          <option value="">{words.currentVersion}</option>
          {chosen.versions.map((name) => <option key={name} value={name}>{name}</option>)}
        </SelectField>
      )}
      {found.kind && <input type="hidden" name="kind" value={found.kind} />}
      <Submit kind="plain" doing={words.button}>{words.button}</Submit>
    </Form>
  );
}

function Answer({ found }: { found: Data }) {
  if (found.match === 'none') return <EmptyState title={words.nearTitle(found.text)}>{words.none}</EmptyState>;
  return (
    <section aria-label={words.results} className="space-y-4">
      {found.match === 'near' ? <div><h2 className="text-lg font-medium">{words.nearTitle(found.text)}</h2><p className="text-muted">{words.near}</p></div> : (
        <p role="status" className="text-muted">{found.match === 'some' ? words.some(found.text) : words.found(formatCount(found.total), found.text)}</p>
      )}
      {found.match !== 'near' && <Kinds found={found} />}
      <ul>
        {found.results.map((result) => (
          <li key={`${result.kind} ${result.href} ${result.title.map(({ text }) => text).join('')}`} className="border-t first:border-t-0">
            <Link to={result.href} className="-mx-2 block space-y-0.5 rounded-md px-2 py-3 hover:bg-sunken"><ResultText result={result} /></Link>
          </li>
        ))}
      </ul>
      <Paging nextCursor={found.nextCursor} words={{ first: words.first, next: words.more }} />
    </section>
  );
}

function Kinds({ found }: { found: Data }) {
  const present = kinds.filter((kind) => (found.counts[kind] ?? 0) > 0);
  if (present.length < 2) return null;
  const all = present.reduce((sum, kind) => sum + found.counts[kind]!, 0);
  return (
    <nav aria-label={words.filters} className="overflow-x-auto border-b">
      <ul className="flex gap-x-5">
        <li><KindLink found={found} kind={null} name={words.allKinds} count={all} /></li>
        {present.map((kind) => <li key={kind}><KindLink found={found} kind={kind} name={words.kinds[kind]} count={found.counts[kind]!} /></li>)}
      </ul>
    </nav>
  );
}

function KindLink({ found, kind, name, count }: { found: Data; kind: SearchKind | null; name: string; count: number }) {
  const current = found.kind === kind;
  return <Link to={address(found, kind)} aria-current={current ? 'page' : undefined} className="-mb-px block border-b-2 border-transparent py-2 whitespace-nowrap text-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink">{name} <span className="tabular-nums">{formatCount(count)}</span></Link>;
}

function address({ text, product, version }: Pick<SearchAnswer, 'text'> & { product: string; version: string }, kind: SearchKind | null): string {
  return `?${new URLSearchParams({ q: text, ...(kind && { kind }), ...(product && { product }), ...(product && version && { version }) })}`;
}
