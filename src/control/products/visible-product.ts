import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { Actor } from '../services.ts';
import { findProductRow, listProductRows, type ProductRow } from './product-rows.ts';

/**
 * Everybody sees public products that have a version beyond a draft. A private one, or one that is still a draft, is seen by
 * the producer; by consumers with a subscription that is not ended; and, when it is private, by those who were invited.
 */
export async function listVisibleProducts(query: Query, actor: Actor | undefined): Promise<ProductRow[]> {
  const rows = await listProductRows(query);
  if (seesAll(actor)) return rows;
  const published = await publishedProducts(query);
  const isOpen = (row: ProductRow): boolean => row.access === 'public' && published.has(row.id);
  if (rows.every(isOpen)) return rows;
  const { subscribed, invited } = await openedProducts(query, actor);
  return rows.filter((row) => isOpen(row) || subscribed.has(row.id) || (invited.has(row.id) && published.has(row.id)));
}

/** @throws AppError `not_found`, the same for a product that is hidden and for one that does not exist. */
export async function getVisibleProduct(query: Query, actor: Actor | undefined, slug: string): Promise<ProductRow> {
  const row = await findProductRow(query, slug);
  if (row && (seesAll(actor) || (await isVisible(query, actor, row)))) return row;
  throw new AppError('not_found', `There is no product "${slug}" here.`);
}

async function isVisible(query: Query, actor: Actor | undefined, row: ProductRow): Promise<boolean> {
  const published = (await publishedProducts(query, row.id)).size > 0;
  if (row.access === 'public' && published) return true;
  const { subscribed, invited } = await openedProducts(query, actor);
  return subscribed.has(row.id) || (invited.has(row.id) && published);
}

async function publishedProducts(query: Query, productId?: string): Promise<Set<string>> {
  let versions = query.selectFrom('version').select('product_id').distinct().where('status', '!=', 'draft');
  if (productId !== undefined) versions = versions.where('product_id', '=', productId);
  return new Set((await versions.execute()).map((row) => row.product_id));
}

export function seesAll(actor: Actor | undefined): boolean {
  return actor !== undefined && actor.kind !== 'developer';
}

/** Products that this developer's consumer subscribes to, or to which one of its developers was invited at an address that is proven. */
async function openedProducts(query: Query, actor: Actor | undefined): Promise<{ subscribed: Set<string>; invited: Set<string> }> {
  if (actor?.kind !== 'developer') return { subscribed: new Set(), invited: new Set() };
  const subscribed = await query.selectFrom('subscription').select('product_id').where('consumer_id', '=', actor.consumerId).where('state', '!=', 'ended').execute();
  const invited = await query
    .selectFrom('product_invitation')
    .innerJoin('developer', 'developer.email', 'product_invitation.email')
    .innerJoin('user', 'user.id', 'developer.user_id')
    .select(['product_invitation.product_id', 'user.email', 'product_invitation.email as invited', 'user.emailVerified'])
    .where('developer.consumer_id', '=', actor.consumerId)
    .where('developer.removed_at', 'is', null)
    .execute();
  const proven = invited.filter((row) => Boolean(row.emailVerified) && row.email === row.invited);
  return { subscribed: new Set(subscribed.map((row) => row.product_id)), invited: new Set(proven.map((row) => row.product_id)) };
}
