import { newId } from '../../domain/id.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import { endSubscriptions } from '../subscriptions/end-subscriptions.ts';
import { findProductRow, findProductRowEver, productColumns, productConfigOf, type ProductSettings } from './product-rows.ts';
import { isDeepStrictEqual } from 'node:util';

/** Adds a product, changes it, or brings a removed one back under its slug. */
export async function writeProduct({ clock, random }: Pick<ControlDeps, 'clock' | 'random'>, query: Query, settings: ProductSettings, position: number): Promise<{ id: string }> {
  const now = clock.now();
  const existing = await findProductRowEver(query, settings.slug);
  const columns = productColumns(settings);
  if (!existing) {
    const id = newId('product', now, random);
    await query.insertInto('product').values({ id, ...columns, position, created_at: now, updated_at: now, removed_at: null }).execute();
    return { id };
  }
  const unchanged = existing.removed_at === null && existing.position === position && isDeepStrictEqual(productColumns(productConfigOf(existing)), columns);
  if (!unchanged) await query.updateTable('product').set({ ...columns, position, updated_at: now, removed_at: null }).where('id', '=', existing.id).execute();
  return { id: existing.id };
}

/** A product that ever had a subscription keeps its row, for its ledger and history; its versions go, its plans are archived. */
export async function removeProduct(deps: Pick<ControlDeps, 'clock' | 'random'>, query: Query, slug: string): Promise<void> {
  const product = await findProductRow(query, slug);
  if (!product) return;
  const subscription = await query.selectFrom('subscription').select('id').where('product_id', '=', product.id).limit(1).executeTakeFirst();
  if (!subscription) {
    await query.deleteFrom('product').where('id', '=', product.id).execute();
    return;
  }
  const now = deps.clock.now();
  await endSubscriptions(deps, query, { productId: product.id });
  await query.updateTable('plan').set({ archived_at: now }).where('product_id', '=', product.id).where('archived_at', 'is', null).execute();
  await query.deleteFrom('version').where('product_id', '=', product.id).execute();
  await query.updateTable('product').set({ removed_at: now, updated_at: now }).where('id', '=', product.id).execute();
}

/** Behind all that are there. */
export async function nextProductPosition(query: Query): Promise<number> {
  const last = await query.selectFrom('product').select((eb) => eb.fn.max('position').as('position')).where('removed_at', 'is', null).executeTakeFirst();
  return Number(last?.position ?? -1) + 1;
}
