import { useLoaderData } from 'react-router';
import { ArticlePage } from '../article/article-page.tsx';
import { linkBlocks, termLinker } from '../article/link-terms.server.ts';
import { parseArticle } from '../article/parse-article.server.ts';
import { resolveRequests } from '../article/resolve-requests.server.ts';
import { load } from '../page.server.ts';
import { PageMeta } from './page-meta.tsx';

export const loader = load(async ({ params, services, viewer }) => {
  const { slug, title, description, updatedAt, markdown, images } = await services.content.getPage(params['slug']!);
  const { blocks, headings } = parseArticle(markdown, { title, images });
  const developer = await viewer();
  return { slug, article: { title, description, updatedAt, blocks: linkBlocks(await resolveRequests({ services, actor: developer, developer }, blocks), termLinker(await services.learn.listTerms())), headings } };
});

export default function OwnPage() {
  const { slug, article } = useLoaderData<typeof loader>();
  return (
    <>
      <PageMeta title={article.title} description={article.description} path={`/pages/${slug}`} card={`pages/${slug}`} markdown={`/pages/${slug}.md`} />
      <ArticlePage article={article} previous={null} next={null} base="/pages" />
    </>
  );
}
