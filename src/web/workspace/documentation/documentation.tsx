import { redirect, useActionData, useLoaderData, useLocation } from 'react-router';
import type { SampleState } from '../../../control/services.ts';
import { act, load, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilterBar } from '../../ui/filter-bar.tsx';
import { SelectField } from '../../ui/form-field.tsx';
import { Paging } from '../../ui/paging.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { SectionNav } from '../../ui/section-nav.tsx';
import { useRefresh } from '../../ui/use-refresh.ts';
import { BrokenRequests } from './broken-requests.tsx';
import { SampleTable } from './sample-table.tsx';
import { VersionTable } from './version-table.tsx';

const words = texts.documentationRuns;
const states: SampleState[] = ['failed', 'worked', 'not-run'];
const progressMs = 1_000;
const restMs = 30_000;

export const loader = load(async ({ services, member, rights, url }) => {
  const actor = await member();
  const field = (name: string): string => url.searchParams.get(name)?.trim() ?? '';
  const [versions, brokenRequests] = await Promise.all([services.documentation.listVersions(actor, {}), services.documentation.listBrokenRequests(actor)]);
  const product = versions.find((row) => row.product.slug === field('product'))?.product.slug;
  const version = versions.find((row) => row.product.slug === product && row.version === field('version'))?.version;
  const state = states.find((name) => name === field('state')) ?? (field('state') === 'all' ? undefined : 'failed');
  const cursor = field('cursor');
  const { samples, nextCursor } = await services.documentation.listSamples(actor, { ...(product && { product }), ...(version && { version }), ...(state && { state }), ...(cursor && { cursor }), limit: 50 });
  return { versions, brokenRequests, samples, nextCursor, state: state ?? 'all', product: product ?? '', version: version ?? '', mayRun: (await rights()).includes('products.change') };
});

export const action = act(async ({ form, services, member, url }) => {
  await services.documentation.run(await member(), { product: text(form, 'product'), ...(text(form, 'version') && { version: text(form, 'version') }) });
  throw redirect(url.pathname + url.search, 303);
});

export default function Documentation() {
  const page = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>();
  useRefresh(page.versions.some(({ running, due }) => running !== null || due > 0) ? progressMs : restMs);
  return (
    <div className="space-y-6">
      <title>{words.title}</title>
      <h1 className="text-2xl">{words.title}</h1>
      <DocumentationNav />
      <p className="max-w-[75ch] text-muted">{words.intro}</p>
      <ProblemNotice problem={problem && 'problem' in problem ? problem.problem : undefined} />
      {page.brokenRequests.length > 0 && <BrokenRequests rows={page.brokenRequests} />}
      {page.versions.length === 0 ? <EmptyState title={words.noVersions}>{words.noVersionsHint}</EmptyState> : <><VersionTable versions={page.versions} mayRun={page.mayRun} /><Samples page={page} /></>}
    </div>
  );
}

export function DocumentationNav() {
  return <SectionNav label={words.title} links={[{ to: '/workspace/documentation', text: words.samples, end: true }, { to: '/workspace/documentation/feedback', text: words.feedbackTitle }, { to: '/workspace/documentation/learn', text: words.learn }]} />;
}

function Samples({ page }: { page: ReturnType<typeof useLoaderData<typeof loader>> }) {
  const { search } = useLocation();
  const products = [...new Map(page.versions.map(({ product }) => [product.slug, product.name]))];
  const versions = [...new Set(page.versions.filter(({ product }) => page.product === '' || product.slug === page.product).map(({ version }) => version))];
  const narrowed = page.product !== '' || page.version !== '';
  return (
    <section aria-labelledby="samples" className="space-y-4">
      <h2 id="samples" className="text-xl">{words.listTitle}</h2>
      <FilterBar key={search} names={['product', 'version', 'state']}>
        <SelectField label={words.filter.product} name="product" defaultValue={page.product}><option value="">{words.filter.all}</option>{products.map(([slug, name]) => <option key={slug} value={slug}>{name}</option>)}</SelectField>
        <SelectField label={words.filter.version} name="version" defaultValue={page.version}><option value="">{words.filter.all}</option>{versions.map((name) => <option key={name} value={name}>{name}</option>)}</SelectField>
        <SelectField label={words.filter.state} name="state" defaultValue={page.state}>{states.map((state) => <option key={state} value={state}>{words.states[state]}</option>)}<option value="all">{words.filter.all}</option></SelectField>
      </FilterBar>
      {page.samples.length === 0
        ? page.state === 'failed' && !narrowed ? <EmptyState title={words.nothingFailed}>{words.nothingFailedHint}</EmptyState> : <EmptyState title={words.nothingFound}>{words.nothingFoundHint}</EmptyState>
        : <SampleTable samples={page.samples} />}
      <Paging nextCursor={page.nextCursor} words={{ first: texts.search.first, next: texts.search.more }} />
    </section>
  );
}
