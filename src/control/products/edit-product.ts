// What members change of a product by hand, beside `apply`: the rules of portico.yaml hold here too.
import type { PlanConfig } from '../../domain/config.ts';
import { noPolicies } from '../../domain/policies.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { writtenProduct } from '../configuration/export-config.ts';
import { productDefaults } from '../configuration/parse-config.ts';
import { writtenPolicies } from '../configuration/policies.ts';
import { findSchemaProblems, type ConfigProblem } from '../configuration/schema-problems.ts';
import { findSemanticProblems } from '../configuration/semantic-problems.ts';
import type { WrittenConfig, WrittenProduct } from '../configuration/written-config.ts';
import { writeYaml } from '../configuration/yaml.ts';
import type { ControlDeps } from '../deps.ts';
import { writePlan } from '../plans/write-plan.ts';
import { requireRight } from '../rights.ts';
import type { Actor, ProductEdit, ProductFacts, Products } from '../services.ts';
import { findProductRow, productConfigOf, type ProductRow, type ProductSettings } from './product-rows.ts';
import { nextProductPosition, removeProduct, writeProduct } from './write-product.ts';

type Deps = Pick<ControlDeps, 'database' | 'clock' | 'random'>;

/** What a product that is made by hand begins with. */
export const firstPlan: PlanConfig = {
  slug: 'free', name: 'Free', description: '', default: true, access: 'public', currency: 'usd', interval: null, fee: '0', trialDays: 0,
  limits: [{ name: 'burst', requests: 5, per: 'second' }, { name: 'monthly', requests: 10_000, per: 'month' }], operations: null, prices: [],
};

/** Settings of a new product, with what portico.yaml would fill in. */
export function newProductSettings(actor: Actor, input: Pick<ProductSettings, 'slug' | 'name' | 'description' | 'upstream' | 'testUpstream' | 'access'>): ProductSettings {
  const { bodyBytesMax, connectTimeoutMs, headTimeoutMs, concurrency } = productDefaults;
  return { ...input, layer: null, owner: actor.kind === 'member' ? actor.email : null, hosts: [], versioning: { by: 'path' }, bodyBytesMax, connectTimeoutMs, headTimeoutMs, concurrency, furtherUpstreams: [], upstreamCa: null, health: null, meters: [], minimumNoticeDays: null, highlights: [], policies: noPolicies };
}

export async function createProduct(deps: Deps, actor: Actor, input: Parameters<Products['create']>[1]): Promise<void> {
  requireRight(actor, 'products.change');
  const settings = newProductSettings(actor, { slug: input.slug, name: input.name?.trim() || input.slug, description: input.description?.trim() ?? '', upstream: input.upstream, testUpstream: 'examples', access: input.access ?? 'public' });
  refuseProduct(settings);
  await deps.database.transaction(async (query) => {
    if (await findProductRow(query, input.slug)) throw new AppError('conflict', `There is a product "${input.slug}" already. Choose another address.`, { errors: [{ pointer: '/slug', detail: 'is taken' }] });
    const { id } = await writeProduct(deps, query, settings, await nextProductPosition(query));
    await writePlan(deps, query, { productId: id, config: firstPlan, position: 0 });
    await recordAudit(query, deps, actor, { action: 'created', noun: 'product', subject: settings.slug, name: settings.slug, before: null, after: audited(settings) });
  });
}

/** @throws AppError `conflict` for an edit of facts that somebody has changed since. */
export async function editProduct(deps: Deps, actor: Actor, { slug, editedFrom, ...edit }: { slug: string } & ProductEdit): Promise<void> {
  requireRight(actor, 'products.change');
  await deps.database.transaction(async (query) => {
    const row = await getProductRow(query, slug);
    if (editedFrom !== undefined && editedFrom !== row.updated_at) throw new AppError('conflict', `${row.name} was saved by somebody else since you opened it, so nothing was changed. Your text stands below: compare it with the product's page, and save again to put it in place.`);
    const before = productConfigOf(row);
    const after: ProductSettings = { ...before, ...trimmed(edit) };
    refuseProduct(after);
    await writeProduct(deps, query, after, row.position);
    const changed = (Object.keys(after) as (keyof ProductSettings)[]).filter((field) => before[field] !== after[field]);
    if (changed.length === 0) return;
    await recordAudit(query, deps, actor, { action: 'changed', noun: 'product', subject: slug, name: slug, before: pick(before, changed), after: pick(after, changed) });
  });
}

