import { isDeepStrictEqual } from 'node:util';
import type { PlanConfig } from '../../domain/config.ts';
import { newId } from '../../domain/id.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import { endSubscriptions } from '../subscriptions/end-subscriptions.ts';
import { moveToRevision } from '../subscriptions/move-to-revision.ts';

/** Which subscribers a new revision takes along: those who pay the same, all, those of the revision before it, or none. */
export type Movers = 'same-price' | 'all' | 'current' | 'none';

/**
 * Adds a plan or gives it a new revision when anything in it changed. By default, subscriptions move to the new revision at
 * once when what they pay is the same, so that new limits hold for everyone; a change of price leaves them on theirs.
 */
export async function writePlan(deps: Pick<ControlDeps, 'clock' | 'random'>, query: Query, input: { productId: string; config: PlanConfig; position: number; movers?: Movers; archivedAt?: number | null }): Promise<void> {
  const { clock, random } = deps;
  const now = clock.now();
  const { productId, config, position } = input;
  const columns = { slug: config.slug, name: config.name, position, access: config.access, is_default: config.default ? 1 : 0, archived_at: input.archivedAt ?? null } as const;
  const revisionId = newId('revision', now, random);
  const revision = { id: revisionId, config: JSON.stringify(config), created_at: now };

  const plan = await query.selectFrom('plan').select(['id', 'current_revision_id', 'position', 'archived_at']).where('product_id', '=', productId).where('slug', '=', config.slug).executeTakeFirst();
  if (!plan) {
    const id = newId('plan', now, random);
    await query.insertInto('plan').values({ id, product_id: productId, ...columns, current_revision_id: revisionId, created_at: now }).execute();
    await query.insertInto('plan_revision').values({ ...revision, plan_id: id, number: 1 }).execute();
    return;
  }
  const current = await query.selectFrom('plan_revision').select(['number', 'config']).where('id', '=', plan.current_revision_id).executeTakeFirstOrThrow();
  if (isDeepStrictEqual(JSON.parse(current.config), config)) {
    if (plan.position !== position || plan.archived_at !== null) await query.updateTable('plan').set(columns).where('id', '=', plan.id).execute();
    return;
  }
  await query.insertInto('plan_revision').values({ ...revision, plan_id: plan.id, number: current.number + 1 }).execute();
  await query.updateTable('plan').set({ ...columns, current_revision_id: revisionId }).where('id', '=', plan.id).execute();
  await moveSubscriptions(deps, query, plan.id, config, { movers: input.movers ?? 'same-price', from: plan.current_revision_id, to: revisionId });
}

/** A plan that ever had a subscription is archived, for its ledger and invoices. */
export async function removePlan(deps: Pick<ControlDeps, 'clock' | 'random'>, query: Query, productId: string, slug: string): Promise<void> {
  const plan = await query.selectFrom('plan').select('id').where('product_id', '=', productId).where('slug', '=', slug).executeTakeFirst();
  if (!plan) return;
  const subscription = await query.selectFrom('subscription').select('id').where('plan_id', '=', plan.id).limit(1).executeTakeFirst();
  if (!subscription) {
    await query.deleteFrom('plan').where('id', '=', plan.id).execute();
    return;
  }
  await endSubscriptions(deps, query, { planId: plan.id });
  await query.updateTable('plan').set({ archived_at: deps.clock.now(), is_default: 0 }).where('id', '=', plan.id).execute();
}

async function moveSubscriptions(deps: Pick<ControlDeps, 'clock' | 'random'>, query: Query, planId: string, config: PlanConfig, { movers, from, to }: { movers: Movers; from: string; to: string }): Promise<void> {
  if (movers === 'none') return;
  const inUse = await query
    .selectFrom('plan_revision')
    .select(['id', 'config'])
    .where('plan_id', '=', planId)
    .where('id', 'in', query.selectFrom('subscription').select('plan_revision_id').where('plan_id', '=', planId).where('state', '!=', 'ended'))
    .execute();
  const moves = (revision: { id: string; config: string }): boolean => movers === 'all' || (movers === 'current' ? revision.id === from : isDeepStrictEqual(paid(JSON.parse(revision.config) as PlanConfig), paid(config)));
  const moved = inUse.filter(moves).map(({ id }) => id);
  if (moved.length > 0) await moveToRevision(deps, query, { planId, from: moved, to });
}

function paid({ currency, interval, fee, trialDays, prices }: PlanConfig) {
  return { currency, interval, fee, trialDays, prices };
}
