// The end of a period: what waited for it takes effect, at that very moment, and the next period begins.
import { nextPeriod } from '../../domain/billing-period.ts';
import type { PlanConfig } from '../../domain/config.ts';
import { newId } from '../../domain/id.ts';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import { recordSubscriptionChanges } from '../gateways/credential-log.ts';
import { compareFees, isPaid } from './compare-fees.ts';
import { cutPhases, type PhaseReason } from './cut-phases.ts';

type Deps = Pick<ControlDeps, 'clock' | 'random'>;

/** `moved`: on another revision now, or ended, so that gateways must hear of it. */
export interface Rolled { periods: number; moved: boolean }

/** Ends every period whose end has passed, one after the other, inside the caller's transaction. Every change of a subscription begins with it. */
export async function rollSubscription(deps: Deps, query: Query, subscriptionId: string): Promise<Rolled> {
  const rolled: Rolled = { periods: 0, moved: false };
  for (;;) {
    const one = await rollOnePeriod(deps, query, subscriptionId);
    if (one === undefined) return rolled;
    rolled.periods += 1;
    rolled.moved ||= one.moved;
  }
}

/** Ends the open period if its end has passed; undefined when it has not. Inside the caller's transaction. */
export async function rollOnePeriod({ clock, random }: Deps, query: Query, subscriptionId: string): Promise<{ moved: boolean } | undefined> {
  const period = await query.selectFrom('billing_period').select(['id', 'to_at']).where('subscription_id', '=', subscriptionId).where('state', '=', 'open').where('to_at', '<=', clock.now()).executeTakeFirst();
  if (!period) return undefined;
  await query.updateTable('billing_period').set({ state: 'ended' }).where('id', '=', period.id).execute();
  const at = period.to_at;
  const subscription = await getStanding(query, subscriptionId);
  const next = await decideNext(query, subscription, at);
  if (next === 'end') {
    await endAt({ clock, random }, query, subscription, at);
    return { moved: true };
  }
  const moved = next !== undefined;
  if (moved) await moveTo({ clock, random }, query, subscription, { ...next, at });
  const { to } = nextPeriod(subscription.anchor_at, (next?.config ?? subscription.config).interval ?? 'month', at);
  await query.insertInto('billing_period').values({ id: newId('period', at, random), subscription_id: subscriptionId, kind: 'regular', from_at: at, to_at: to, state: 'open', invoice_id: null, billed_at: null }).execute();
  // The gateway enforces a cap by the period that it holds for.
  if (subscription.spend_cap !== null && !moved) await recordSubscriptionChanges(query, (subscriptions) => subscriptions.where('subscription.id', '=', subscriptionId), clock.now());
  return { moved: moved || subscription.spend_cap !== null };
}

type Standing = Awaited<ReturnType<typeof getStanding>>;
interface Next { planId: string; slug: string; revisionId: string; config: PlanConfig; reason: PhaseReason }

async function getStanding(query: Query, id: string) {
  const row = await query.selectFrom('subscription').innerJoin('plan_revision', 'plan_revision.id', 'subscription.plan_revision_id').innerJoin('plan', 'plan.id', 'subscription.plan_id').innerJoin('product', 'product.id', 'subscription.product_id')
    .select([
      'subscription.id', 'subscription.consumer_id', 'subscription.product_id', 'subscription.plan_id', 'subscription.plan_revision_id', 'subscription.anchor_at', 'subscription.cancel_at_period_end', 'subscription.scheduled_plan_id',
      'subscription.scheduled_plan_revision_id', 'subscription.scheduled_revision_id', 'subscription.scheduled_at', 'subscription.spend_cap', 'plan_revision.config', 'plan.slug as plan_slug', 'product.slug as product_slug',
    ])
    .where('subscription.id', '=', id).executeTakeFirstOrThrow();
  return { ...row, config: JSON.parse(row.config) as PlanConfig };
}

async function decideNext(query: Query, subscription: Standing, at: number): Promise<Next | 'end' | undefined> {
  if (subscription.cancel_at_period_end === 1) return (await fallBack(query, subscription)) ?? 'end';
  if (subscription.scheduled_plan_id !== null) {
    const plan = await query.selectFrom('plan').select('current_revision_id').where('id', '=', subscription.scheduled_plan_id).executeTakeFirstOrThrow();
    return readNext(query, subscription, subscription.scheduled_plan_revision_id ?? plan.current_revision_id);
  }
  if (subscription.scheduled_revision_id === null || (subscription.scheduled_at ?? at) > at) return undefined;
  return { ...(await readNext(query, subscription, subscription.scheduled_revision_id)), reason: 'revision' };
}

