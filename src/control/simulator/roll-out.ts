// A draft that was simulated enters; what leaves are new revisions of its plans, and subscribers on their way to them.
import { isDeepStrictEqual } from 'node:util';
import type { PlanConfig } from '../../domain/config.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { invalid } from '../credits/amount-input.ts';
import type { ControlDeps } from '../deps.ts';
import { requireRight } from '../rights.ts';
import type { Actor, Plans, RollOutPlan, Subscriptions } from '../services.ts';
import type { DraftedProduct } from './read-draft.ts';

export type Movers = string[] | 'all' | 'none';
const chosenMax = 10_000;

/** The plans that the draft changes, with who is on them. */
export async function previewRollOut(query: Query, drafted: DraftedProduct[], movers: Movers): Promise<RollOutPlan[]> {
  const chosen = await readChosen(query, movers);
  const plans: RollOutPlan[] = [];
  for (const { product, plan, present } of changedPlans(drafted)) {
    const subscribers = present === undefined ? 0 : Number((await query.selectFrom('subscription').select((eb) => eb.fn.countAll().as('count')).where('plan_id', '=', present.id).where('state', '=', 'active').executeTakeFirstOrThrow()).count);
    const moving = movers === 'all' ? subscribers : present === undefined ? 0 : (chosen.get(present.id) ?? []).length;
    plans.push({ productSlug: product.slug, planSlug: plan.slug, planName: plan.name, change: present === undefined ? 'new' : 'changed', subscribers, moving });
  }
  return plans;
}

/** A transaction for each plan, and then for each part of its subscribers. Repeated, it goes on where it stopped. @throws AppError `conflict` when a plan was saved by somebody else since the draft was read */
export async function rollOut({ database, clock }: Pick<ControlDeps, 'database' | 'clock'>, { plans, subscriptions }: { plans: Pick<Plans, 'save'>; subscriptions: Pick<Subscriptions, 'schedulePrices'> }, actor: Actor, { drafted, subscriptionIds, at }: { drafted: DraftedProduct[]; subscriptionIds: Movers; at?: number | undefined }): Promise<{ plans: RollOutPlan[]; scheduled: number }> {
  requireRight(actor, 'plans.change');
  if (subscriptionIds !== 'none') {
    requireRight(actor, 'billing.change');
    if (at === undefined || at < clock.now()) throw invalid('/at', 'must say from when subscribers move: a moment from now on');
    if (Array.isArray(subscriptionIds) && (subscriptionIds.length === 0 || subscriptionIds.length > chosenMax)) throw invalid('/subscriptionIds', `must name from 1 to ${chosenMax} subscriptions`);
  }
  const changed = changedPlans(drafted);
  if (changed.length === 0) throw new AppError('conflict', 'The draft has the present prices: there is nothing to roll out.');
  const preview = await previewRollOut(database.kysely, drafted, subscriptionIds);
  const chosen = await readChosen(database.kysely, subscriptionIds);
  let scheduled = 0;
  for (const { product, plan, present } of changed) {
    if (!(await isSaved(database.kysely, product.id, plan))) await plans.save(actor, { productSlug: product.slug, planSlug: present === undefined ? null : plan.slug, plan, moveSubscribers: false, revisionId: present?.revisionId });
    if (present === undefined || subscriptionIds === 'none') continue;
    const ids = subscriptionIds === 'all' ? 'all' : (chosen.get(present.id) ?? []);
    if (ids.length > 0) scheduled += (await subscriptions.schedulePrices(actor, { productSlug: product.slug, planSlug: plan.slug, subscriptionIds: ids, at: at! })).scheduled;
  }
  return { plans: preview, scheduled };
}

function changedPlans(drafted: DraftedProduct[]) {
  return drafted.flatMap((product) => product.plans.flatMap((plan) => {
    const present = product.present.find((each) => each.plan.slug === plan.slug);
    return present !== undefined && isDeepStrictEqual(present.plan, plan) ? [] : [{ product, plan, present }];
  }));
}

async function isSaved(query: Query, productId: string, plan: PlanConfig): Promise<boolean> {
  const row = await query.selectFrom('plan').innerJoin('plan_revision', 'plan_revision.id', 'plan.current_revision_id').select('plan_revision.config').where('plan.product_id', '=', productId).where('plan.slug', '=', plan.slug).executeTakeFirst();
  return row !== undefined && isDeepStrictEqual(JSON.parse(row.config), plan);
}

/** The named subscriptions by plan. */
async function readChosen(query: Query, movers: Movers): Promise<Map<string, string[]>> {
  const byPlan = new Map<string, string[]>();
  if (!Array.isArray(movers)) return byPlan;
  const ids = [...new Set(movers)];
  for (let start = 0; start < ids.length; start += 500) {
    const rows = await query.selectFrom('subscription').select(['id', 'plan_id']).where('id', 'in', ids.slice(start, start + 500)).where('state', '=', 'active').execute();
    for (const { id, plan_id: planId } of rows) byPlan.set(planId, [...(byPlan.get(planId) ?? []), id]);
  }
  return byPlan;
}
