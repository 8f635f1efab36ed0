// Brand, pages and guides as portico.yaml names them, and the files beside it.
import type { Query } from '../../store/database.ts';
import type { BundledFile } from '../services.ts';
import { exportLearn } from '../learn/export-learn.ts';
import { imagePath, listArticleRows, type ContentState } from './content-rows.ts';

const extensions: Record<string, string> = { 'image/svg+xml': 'svg', 'image/png': 'png', 'font/woff2': 'woff2' };

export function writtenBrand({ assets }: ContentState): { logo?: string; logoDark?: string; fonts?: { text?: string; code?: string } } {
  const written = (field: string, name: string) => assets.filter((asset) => asset.name === name).map((asset): [string, string] => [field, `./${brandPath(asset.name, asset.mediaType)}`]);
  const fonts = [...written('text', 'font-text'), ...written('code', 'font-code')];
  return Object.fromEntries([...written('logo', 'logo'), ...written('logoDark', 'logo-dark'), ...(fonts.length > 0 ? [['fonts', Object.fromEntries(fonts)]] : [])]);
}

export function writtenPages({ articles }: ContentState): { slug: string; title: string; file: string }[] {
  return articles.filter(({ product }) => product === null).map(({ slug, title }) => ({ slug, title, file: `./${articlePath(null, slug)}` }));
}

export function writtenGuides({ articles }: ContentState, product: string): string[] {
  return articles.filter((article) => article.product === product).map(({ slug }) => `./${articlePath(product, slug)}`);
}

export async function exportContent(query: Query): Promise<BundledFile[]> {
  const assets = await query.selectFrom('asset').select(['name', 'media_type', 'content']).orderBy('name').execute();
  const articles = await listArticleRows(query);
  return [
    ...(await exportLearn(query)),
    ...articles.map(({ product, slug, markdown }): BundledFile => ({ path: articlePath(product, slug), text: markdown })),
    ...assets.map(({ name, media_type, content }): BundledFile => {
      const image = imagePath(name);
      return { path: image ? `${folderOf(image.product)}/${image.path}` : brandPath(name, media_type), text: content, encoding: 'base64' };
    }),
  ];
}

function brandPath(name: string, mediaType: string): string {
  return `brand/${name}.${extensions[mediaType]}`;
}

/** Where an export puts a guide, or a page of the portal (null). */
export function articlePath(product: string | null, slug: string): string {
  return `${folderOf(product)}/${slug}.md`;
}

function folderOf(product: string | null): string {
  return product === null ? 'pages' : `guides/${product}`;
}
