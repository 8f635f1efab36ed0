// Enters: drafted prices as text. Leaves: the plans of each product that they name, or each mistake with its place.
import type { MeterConfig, PlanConfig } from '../../domain/config.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { writtenProduct } from '../configuration/export-config.ts';
import { parseConfig, refuse, type Framed } from '../configuration/parse-config.ts';
import type { ConfigProblem } from '../configuration/schema-problems.ts';
import { writeYaml } from '../configuration/yaml.ts';
import { getProductRow } from '../products/edit-product.ts';
import { listProductRows, productConfigOf, type ProductRow } from '../products/product-rows.ts';

export interface PresentPlan { id: string; revisionId: string; plan: PlanConfig }
export interface DraftedProduct { id: string; slug: string; plans: PlanConfig[]; /** As the draft defines them. */ meters: MeterConfig[]; /** As they stood when the draft was read, archived ones too. */ present: PresentPlan[] }

export async function writeDraft(query: Query, productSlug: string): Promise<string> {
  const product = await getProductRow(query, productSlug);
  const present = await listPresent(query, product.id, { archived: false });
  if (present.length === 0) throw new AppError('conflict', `"${productSlug}" has no plans, so there are no prices to change. Add a plan first.`);
  const { plans } = writtenProduct({ ...productConfigOf(product), versions: [], plans: present.map(({ plan }) => plan) });
  return writeYaml({ plans });
}

/** @throws AppError `config_invalid` with places, also for a plan in another currency than it has; `conflict` for a product without plans */
export async function readDraft(query: Query, { file, text, productSlug }: { file: string; text: string; productSlug: string | undefined }): Promise<DraftedProduct[]> {
  const rows = await listProductRows(query);
  const chosen = productSlug === undefined ? undefined : await getProductRow(query, productSlug);
  const { config, place } = parseConfig(file, text, (content) => frame(content, chosen ?? (rows.length === 1 ? rows[0] : undefined)));
  const problems: ConfigProblem[] = [];
  const drafted: DraftedProduct[] = [];
  for (const [index, { slug, plans, meters }] of config.products.entries()) {
    if (productSlug !== undefined && slug !== productSlug) continue;
    const row = rows.find((each) => each.slug === slug);
    if (!row) {
      problems.push({ pointer: `/products/${index}/slug`, at: 'value', detail: `There is no product "${slug}" here whose usage could be replayed.` });
      continue;
    }
    const present = await listPresent(query, row.id, { archived: true });
    if (present.length === 0) throw new AppError('conflict', `"${slug}" has no plans, so nobody has used it by a price. Add a plan first.`);
    plans.forEach((plan, at) => {
      const before = present.find((each) => each.plan.slug === plan.slug)?.plan.currency ?? plan.currency;
      if (before !== plan.currency) problems.push({ pointer: `/products/${index}/plans/${at}/currency`, at: 'value', detail: `The plan "${plan.slug}" is in ${before.toUpperCase()}: bills in ${plan.currency.toUpperCase()} cannot be compared with it. Draft a plan of another name for another currency.` });
    });
    if (plans.length > 0) drafted.push({ id: row.id, slug, plans, meters, present });
  }
  refuse(problems.map(place));
  if (drafted.length === 0) throw new AppError('config_invalid', `${file} has no plans${productSlug === undefined ? '' : ` of "${productSlug}"`}. Draft at least one.`, { errors: [{ file, line: 1, column: 1, detail: 'no plans' }] });
  return drafted;
}

function frame(content: unknown, product: ProductRow | undefined): Framed {
  const isObject = typeof content === 'object' && content !== null && !Array.isArray(content);
  if (!isObject || 'products' in content || 'portal' in content) return { value: content, at: '' };
  if (product === undefined) throw new AppError('config_invalid', 'These are plans of one product. Say of which.', { errors: [{ pointer: '/product', detail: 'is missing: there are several products' }] });
  const { slug, upstream, meters } = writtenProduct({ ...productConfigOf(product), versions: [], plans: [] }) as Record<string, unknown>;
  const around = { slug, upstream, ...(meters !== undefined && { meters }) };
  return 'plans' in content ? { value: { products: [{ ...around, ...content }] }, at: '/products/0' } : { value: { products: [{ ...around, plans: [content] }] }, at: '/products/0/plans/0' };
}

async function listPresent(query: Query, productId: string, { archived }: { archived: boolean }): Promise<PresentPlan[]> {
  let rows = query.selectFrom('plan').innerJoin('plan_revision', 'plan_revision.id', 'plan.current_revision_id').select(['plan.id', 'plan_revision.id as revisionId', 'plan_revision.config']).where('plan.product_id', '=', productId);
  if (!archived) rows = rows.where('plan.archived_at', 'is', null);
  return (await rows.orderBy('plan.position').orderBy('plan.id').execute()).map(({ id, revisionId, config }) => ({ id, revisionId, plan: JSON.parse(config) as PlanConfig }));
}
