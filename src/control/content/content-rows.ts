import { createHash } from 'node:crypto';
import type { Query } from '../../store/database.ts';
import { loadLearnState, noLearn, type LearnState } from '../learn/learn-rows.ts';

/** What is there, by hash: the files of the brand with the images of articles, the articles in their order, and what is taught. */
export interface ContentState { assets: AssetEntry[]; articles: ArticleEntry[]; learn: LearnState }
export interface AssetEntry { name: string; mediaType: string; hash: string }
export interface ArticleEntry { product: string | null; slug: string; title: string; description: string; hash: string }

export const noContent: ContentState = { assets: [], articles: [], learn: noLearn };

/** SHA-256, hex. */
export function contentHash(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** An image beside a guide of `product`, or beside a page; `path` is as its articles write it. */
export function imageName(product: string | null, path: string): string {
  return `image:${product ?? ''}:${path}`;
}

export function imagePath(name: string): { product: string | null; path: string } | undefined {
  const parts = /^image:([^:]*):(.*)$/.exec(name);
  return parts ? { product: parts[1] === '' ? null : parts[1]!, path: parts[2]! } : undefined;
}

export function productOfAsset(name: string): string | null {
  return imagePath(name)?.product ?? null;
}

export async function loadContentState(query: Query): Promise<ContentState> {
  const assets = await query.selectFrom('asset').select(['name', 'media_type', 'hash']).orderBy('name').execute();
  const articles = await listArticleRows(query);
  return {
    assets: assets.map(({ name, media_type, hash }) => ({ name, mediaType: media_type, hash })),
    articles: articles.map(({ product, slug, title, description, markdown }) => ({ product, slug, title, description, hash: contentHash(markdown) })),
    learn: await loadLearnState(query),
  };
}

/** With the slug of their product: its guides in order, the portal's pages first. */
export async function listArticleRows(query: Query) {
  const rows = await query
    .selectFrom('article')
    .leftJoin('product', 'product.id', 'article.product_id')
    .select(['article.id', 'product.slug as product', 'product.position as productPosition', 'article.slug', 'article.title', 'article.description', 'article.position', 'article.markdown'])
    .orderBy('article.position')
    .orderBy('article.id')
    .execute();
  return rows.toSorted((a, b) => Number(a.productPosition ?? -1) - Number(b.productPosition ?? -1));
}