/** Who cancels a paid plan falls to the product's default plan, unless that is the one. */
async function fallBack(query: Query, subscription: Standing): Promise<Next | undefined> {
  if (!isPaid(subscription.config)) return undefined;
  const plan = await query.selectFrom('plan').innerJoin('product', 'product.id', 'plan.product_id').select('plan.current_revision_id').where('plan.product_id', '=', subscription.product_id).where('plan.is_default', '=', 1).where('plan.archived_at', 'is', null)
    .where('plan.id', '!=', subscription.plan_id).where('product.removed_at', 'is', null).executeTakeFirst();
  return plan && readNext(query, subscription, plan.current_revision_id);
}

async function readNext(query: Query, subscription: Standing, revisionId: string): Promise<Next> {
  const row = await query.selectFrom('plan_revision').innerJoin('plan', 'plan.id', 'plan_revision.plan_id').select(['plan.id', 'plan.slug', 'plan_revision.config']).where('plan_revision.id', '=', revisionId).executeTakeFirstOrThrow();
  const config = JSON.parse(row.config) as PlanConfig;
  const order = config.currency === subscription.config.currency ? compareFees(config, subscription.config) : 0;
  return { planId: row.id, slug: row.slug, revisionId, config, reason: order < 0 ? 'downgrade' : order > 0 ? 'upgrade' : 'moved' };
}

/** A cap in another currency ends with it. */
async function moveTo(deps: Deps, query: Query, subscription: Standing, { planId, slug, revisionId, config, reason, at }: Next & { at: number }): Promise<void> {
  const { id, consumer_id: consumerId } = subscription;
  const ownPlan = planId === subscription.plan_id;
  const capEnds = subscription.spend_cap !== null && config.currency !== subscription.config.currency;
  await cutPhases(deps, query, { subscriptionIds: [id], revisionId, at, reason });
  await query.updateTable('subscription').set({ plan_id: planId, plan_revision_id: revisionId, requested_plan_id: null, cancel_at_period_end: 0, scheduled_plan_id: null, scheduled_plan_revision_id: null, scheduled_revision_id: null, scheduled_at: null, ...(capEnds && { spend_cap: null }) }).where('id', '=', id).execute();
  await recordSubscriptionChanges(query, (subscriptions) => subscriptions.where('subscription.id', '=', id), deps.clock.now());
  await recordActivity(query, deps, { consumerId, actor: 'system', kind: ownPlan ? 'subscription.revised' : 'subscription.moved', subject: id, detail: { product: subscription.product_slug, plan: slug, from: subscription.plan_slug, effectiveAt: at, ...(capEnds && { spendCap: 'removed: another currency' }) } });
  await recordAudit(query, deps, { kind: 'system' }, {
    action: 'moved', noun: 'subscription', subject: id, name: `${subscription.product_slug} ${slug}`,
    before: { consumer: consumerId, plan: subscription.plan_slug, revision: subscription.plan_revision_id }, after: { consumer: consumerId, plan: slug, revision: revisionId, at },
  });
}

async function endAt(deps: Deps, query: Query, subscription: Standing, at: number): Promise<void> {
  const { id, consumer_id: consumerId, plan_slug: plan, product_slug: product } = subscription;
  await recordSubscriptionChanges(query, (subscriptions) => subscriptions.where('subscription.id', '=', id), deps.clock.now());
  await query.updateTable('subscription').set({ state: 'ended', ended_at: at, requested_plan_id: null, cancel_at_period_end: 0, scheduled_revision_id: null, scheduled_at: null }).where('id', '=', id).execute();
  await query.updateTable('subscription_phase').set({ to_at: at }).where('subscription_id', '=', id).where('to_at', 'is', null).execute();
  await recordActivity(query, deps, { consumerId, actor: 'system', kind: 'subscription.ended', subject: id, detail: { product, plan, effectiveAt: at } });
  await recordAudit(query, deps, { kind: 'system' }, { action: 'ended', noun: 'subscription', subject: id, name: `${product} ${plan}`, before: { consumer: consumerId, plan, state: 'active' }, after: { consumer: consumerId, plan, state: 'ended', at } });
}
