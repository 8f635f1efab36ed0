import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { Actor } from '../services.ts';
import { findProductRow, listProductRows, type ProductRow } from './product-rows.ts';

/** Everybody sees public products; a private one is seen by the producer, and by consumers with a subscription that is not ended. */
export async function listVisibleProducts(query: Query, actor: Actor | undefined): Promise<ProductRow[]> {
  const rows = await listProductRows(query);
  if (seesAll(actor) || rows.every((row) => row.access === 'public')) return rows;
  const subscribed = await subscribedProducts(query, actor);
  return rows.filter((row) => row.access === 'public' || subscribed.has(row.id));
}

/** @throws AppError `not_found`, the same for a product that is hidden and for one that does not exist. */
export async function getVisibleProduct(query: Query, actor: Actor | undefined, slug: string): Promise<ProductRow> {
  const row = await findProductRow(query, slug);
  if (row && (row.access === 'public' || seesAll(actor) || (await subscribedProducts(query, actor)).has(row.id))) return row;
  throw new AppError('not_found', `There is no product "${slug}" here.`);
}

export function seesAll(actor: Actor | undefined): boolean {
  return actor !== undefined && actor.kind !== 'developer';
}

async function subscribedProducts(query: Query, actor: Actor | undefined): Promise<Set<string>> {
  if (actor?.kind !== 'developer') return new Set();
  const rows = await query.selectFrom('subscription').select('product_id').where('consumer_id', '=', actor.consumerId).where('state', '!=', 'ended').execute();
  return new Set(rows.map((row) => row.product_id));
}
