// Plans edited by hand: the rules of portico.yaml hold, and each save is a new revision.
import { isDeepStrictEqual } from 'node:util';
import type { MeterConfig, PlanConfig, ProductConfig } from '../../domain/config.ts';
import { withSources } from '../../domain/pricing/meter-quantities.ts';
import { AppError, isAppError, type ErrorPlace } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { closestName } from '../../domain/closest-name.ts';
import { writtenProduct } from '../configuration/export-config.ts';
import type { WrittenProduct } from '../configuration/written-config.ts';
import type { ControlDeps } from '../deps.ts';
import { getProductRow, refuseProblems } from '../products/edit-product.ts';
import { productConfigOf } from '../products/product-rows.ts';
import { requireRight } from '../rights.ts';
import type { Actor, Plans } from '../services.ts';
import { moveToRevision } from '../subscriptions/move-to-revision.ts';
import { writePlan } from './write-plan.ts';

type Deps = Pick<ControlDeps, 'database' | 'clock' | 'random'>;
interface PlanRow { id: string; slug: string; position: number; current_revision_id: string; archived_at: number | null; config: PlanConfig }

export async function checkPlan({ database }: Deps, actor: Actor, input: Parameters<Plans['check']>[1]): Promise<ErrorPlace[]> {
  requireRight(actor, 'workspace.read');
  try {
    await refusePlan(database.kysely, input);
    return [];
  } catch (error) {
    if (!isAppError(error) || error.code !== 'input_invalid') throw error;
    return error.errors;
  }
}

/** The caller publishes the snapshot and pushes credential changes. */
export async function savePlan(deps: Deps, actor: Actor, input: Parameters<Plans['save']>[1]): Promise<void> {
  requireRight(actor, 'plans.change');
  const { productSlug, planSlug, moveSubscribers } = input;
  await deps.database.transaction(async (query) => {
    const { productId, meters, others, existing } = await refusePlan(query, input);
    const plan = withSources(input.plan, meters);
    if (existing && input.revisionId !== undefined && input.revisionId !== existing.current_revision_id) throw new AppError('conflict', `${existing.config.name} was saved by somebody else since you opened it, so nothing was changed. Open it again and repeat your change.`);
    if (plan.default && existing && existing.archived_at !== null) throw invalid('/default', 'Sign-up cannot subscribe to an archived plan: restore it first.');
    const former = plan.default ? others.find((other) => other.config.default && other.archived_at === null) : undefined;
    if (former) await writePlan(deps, query, { productId, config: { ...former.config, default: false }, position: former.position, movers: 'current' });
    if (existing?.config.default && !plan.default) throw invalid('/default', 'Sign-up needs a default plan: make another plan the default instead.');
    const position = existing?.position ?? Math.max(-1, ...others.map((other) => other.position)) + 1;
    const unchanged = existing !== undefined && isDeepStrictEqual(existing.config, plan);
    if (!unchanged) await writePlan(deps, query, { productId, config: plan, position, movers: moveSubscribers ? 'all' : 'none', archivedAt: existing?.archived_at ?? null });
    else if (moveSubscribers) await moveToRevision(deps, query, { planId: existing.id, from: 'others', to: existing.current_revision_id });
    if (unchanged && !moveSubscribers) return;
    await recordAudit(query, deps, actor, { action: existing ? 'changed' : 'created', noun: 'plan', subject: productSlug, name: `${productSlug} ${planSlug ?? plan.slug}`, before: existing ? { ...existing.config } : null, after: { ...plan, ...(existing && { moveSubscribers }) } });
  });
}

export async function archivePlan(deps: Deps, actor: Actor, { productSlug, planSlug, archived }: Parameters<Plans['archive']>[1]): Promise<void> {
  requireRight(actor, 'plans.change');
  await deps.database.transaction(async (query) => {
    const product = await getProductRow(query, productSlug);
    const plan = (await listPlanRows(query, product.id)).find(({ slug }) => slug === planSlug);
    if (!plan) throw new AppError('not_found', `"${productSlug}" has no plan "${planSlug}".`);
    if ((plan.archived_at !== null) === archived) return;
    if (archived && plan.config.default) throw new AppError('conflict', `${plan.config.name} is the default plan: sign-up subscribes to it. Make another plan the default first.`);
    await query.updateTable('plan').set({ archived_at: archived ? deps.clock.now() : null }).where('id', '=', plan.id).execute();
    await recordAudit(query, deps, actor, { action: archived ? 'archived' : 'restored', noun: 'plan', subject: productSlug, name: `${productSlug} ${planSlug}`, before: { archived: !archived }, after: { archived } });
  });
}

