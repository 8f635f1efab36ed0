// Makes the store match a configuration, inside the caller's transaction.
import type { ProductConfig } from '../../domain/config.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import { writePlan, removePlan } from '../plans/write-plan.ts';
import { findProductRow } from '../products/product-rows.ts';
import { removeProduct, writeProduct } from '../products/write-product.ts';
import { writeVersion } from '../versions/write-version.ts';
import { documentKey, type ConfigState } from './config-state.ts';
import type { BundledDocument } from './load-documents.ts';
import { writeSetting } from './setting.ts';

type Deps = Pick<ControlDeps, 'clock' | 'random'>;

/** `target` holds everything that stays; what is missing from it is removed. */
export async function writeConfig(deps: Deps, query: Query, before: ConfigState, target: ConfigState, documents: Map<string, BundledDocument>): Promise<void> {
  await writeSetting(query, 'portal', target.config.portal);
  for (const product of before.config.products) {
    if (!target.config.products.some(({ slug }) => slug === product.slug)) await removeProduct(deps, query, product.slug);
  }
  for (const [position, product] of target.config.products.entries()) {
    await writeProductTree(deps, query, before.config.products.find(({ slug }) => slug === product.slug), product, position, documents);
  }
}

async function writeProductTree(deps: Deps, query: Query, before: ProductConfig | undefined, product: ProductConfig, position: number, documents: Map<string, BundledDocument>): Promise<void> {
  const { id: productId } = await writeProduct(deps, query, product, position);
  const goneVersions = (before?.versions ?? []).filter((version) => !product.versions.some(({ name }) => name === version.name));
  if (goneVersions.length > 0) await query.deleteFrom('version').where('product_id', '=', productId).where('name', 'in', goneVersions.map(({ name }) => name)).execute();
  for (const [index, version] of product.versions.entries()) {
    await writeVersion(deps, query, { productId, config: version, position: index, loaded: documents.get(documentKey(product.slug, version.name))?.loaded ?? null });
  }
  for (const plan of before?.plans ?? []) {
    if (!product.plans.some(({ slug }) => slug === plan.slug)) await removePlan(deps, query, productId, plan.slug);
  }
  for (const [index, plan] of product.plans.entries()) await writePlan(deps, query, { productId, config: plan, position: index });
}

/** Subscriptions that are not ended, of a product or of one of its plans. */
export async function countSubscriptions(query: Query, productSlug: string, planSlug?: string): Promise<number> {
  const product = await findProductRow(query, productSlug);
  if (!product) return 0;
  let count = query.selectFrom('subscription').innerJoin('plan', 'plan.id', 'subscription.plan_id').select((eb) => eb.fn.countAll().as('count')).where('subscription.product_id', '=', product.id).where('subscription.state', '!=', 'ended');
  if (planSlug !== undefined) count = count.where('plan.slug', '=', planSlug);
  return Number((await count.executeTakeFirstOrThrow()).count);
}
