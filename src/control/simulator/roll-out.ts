// A draft that was simulated enters; what leaves are new revisions of its plans, and subscribers on their way to them.
import { isDeepStrictEqual } from 'node:util';
import type { MeterConfig, PlanConfig } from '../../domain/config.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { invalid } from '../credits/amount-input.ts';
import type { ControlDeps } from '../deps.ts';
import { getProductRow } from '../products/edit-product.ts';
import { productConfigOf } from '../products/product-rows.ts';
import { requireRight } from '../rights.ts';
import type { Actor, Plans, RollOutPlan, Subscriptions } from '../services.ts';
import { refuseMoment } from '../subscriptions/schedule-prices.ts';
import type { DraftedProduct } from './read-draft.ts';

export type Movers = string[] | 'all' | 'none';
const chosenMax = 10_000;

/** The plans that the draft changes, with who is on them. @throws AppError `conflict`, `input_invalid` where the draft cannot be rolled out as it is */
export async function previewRollOut(query: Query, drafted: DraftedProduct[], movers: Movers): Promise<RollOutPlan[]> {
  await refuseStale(query, drafted);
  const chosen = await readChosen(query, drafted, movers);
  const plans: RollOutPlan[] = [];
  for (const { product, plan, present } of changedPlans(drafted)) {
    const subscribers = present === undefined ? 0 : Number((await query.selectFrom('subscription').select((eb) => eb.fn.countAll().as('count')).where('plan_id', '=', present.id).where('state', '=', 'active').executeTakeFirstOrThrow()).count);
    const moving = movers === 'all' ? subscribers : present === undefined ? 0 : (chosen.get(present.id) ?? []).length;
    plans.push({ productSlug: product.slug, planSlug: plan.slug, planName: plan.name, change: present === undefined ? 'new' : 'changed', subscribers, moving });
  }
  return plans;
}

/** All is checked first; then a transaction for each plan, and for each part of its subscribers. Repeated, it goes on where it stopped. @throws AppError `conflict` when a plan was saved by somebody else since the draft was read, or when the draft changes meters */
export async function rollOut({ database, clock }: Pick<ControlDeps, 'database' | 'clock'>, { plans, subscriptions }: { plans: Pick<Plans, 'save'>; subscriptions: Pick<Subscriptions, 'schedulePrices'> }, actor: Actor, { drafted, subscriptionIds, at }: { drafted: DraftedProduct[]; subscriptionIds: Movers; at?: number | undefined }): Promise<{ plans: RollOutPlan[]; scheduled: number }> {
  requireRight(actor, 'plans.change');
  if (subscriptionIds !== 'none') {
    requireRight(actor, 'billing.change');
    if (at === undefined) throw invalid('/at', 'must say from when subscribers move: a moment from now on');
    refuseMoment(at, clock.now());
    if (Array.isArray(subscriptionIds) && (subscriptionIds.length === 0 || subscriptionIds.length > chosenMax)) throw invalid('/subscriptions', `must name from 1 to ${chosenMax} subscriptions`);
  }
  const changed = changedPlans(drafted);
  if (changed.length === 0) throw new AppError('conflict', 'The draft has the present prices: there is nothing to roll out.');
  const preview = await previewRollOut(database.kysely, drafted, subscriptionIds);
  let scheduled = 0;
  for (const { product, plan, present } of changed) {
    if (!(await isSaved(database.kysely, product.id, plan))) await plans.save(actor, { productSlug: product.slug, planSlug: present === undefined ? null : plan.slug, plan, moveSubscribers: false, revisionId: present?.revisionId });
    if (present === undefined || subscriptionIds === 'none') continue;
    // Read again: of a repeated roll-out some are on the new prices by now.
    const ids = subscriptionIds === 'all' ? 'all' : ((await readChosen(database.kysely, drafted, subscriptionIds, { still: true })).get(present.id) ?? []);
    if (ids.length > 0) scheduled += (await subscriptions.schedulePrices(actor, { productSlug: product.slug, planSlug: plan.slug, subscriptionIds: ids, at: at! })).scheduled;
  }
  return { plans: preview, scheduled };
}

/** What would stop a roll-out half-way is said before it begins. */
async function refuseStale(query: Query, drafted: DraftedProduct[]): Promise<void> {
  for (const { slug, plans, meters } of drafted) {
    const known = productConfigOf(await getProductRow(query, slug)).meters;
    for (const plan of plans) {
      const other = plan.prices.find(({ meter }) => !isDeepStrictEqual(meterNamed(meters, meter), meterNamed(known, meter)));
      if (other) throw new AppError('conflict', `The draft defines the meter "${other.meter}", which "${plan.slug}" has a price for, otherwise than "${slug}" does. A roll-out changes prices alone, so nothing was changed. Change the meter with \`portico apply\`, then simulate again.`);
    }
  }
  for (const { product, plan, present } of changedPlans(drafted)) {
    const row = await query.selectFrom('plan').select('current_revision_id').where('product_id', '=', product.id).where('slug', '=', plan.slug).executeTakeFirst();
    if (row?.current_revision_id === present?.revisionId || await isSaved(query, product.id, plan)) continue;
    throw new AppError('conflict', `The plan "${plan.slug}" was saved by somebody else since the draft was read, so nothing was changed. Simulate again with its present prices.`);
  }
}

function meterNamed(meters: readonly MeterConfig[], name: string): MeterConfig | undefined {
  return meters.find((meter) => meter.name === name);
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

/** The named subscriptions that are active, by plan. `still`: without those on the plan's present revision. @throws AppError `input_invalid` for one that none of the products has */
async function readChosen(query: Query, drafted: DraftedProduct[], movers: Movers, { still = false } = {}): Promise<Map<string, string[]>> {
  const byPlan = new Map<string, string[]>();
  if (!Array.isArray(movers)) return byPlan;
  const ids = [...new Set(movers)];
  for (let start = 0; start < ids.length; start += 500) {
    const part = ids.slice(start, start + 500);
    const rows = await query.selectFrom('subscription').innerJoin('plan', 'plan.id', 'subscription.plan_id').select(['subscription.id', 'subscription.plan_id', 'subscription.state', 'subscription.plan_revision_id', 'plan.current_revision_id'])
      .where('subscription.id', 'in', part).where('subscription.product_id', 'in', drafted.map(({ id }) => id)).execute();
    const found = new Set(rows.map(({ id }) => id));
    const stranger = part.find((id) => !found.has(id));
    if (stranger !== undefined) throw invalid('/subscriptions', `names ${stranger}, which is no subscription of ${drafted.map(({ slug }) => `"${slug}"`).join(', ')}`);
    for (const row of rows) if (row.state === 'active' && !(still && row.plan_revision_id === row.current_revision_id)) byPlan.set(row.plan_id, [...(byPlan.get(row.plan_id) ?? []), row.id]);
  }
  return byPlan;
}