/** @throws AppError `has_subscriptions`. */
export async function removeUnusedProduct(deps: Deps, actor: Actor, slug: string): Promise<void> {
  requireRight(actor, 'products.change');
  await deps.database.transaction(async (query) => {
    const row = await getProductRow(query, slug);
    const count = await countOpenSubscriptions(query, row.id);
    if (count > 0) throw new AppError('has_subscriptions', `${row.name} has ${count} subscription${count === 1 ? '' : 's'}: it cannot be removed while anybody uses it. Retire its versions, or move the consumers first.`);
    await removeProduct(deps, query, slug);
    await recordAudit(query, deps, actor, { action: 'removed', noun: 'product', subject: slug, name: slug, before: audited(productConfigOf(row)), after: null });
  });
}

export async function productFacts(query: Query, slug: string): Promise<ProductFacts> {
  const row = await getProductRow(query, slug);
  const config = productConfigOf(row);
  return {
    slug: row.slug, name: row.name, description: row.description, upstream: row.upstream, testUpstream: row.test_upstream, access: row.access, owner: row.owner,
    minimumNoticeDays: config.minimumNoticeDays, createdAt: row.created_at, updatedAt: row.updated_at, subscriptions: await countOpenSubscriptions(query, row.id),
    policies: Object.entries(writtenPolicies(config.policies) ?? {}).map(([name, settings]) => ({ name, settings: writeYaml(settings) })),
  };
}

/** @throws AppError `not_found`; also for a removed product. */
export async function getProductRow(query: Query, slug: string): Promise<ProductRow> {
  const row = await findProductRow(query, slug);
  if (!row) throw new AppError('not_found', `There is no product "${slug}" here.`);
  return row;
}

/** Mistakes of a product as portico.yaml would have it; `place` turns a pointer below the product into the form's. @throws AppError `input_invalid`. */
export function refuseProblems(product: WrittenProduct, place: (pointer: string) => string | undefined): void {
  const written: WrittenConfig = { products: [product] };
  const shape = findSchemaProblems(written);
  const problems = shape.length > 0 ? shape : findSemanticProblems(written);
  const errors = problems.map(({ pointer, detail }: ConfigProblem) => ({ pointer: place(pointer.replace(/^\/products\/0/, '')) ?? pointer, detail }));
  if (errors.length > 0) throw new AppError('input_invalid', errors[0]!.detail, { errors });
}

function refuseProduct(settings: ProductSettings): void {
  refuseProblems(writtenProduct({ ...settings, versions: [], plans: [] }) as unknown as WrittenProduct, (pointer) => pointer);
}

function trimmed(edit: ProductEdit): Partial<ProductSettings> {
  return Object.fromEntries(Object.entries(edit).flatMap(([field, value]) => (value === undefined ? [] : [[field, typeof value === 'string' ? value.trim() : value]])));
}

async function countOpenSubscriptions(query: Query, productId: string): Promise<number> {
  return Number((await query.selectFrom('subscription').select((eb) => eb.fn.countAll().as('count')).where('product_id', '=', productId).where('state', '!=', 'ended').executeTakeFirstOrThrow()).count);
}

function audited({ slug, name, description, upstream, testUpstream, access }: ProductSettings): Record<string, unknown> {
  return { slug, name, description, upstream, testUpstream, access };
}

function pick(settings: ProductSettings, fields: (keyof ProductSettings)[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, settings[field]]));
}
