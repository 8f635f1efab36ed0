import { Link, NavLink, useLoaderData } from 'react-router';
import { ArticlePage } from '../../article/article-page.tsx';
import { linkBlocks, termLinker } from '../../article/link-terms.server.ts';
import { parseArticle } from '../../article/parse-article.server.ts';
import { resolveRequests } from '../../article/resolve-requests.server.ts';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { PageFeedback } from '../documentation/page-feedback.tsx';
import { PageMeta } from '../page-meta.tsx';

export const loader = load(async ({ params, services, reader, viewer }) => {
  const [actor, developer] = await Promise.all([reader(), viewer()]);
  const slug = params['product']!;
  const [product, guide, terms] = await Promise.all([services.products.get(actor, slug), services.content.getGuide(actor, slug, params['guide']!), services.learn.listTerms()]);
  const { blocks, headings } = parseArticle(guide.markdown, guide);
  const { title, description, updatedAt, previous, next } = guide;
  return {
    product: { slug, name: product.name, currentVersion: product.currentVersion, guides: product.guides.map(({ slug: name, title: shown }) => ({ slug: name, title: shown })) },
    slug: guide.slug, article: { title, description, updatedAt, blocks: linkBlocks(await resolveRequests({ services, actor, developer, product: slug }, blocks), termLinker(terms)), headings }, previous, next,
  };
});

export default function Guide() {
  const { product, slug, article, previous, next } = useLoaderData<typeof loader>();
  const base = `/${product.slug}/guides`;
  return (
    <>
      <PageMeta title={`${article.title} · ${product.name}`} description={article.description || texts.article.ofProduct(article.title, product.name)} path={`${base}/${slug}`} card={`${product.slug}/guides/${slug}`} markdown={`${base}/${slug}.md`} />
      <ArticlePage article={article} previous={previous} next={next} base={base} side={<GuideNav product={product} />} foot={<PageFeedback />} />
    </>
  );
}

function GuideNav({ product }: { product: { slug: string; name: string; currentVersion: string | null; guides: { slug: string; title: string }[] } }) {
  const link = 'block rounded-md px-2 py-1 text-muted hover:bg-sunken hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-ink';
  return (
    <nav aria-label={texts.article.guidesOf(product.name)} className="md:sticky md:top-20 md:max-h-[calc(100dvh-6rem)] md:self-start md:overflow-y-auto">
      <p className="mb-2 px-2 font-semibold"><Link to={`/${product.slug}`} className="hover:underline">{product.name}</Link></p>
      <ul className="flex gap-1 overflow-x-auto max-md:border-b max-md:pb-2 md:block">
        {product.guides.map(({ slug, title }) => <li key={slug} className="shrink-0"><NavLink to={`/${product.slug}/guides/${slug}`} className={link}>{title}</NavLink></li>)}
        {product.currentVersion && <li className="shrink-0 md:mt-3 md:border-t md:pt-3"><NavLink to={`/${product.slug}/${product.currentVersion}`} className={link}>{texts.article.reference(product.currentVersion)}</NavLink></li>}
      </ul>
    </nav>
  );
}
