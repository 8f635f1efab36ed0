import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import { getVisibleProduct } from '../products/visible-product.ts';
import type { Article, ArticleSummary, Content } from '../services.ts';
import { findImages } from './article-images.ts';
import { findAsset, readBrand, readStylesheet } from './brand.ts';
import { contentLimits } from './content-files.ts';
import { imageName } from './content-rows.ts';
import { readArticleText } from './front-matter.ts';
import { siteFingerprint } from './site-fingerprint.ts';
import { posix } from 'node:path';

export function createContent({ database }: Pick<ControlDeps, 'database'>): Content {
  const query = database.kysely;
  return {
    brand: () => readBrand(query),
    stylesheet: () => readStylesheet(query),
    findAsset: (actor, hash) => findAsset(query, actor, hash),
    siteFingerprint: () => siteFingerprint(query),
    listPages: () => listGuideSummaries(query, null),
    getPage: (slug) => getArticle(query, { id: null, slug: null }, slug, `There is no page "${slug}" here.`),
    listGuides: async (actor, product) => listGuideSummaries(query, (await getVisibleProduct(query, actor, product)).id),
    async getGuide(actor, product, slug) {
      const row = await getVisibleProduct(query, actor, product);
      return getArticle(query, row, slug, `${row.name} has no guide "${slug}".`);
    },
  };
}

/** Of a product, or the pages of the portal (null), in their order. */
export async function listGuideSummaries(query: Query, productId: string | null): Promise<ArticleSummary[]> {
  const rows = await query.selectFrom('article').select(['slug', 'title', 'description', 'updated_at'])
    .where('product_id', productId === null ? 'is' : '=', productId).orderBy('position').orderBy('id').limit(contentLimits.guidesMax).execute();
  return rows.map(({ slug, title, description, updated_at }) => ({ slug, title, description, updatedAt: updated_at }));
}

async function getArticle(query: Query, product: { id: string | null; slug: string | null }, slug: string, missing: string): Promise<Article> {
  const all = await listGuideSummaries(query, product.id);
  const index = all.findIndex((article) => article.slug === slug);
  if (index < 0) throw new AppError('not_found', missing);
  const { markdown } = await query.selectFrom('article').select('markdown').where('product_id', product.id === null ? 'is' : '=', product.id).where('slug', '=', slug).executeTakeFirstOrThrow();
  const names = new Map(findImages(markdown).map(({ path }) => [imageName(product.slug, posix.normalize(path)), path]));
  const assets = names.size === 0 ? [] : await query.selectFrom('asset').select(['name', 'hash']).where('name', 'in', [...names.keys()]).execute();
  return {
    ...all[index]!, markdown: readArticleText('', markdown).body, previous: all[index - 1] ?? null, next: all[index + 1] ?? null,
    images: Object.fromEntries(assets.map(({ name, hash }) => [names.get(name)!, `/brand/${hash}/image`])),
  };
}
