// One hash of all that strangers can read, from small columns alone: what is made of it stays good while the hash does.
import type { Query } from '../../store/database.ts';
import { loadPortal } from '../configuration/config-state.ts';
import { loadLearnSetting } from '../learn/learn-rows.ts';
import { listPlans } from '../plans/plans.ts';
import { listVisibleProducts } from '../products/visible-product.ts';
import { contentHash } from './content-rows.ts';

/** Changes with every change of a public product, its versions, plans, guides and samples, of a page, and of the portal. Of private products and drafts nothing goes in. */
export async function siteFingerprint(query: Query): Promise<string> {
  const products = await listVisibleProducts(query, undefined);
  const ids = products.map(({ id }) => id);
  const [portal, learn, articles, assets, versions, plans, runs] = await Promise.all([
    loadPortal(query),
    loadLearnSetting(query),
    query.selectFrom('article').select(['id', 'product_id', 'slug', 'title', 'description', 'position', 'updated_at'])
      .where(({ or, eb }) => or([eb('product_id', 'is', null), ...(ids.length > 0 ? [eb('product_id', 'in', ids)] : [])])).orderBy('id').execute(),
    query.selectFrom('asset').select(['name', 'hash']).orderBy('name').execute(),
    ids.length === 0 ? [] : query.selectFrom('version').select(['id', 'name', 'status', 'position', 'fingerprint', 'deprecated_at', 'sunset_at', 'successor', 'published_at', 'updated_at'])
      .where('product_id', 'in', ids).where('status', '!=', 'draft').orderBy('id').execute(),
    Promise.all(products.map((product) => listPlans(query, undefined, product))),
    ids.length === 0 ? [] : query.selectFrom('sample_run').innerJoin('version', 'version.id', 'sample_run.version_id').select(['sample_run.version_id', ({ fn }) => fn.max('sample_run.at').as('at')])
      .where('version.product_id', 'in', ids).where('version.status', '!=', 'draft').groupBy('sample_run.version_id').orderBy('sample_run.version_id').execute(),
  ]);
  const shown = products.map(({ id, slug, name, description, layer, position, test_upstream, config, updated_at }) => ({ id, slug, name, description, layer, position, test_upstream, config, updated_at }));
  const images = assets.filter(({ name }) => !name.startsWith('image:') || products.some(({ slug }) => name.startsWith(`image:${slug}:`)) || name.startsWith('image::'));
  return contentHash(JSON.stringify([portal, learn, shown, articles, images, versions, plans, runs.map(({ version_id, at }) => [version_id, String(at)])]));
}