export async function orderPlans(deps: Deps, actor: Actor, { productSlug, planSlugs }: Parameters<Plans['order']>[1]): Promise<void> {
  requireRight(actor, 'plans.change');
  await deps.database.transaction(async (query) => {
    const product = await getProductRow(query, productSlug);
    const plans = (await listPlanRows(query, product.id)).filter((plan) => plan.archived_at === null);
    const before = plans.map(({ slug }) => slug);
    if (!isDeepStrictEqual(before.toSorted(), planSlugs.toSorted())) throw invalid('/planSlugs', `Name each of these plans once: ${before.join(', ')}.`);
    if (isDeepStrictEqual(before, planSlugs)) return;
    for (const plan of plans) await query.updateTable('plan').set({ position: planSlugs.indexOf(plan.slug) }).where('id', '=', plan.id).execute();
    await recordAudit(query, deps, actor, { action: 'ordered', noun: 'plan', subject: productSlug, name: productSlug, before: { order: before }, after: { order: planSlugs } });
  });
}

/** @throws AppError `input_invalid` with pointers into the plan, `not_found`, `conflict`. */
async function refusePlan(query: Query, { productSlug, planSlug, plan }: { productSlug: string; planSlug: string | null; plan: PlanConfig }): Promise<{ productId: string; meters: MeterConfig[]; others: PlanRow[]; existing: PlanRow | undefined }> {
  const product = await getProductRow(query, productSlug);
  const rows = await listPlanRows(query, product.id);
  const existing = planSlug === null ? undefined : rows.find(({ slug }) => slug === planSlug);
  if (planSlug !== null && !existing) throw new AppError('not_found', `"${productSlug}" has no plan "${planSlug}".`);
  if (existing && plan.slug !== existing.slug) throw invalid('/slug', 'The short name of a plan stays: subscriptions, keys and portico.yaml name it.');
  const others = rows.filter((row) => row !== existing);
  if (!existing && others.some(({ slug }) => slug === plan.slug)) throw invalid('/slug', `There is a plan "${plan.slug}" already${others.find(({ slug }) => slug === plan.slug)!.archived_at === null ? '' : ', archived'}. Choose another short name.`);
  // Alone, so that the former default is no second one: saving takes its place.
  const config: ProductConfig = { ...productConfigOf(product), versions: [], plans: [plan] };
  refuseProblems(writtenProduct(config) as unknown as WrittenProduct, (pointer) => pointer.replace(/^\/plans\/0/, ''));
  if (plan.operations !== null) await refuseUnknownOperations(query, product.id, plan.operations);
  return { productId: product.id, meters: config.meters, others, existing };
}

async function refuseUnknownOperations(query: Query, productId: string, operations: string[]): Promise<void> {
  const rows = await query.selectFrom('operation').innerJoin('version', 'version.id', 'operation.version_id').select('operation.operation').distinct().where('version.product_id', '=', productId).execute();
  const known = rows.map((row) => row.operation);
  const unknown = operations.find((operation) => !known.includes(operation));
  if (unknown === undefined) return;
  const close = closestName(unknown, known);
  throw invalid('/operations', `No version has the operation "${unknown}".${close === undefined ? '' : ` Did you mean "${close}"?`}`);
}

async function listPlanRows(query: Query, productId: string): Promise<PlanRow[]> {
  const rows = await query.selectFrom('plan').innerJoin('plan_revision', 'plan_revision.id', 'plan.current_revision_id')
    .select(['plan.id', 'plan.slug', 'plan.position', 'plan.current_revision_id', 'plan.archived_at', 'plan_revision.config']).where('plan.product_id', '=', productId).orderBy('plan.position').orderBy('plan.id').execute();
  return rows.map((row) => ({ ...row, config: JSON.parse(row.config) as PlanConfig }));
}

function invalid(pointer: string, detail: string): AppError {
  return new AppError('input_invalid', detail, { errors: [{ pointer, detail }] });
}
