// What strangers may see, page by page: what sitemap, llms.txt and the API catalogue are made of.
import type { ArticleSummary, LearnSetSummary, OperationSummary, ProductPage, Services, ShownTerm, VersionSummary } from '../../../control/services.ts';
import { errorCatalogue } from '../../../errors.ts';

export interface Site { name: string; headline: string | null; webUrl: string; gatewayUrl: string; products: SiteProduct[]; pages: ArticleSummary[]; learn: { sets: LearnSetSummary[]; terms: readonly ShownTerm[] } }
export interface SiteProduct { product: ProductPage; versions: { version: VersionSummary; operations: readonly OperationSummary[] }[] }
export interface SitePage { path: string; changedAt: number | null }

/** Private products and drafts are not among them, whoever asks. */
export async function readSite(services: Services): Promise<Site> {
  const [portal, list, pages, sets, terms] = await Promise.all([services.configuration.portal(), services.products.list(undefined), services.content.listPages(), services.learn.listSets(undefined), services.learn.listTerms()]);
  const products: SiteProduct[] = [];
  for (const { slug } of list) {
    const product = await services.products.get(undefined, slug);
    const versions = [];
    for (const version of product.versions.filter(isServed)) versions.push({ version, operations: await services.products.listOperations(undefined, slug, version.name) });
    products.push({ product, versions });
  }
  return { name: portal.name, headline: portal.headline, webUrl: portal.webUrl.replace(/\/$/, ''), gatewayUrl: portal.gatewayUrl, products, pages, learn: { sets, terms } };
}

export function isServed({ status }: VersionSummary): boolean {
  return status === 'published' || status === 'deprecated';
}

/** Every address that a stranger may open and a search engine should know. */
export function listPages({ products, pages, learn: { sets, terms } }: Site): SitePage[] {
  return [
    { path: '/', changedAt: null },
    ...products.flatMap(({ product, versions }) => [
      { path: `/${product.slug}`, changedAt: null },
      ...product.guides.map(({ slug, updatedAt }) => ({ path: `/${product.slug}/guides/${slug}`, changedAt: updatedAt })),
      ...versions.flatMap(({ version, operations }) => [`/${product.slug}/${version.name}`, ...operations.map(({ slug }) => `/${product.slug}/${version.name}/${slug}`)].map((path) => ({ path, changedAt: version.publishedAt }))),
    ]),
    ...pages.map(({ slug, updatedAt }) => ({ path: `/pages/${slug}`, changedAt: updatedAt })),
    ...[...(sets.length + terms.length > 0 ? ['/learn'] : []), ...(terms.length > 0 ? ['/learn/glossary'] : []), ...sets.map(({ id }) => `/learn/${id}`), ...terms.map(({ id }) => `/learn/glossary/${id}`)].map((path) => ({ path, changedAt: null })),
    { path: '/errors', changedAt: null },
    ...Object.keys(errorCatalogue).map((code) => ({ path: `/errors/${code}`, changedAt: null })),
  ];
}
