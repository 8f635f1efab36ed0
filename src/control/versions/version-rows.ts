import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { ProductRow } from '../products/product-rows.ts';
import { getVisibleProduct, seesAll } from '../products/visible-product.ts';
import type { Actor, OperationSummary, VersionSummary } from '../services.ts';

/** Versions of these products by product id, oldest first. Drafts are the producer's own. */
export async function listVersions(query: Query, actor: Actor | undefined, productIds: string[]): Promise<Map<string, VersionSummary[]>> {
  if (productIds.length === 0) return new Map();
  let versions = query
    .selectFrom('version')
    .select(['id', 'product_id', 'name', 'status', 'title', 'openapi', 'deprecated_at', 'sunset_at', 'successor', 'published_at'])
    .where('product_id', 'in', productIds);
  if (!seesAll(actor)) versions = versions.where('status', '!=', 'draft');
  const rows = await versions.orderBy('position').orderBy('id').execute();
  const counts = await query.selectFrom('operation').innerJoin('version', 'version.id', 'operation.version_id').select((eb) => ['version.id', eb.fn.countAll().as('count')]).where('version.product_id', 'in', productIds).groupBy('version.id').execute();
  const countOf = new Map(counts.map((row) => [row.id, Number(row.count)]));
  const summaries = rows.map((row) => ({
    productId: row.product_id,
    version: {
      id: row.id, name: row.name, status: row.status, title: row.title, openapi: row.openapi, operationCount: countOf.get(row.id) ?? 0,
      deprecatedAt: row.deprecated_at, sunsetAt: row.sunset_at, successor: row.successor, publishedAt: row.published_at,
    } satisfies VersionSummary,
  }));
  return new Map([...Map.groupBy(summaries, (row) => row.productId)].map(([id, group]) => [id, group.map((row) => row.version)]));
}

export interface FoundVersion { id: string; name: string; updatedAt: number; product: ProductRow }

/** @throws AppError `not_found` for what does not exist or is hidden from the actor. */
export async function getVisibleVersion(query: Query, actor: Actor | undefined, slug: string, name: string): Promise<FoundVersion> {
  const product = await getVisibleProduct(query, actor, slug);
  const row = await query.selectFrom('version').select(['id', 'status', 'updated_at']).where('product_id', '=', product.id).where('name', '=', name).executeTakeFirst();
  if (!row || (row.status === 'draft' && !seesAll(actor))) throw new AppError('not_found', `"${slug}" has no version "${name}".`);
  return { id: row.id, name, updatedAt: row.updated_at, product };
}

/** In document order. */
export async function listOperations(query: Query, versionId: string): Promise<OperationSummary[]> {
  const rows = await query.selectFrom('operation').select(['operation', 'slug', 'method', 'path', 'summary', 'tag', 'deprecated']).where('version_id', '=', versionId).orderBy('position').execute();
  return rows.map((row) => ({ ...row, deprecated: row.deprecated === 1 }));
}
