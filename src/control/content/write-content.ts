// Makes stored guides, pages and assets match a configuration, inside the caller's transaction.
import { newId } from '../../domain/id.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import { findProductRow } from '../products/product-rows.ts';
import { writeLearn } from '../learn/write-learn.ts';
import { contentHash, listArticleRows, type ContentState } from './content-rows.ts';
import type { ContentBytes } from './read-content.ts';

/** What is in `bytes` is new or unchanged; what is not there is in the store already. */
export async function writeContent(deps: Pick<ControlDeps, 'clock' | 'random'>, query: Query, target: ContentState, bytes: ContentBytes): Promise<void> {
  await writeAssets(query, target, bytes);
  await writeArticles(deps, query, target, bytes);
  await writeLearn(deps, query, target.learn, bytes);
}

async function writeAssets(query: Query, { assets }: ContentState, bytes: ContentBytes): Promise<void> {
  const stored = await query.selectFrom('asset').select(['name', 'hash', 'media_type']).execute();
  const gone = stored.filter(({ name }) => !assets.some((asset) => asset.name === name)).map(({ name }) => name);
  if (gone.length > 0) await query.deleteFrom('asset').where('name', 'in', gone).execute();
  for (const { name, mediaType, hash } of assets) {
    const found = bytes.get(hash);
    if (!found || stored.some((row) => row.name === name && row.hash === hash && row.media_type === mediaType)) continue;
    const row = { media_type: mediaType, content: found.bytes.toString('base64'), hash, source: found.source };
    await query.insertInto('asset').values({ name, ...row }).onConflict((conflict) => conflict.column('name').doUpdateSet(row)).execute();
  }
}

async function writeArticles({ clock, random }: Pick<ControlDeps, 'clock' | 'random'>, query: Query, { articles }: ContentState, bytes: ContentBytes): Promise<void> {
  const stored = await listArticleRows(query);
  const gone = stored.filter((row) => !articles.some((article) => article.product === row.product && article.slug === row.slug)).map(({ id }) => id);
  if (gone.length > 0) await query.deleteFrom('article').where('id', 'in', gone).execute();
  const now = clock.now();
  for (const [index, article] of articles.entries()) {
    const row = stored.find((candidate) => candidate.product === article.product && candidate.slug === article.slug);
    const position = index;
    if (row && Number(row.position) === position && row.title === article.title && row.description === article.description && contentHash(row.markdown) === article.hash) continue;
    const found = bytes.get(article.hash);
    const text = found ? { markdown: found.bytes.toString('utf8'), source: found.source } : {};
    const told = { title: article.title, description: article.description };
    if (row) {
      const changed = row.title !== article.title || row.description !== article.description || contentHash(row.markdown) !== article.hash;
      await query.updateTable('article').set({ ...told, ...text, position, ...(changed ? { updated_at: now } : {}) }).where('id', '=', row.id).execute();
    } else if (found) {
      const productId = article.product === null ? null : ((await findProductRow(query, article.product))?.id ?? null);
      await query.insertInto('article').values({ id: newId('article', now, random), product_id: productId, slug: article.slug, ...told, position, source: found.source, markdown: found.bytes.toString('utf8'), updated_at: now }).execute();
    }
  }
}
