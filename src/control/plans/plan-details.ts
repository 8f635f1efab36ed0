import type { PlanConfig } from '../../domain/config.ts';
import type { Query } from '../../store/database.ts';
import type { ProductRow } from '../products/product-rows.ts';
import type { PlanDetail } from '../services.ts';

const revisionsShown = 20;

/** Every plan of a product with its revisions in use; archived ones last. */
export async function listPlanDetails(query: Query, product: Pick<ProductRow, 'id' | 'slug'>): Promise<PlanDetail[]> {
  const plans = await query.selectFrom('plan').innerJoin('plan_revision', 'plan_revision.id', 'plan.current_revision_id')
    .select(['plan.id', 'plan.position', 'plan.archived_at', 'plan.current_revision_id', 'plan_revision.config']).where('plan.product_id', '=', product.id).orderBy('plan.position').orderBy('plan.id').execute();
  const counts = await query.selectFrom('subscription').select((eb) => ['plan_revision_id', eb.fn.countAll().as('count')]).where('product_id', '=', product.id).where('state', '!=', 'ended').groupBy('plan_revision_id').execute();
  const countOf = new Map(counts.map((row) => [row.plan_revision_id, Number(row.count)]));
  const moves = await query.selectFrom('subscription').innerJoin('plan_revision', 'plan_revision.id', 'subscription.scheduled_revision_id').select((eb) => ['plan_revision.plan_id', 'plan_revision.number', 'subscription.scheduled_at', eb.fn.countAll().as('count')])
    .where('subscription.product_id', '=', product.id).where('subscription.state', '!=', 'ended').where('subscription.scheduled_at', 'is not', null).groupBy(['plan_revision.plan_id', 'plan_revision.number', 'subscription.scheduled_at']).orderBy('subscription.scheduled_at').orderBy('plan_revision.number').execute();
  const movesOf = Map.groupBy(moves, (row) => row.plan_id);
  const revisions = plans.length === 0 ? [] : await query.selectFrom('plan_revision').select(['id', 'plan_id', 'number', 'created_at']).where('plan_id', 'in', plans.map(({ id }) => id)).orderBy('number', 'desc').execute();
  const revisionsOf = Map.groupBy(revisions, (row) => row.plan_id);
  const details = plans.map((plan): PlanDetail => {
    const moving = (movesOf.get(plan.id) ?? []).map((row) => ({ revision: row.number, at: row.scheduled_at!, subscribers: Number(row.count) }));
    const own = (revisionsOf.get(plan.id) ?? []).map((row) => ({ id: row.id, number: row.number, createdAt: row.created_at, subscribers: countOf.get(row.id) ?? 0, current: row.id === plan.current_revision_id }));
    return {
      ...(JSON.parse(plan.config) as PlanConfig), id: plan.id, revisionId: plan.current_revision_id, productSlug: product.slug, position: plan.position, archivedAt: plan.archived_at,
      subscribers: own.reduce((sum, { subscribers }) => sum + subscribers, 0), revisions: own.filter(({ current, subscribers, number }) => current || subscribers > 0 || moving.some(({ revision }) => revision === number)).slice(0, revisionsShown),
      moves: moving,
    };
  });
  return details.sort((a, b) => Number(a.archivedAt !== null) - Number(b.archivedAt !== null));
}
