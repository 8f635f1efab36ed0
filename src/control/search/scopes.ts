import type { Query } from '../../store/database.ts';
import { listVisibleProducts, seesAll } from '../products/visible-product.ts';
import type { Actor } from '../services.ts';

export interface VisibleScope {
  id: string;
  slug: string;
  name: string;
  /** Oldest first; drafts are the producer's own. */
  versions: { id: string; name: string }[];
  /** Those that answer: published ones before deprecated ones, each newest first. */
  served: { id: string; name: string }[];
  /** The first of them. */
  current: { id: string; name: string } | undefined;
}

/** What this actor may look in: two or three small statements, and no document is read. */
export async function listScopes(query: Query, actor: Actor | undefined): Promise<VisibleScope[]> {
  const products = await listVisibleProducts(query, actor);
  if (products.length === 0) return [];
  let versions = query.selectFrom('version').select(['id', 'product_id', 'name', 'status']).where('product_id', 'in', products.map(({ id }) => id));
  if (!seesAll(actor)) versions = versions.where('status', '!=', 'draft');
  const versionsOf = Map.groupBy(await versions.orderBy('position').orderBy('id').execute(), (row) => row.product_id);
  return products.map(({ id, slug, name }) => {
    const own = versionsOf.get(id) ?? [];
    const newest = own.toReversed();
    const served = [...newest.filter(({ status }) => status === 'published'), ...newest.filter(({ status }) => status === 'deprecated')];
    return { id, slug, name, versions: own, served, current: served[0] };
  });
}
