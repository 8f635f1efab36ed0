import { useLoaderData } from 'react-router';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilterBar } from '../../ui/filter-bar.tsx';
import { SelectField } from '../../ui/form-field.tsx';
import { formatCount } from '../../ui/number.ts';
import { Paging } from '../../ui/paging.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { DocumentationNav } from './documentation.tsx';

const words = texts.documentationRuns;

export const loader = load(async ({ services, member, url }) => {
  const actor = await member();
  const field = (name: string): string => url.searchParams.get(name)?.trim() ?? '';
  const products = (await services.products.list(actor)).map(({ slug, name }) => ({ slug, name }));
  const product = products.find(({ slug }) => slug === field('product'))?.slug;
  const [path, said, cursor, pages] = [field('path'), field('said'), field('cursor'), field('pages')];
  const of = product === undefined ? {} : { product };
  const [counts, comments] = await Promise.all([
    services.feedback.listPages(actor, { ...of, limit: 25, ...(pages && { cursor: pages }) }),
    services.feedback.list(actor, { ...of, comments: true, limit: 25, ...(path && { path }), ...(said && { helpful: said === 'yes' }), ...(cursor && { cursor }) }),
  ]);
  return { products, product: product ?? '', path, said, counts, comments };
});

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function FeedbackPage() {
  const data = useLoaderData<typeof loader>();
  return (
    <div className="space-y-6">
      <title>{words.feedbackTitle}</title>
      <h1 className="text-2xl">{words.title}</h1>
      <DocumentationNav />
      <p className="max-w-[75ch] text-muted">{words.feedbackIntro}</p>
      {data.counts.pages.length === 0 && data.product === '' ? <EmptyState title={words.noFeedback}>{words.noFeedbackHint}</EmptyState> : (
        <>
          <FilterBar names={['product', 'said', 'path']}>
            {data.products.length > 1 && <SelectField label={words.filter.product} name="product" defaultValue={data.product}><option value="">{words.filter.all}</option>{data.products.map(({ slug, name }) => <option key={slug} value={slug}>{name}</option>)}</SelectField>}
            <SelectField label={words.commentsTitle} name="said" defaultValue={data.said}><option value="">{words.filter.all}</option><option value="yes">{words.saidYes}</option><option value="no">{words.saidNo}</option></SelectField>
            {data.path !== '' && <input type="hidden" name="path" value={data.path} />}
          </FilterBar>
          <Pages data={data} />
          <Comments data={data} />
        </>
      )}
    </div>
  );
}

function Pages({ data: { counts, product } }: { data: Data }) {
  const address = (path: string): string => `?${new URLSearchParams({ ...(product && { product }), path })}#comments`;
  return (
    <div className="space-y-3">
      <DataTable caption={words.pagesCaption} rows={counts.pages} rowKey={({ path }) => path} empty={<EmptyState title={words.noFeedback} />} columns={[
        { key: 'page', header: words.page, cell: ({ path }) => <TextLink to={path} className="break-all">{path}</TextLink> },
        { key: 'yes', header: words.yes, align: 'right', cell: ({ helpful }) => formatCount(helpful) },
        { key: 'no', header: words.no, align: 'right', cell: ({ notHelpful }) => formatCount(notHelpful) },
        { key: 'share', header: words.share, align: 'right', cell: ({ helpful, notHelpful }) => `${Math.round((100 * helpful) / (helpful + notHelpful))} %` },
        { key: 'comments', header: words.comments, align: 'right', cell: ({ comments, path }) => comments === 0 ? formatCount(0) : <TextLink to={address(path)} aria-label={words.commentsLink(formatCount(comments), path)}>{formatCount(comments)}</TextLink> },
        { key: 'last', header: words.lastAnswer, from: 'md', cell: ({ lastAt }) => <Time ms={lastAt} /> },
      ]} />
      <Paging nextCursor={counts.nextCursor} parameter="pages" words={{ first: texts.search.first, next: texts.search.more }} />
    </div>
  );
}

function Comments({ data: { comments, path } }: { data: Data }) {
  return (
    <section aria-labelledby="comments" className="space-y-3">
      <h2 id="comments" className="scroll-mt-4 text-xl">{path === '' ? words.commentsTitle : words.commentsOf(path)}</h2>
      {comments.entries.length === 0 ? <p className="text-muted">{words.noComments}</p> : (
        <ul>
          {comments.entries.map((entry) => (
            <li key={entry.id} className="space-y-1 border-t py-3 first:border-t-0">
              <p className="max-w-[75ch] break-words whitespace-pre-line">{entry.comment}</p>
              <p className="flex flex-wrap items-baseline gap-x-3 text-sm text-muted">
                <Badge tone={entry.helpful ? 'good' : 'notice'}>{entry.helpful ? words.saidYes : words.saidNo}</Badge>
                {path === '' && <TextLink to={entry.path} className="break-all">{entry.path}</TextLink>}
                {entry.developer ? <TextLink to={`/workspace/consumers/${entry.developer.consumerId}`}>{entry.developer.email}</TextLink> : words.reader}
                <Time ms={entry.at} />
              </p>
            </li>
          ))}
        </ul>
      )}
      <Paging nextCursor={comments.nextCursor} />
    </section>
  );
}
