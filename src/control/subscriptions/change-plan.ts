import type { PlanConfig } from '../../domain/config.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import { auditActorName, recordAudit, type AuditActor } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import { recordSubscriptionChanges } from '../gateways/credential-log.ts';
import { compareFees, feeDifference } from './compare-fees.ts';
import { cutPhases } from './cut-phases.ts';
import { rollSubscription } from './roll-subscription.ts';
import { usageCosts } from './usage-costs.ts';

type Deps = Pick<ControlDeps, 'clock' | 'random'>;
export type ChangeWhen = 'now' | 'period-end';

export interface ChangePlan {
  subscriptionId: string;
  /** Of the same product. Its present revision holds, whenever the change takes effect. */
  planId: string;
  when?: ChangeWhen | undefined;
  actor: AuditActor;
  byProducer: boolean;
  /** The caller tells of it. */
  silent?: boolean;
}

/** A subscription and a plan that it could move to, as far as a change is concerned. */
export interface PlanChange {
  subscription: { id: string; consumerId: string; productId: string; productSlug: string; planId: string; planSlug: string; terms: PlanConfig };
  period: { id: string; kind: 'trial' | 'regular'; from: number; to: number };
  plan: { id: string; slug: string; revisionId: string; terms: PlanConfig };
}

/**
 * Moves an active subscription to another plan, at once or at the end of its period, inside the caller's transaction; the caller pushes credential changes
 * after its commit. Without a wish, a higher or equal fee per month takes effect at once, unless this period's usage would cost less by more than the fee for its rest, and a lower one at the end; the producer's own changes do at once.
 * Another currency always waits, since a bill is in one.
 * @throws AppError `conflict` when the subscription is not active, or when a developer wants a plan now on which this period would cost less.
 */
export async function changePlan(deps: Deps, query: Query, input: ChangePlan): Promise<{ effectiveAt: number; now: boolean }> {
  const { actor, subscriptionId } = input;
  await rollSubscription(deps, query, subscriptionId);
  const change = await readChange(query, subscriptionId, input.planId);
  const at = deps.clock.now();
  const when = await settleWhen(query, change, { ...input, now: at });
  const { subscription, plan, period } = change;
  if (when === 'now') {
    await cutPhases(deps, query, { subscriptionIds: [subscription.id], revisionId: plan.revisionId, at, reason: reasonOf(change) });
    await query.updateTable('subscription').set({ plan_id: plan.id, plan_revision_id: plan.revisionId, requested_plan_id: null, ...nothingScheduled, scheduled_revision_id: null, scheduled_at: null }).where('id', '=', subscription.id).execute();
    await recordSubscriptionChanges(query, (subscriptions) => subscriptions.where('subscription.id', '=', subscription.id), at);
  } else {
    await query.updateTable('subscription').set({ requested_plan_id: null, cancel_at_period_end: 0, scheduled_plan_id: plan.id, scheduled_plan_revision_id: plan.revisionId }).where('id', '=', subscription.id).execute();
  }
  const effectiveAt = when === 'now' ? at : period.to;
  if (input.silent) return { effectiveAt, now: when === 'now' };
  const told = { product: subscription.productSlug, plan: plan.slug, ...(when === 'period-end' && { effectiveAt }) };
  await recordActivity(query, deps, { consumerId: subscription.consumerId, actor: auditActorName(actor), kind: when === 'now' ? 'subscription.moved' : 'subscription.scheduled', subject: subscription.id, detail: { ...told, from: subscription.planSlug } });
  await recordAudit(query, deps, actor, {
    action: when === 'now' ? 'moved' : 'scheduled', noun: 'subscription', subject: subscription.id, name: `${subscription.productSlug} ${plan.slug}`,
    before: { consumer: subscription.consumerId, product: subscription.productSlug, plan: subscription.planSlug }, after: { consumer: subscription.consumerId, ...told },
  });
  return { effectiveAt, now: when === 'now' };
}

export const nothingScheduled = { cancel_at_period_end: 0, scheduled_plan_id: null, scheduled_plan_revision_id: null } as const;

/** @throws AppError `not_found`, `conflict` when it is not active. */
export async function readChange(query: Query, subscriptionId: string, planId: string): Promise<PlanChange> {
  const row = await query.selectFrom('subscription').innerJoin('plan', 'plan.id', 'subscription.plan_id').innerJoin('plan_revision', 'plan_revision.id', 'subscription.plan_revision_id').innerJoin('product', 'product.id', 'subscription.product_id')
    .leftJoin('billing_period', (join) => join.onRef('billing_period.subscription_id', '=', 'subscription.id').on('billing_period.state', '=', 'open'))
    .select(['subscription.id', 'subscription.state', 'subscription.consumer_id', 'subscription.product_id', 'product.slug as product_slug', 'subscription.plan_id', 'plan.slug as plan_slug', 'plan_revision.config', 'billing_period.id as period_id', 'billing_period.kind', 'billing_period.from_at', 'billing_period.to_at'])
    .where('subscription.id', '=', subscriptionId).executeTakeFirst();
  if (!row) throw new AppError('not_found', `There is no subscription ${subscriptionId}.`);
  if (row.state !== 'active' || row.period_id === null) throw new AppError('conflict', `This subscription is ${row.state}: its plan cannot change.`);
  const plan = await query.selectFrom('plan').innerJoin('plan_revision', 'plan_revision.id', 'plan.current_revision_id').select(['plan.id', 'plan.slug', 'plan.current_revision_id', 'plan_revision.config']).where('plan.id', '=', planId).executeTakeFirstOrThrow();
  return {
    subscription: { id: row.id, consumerId: row.consumer_id, productId: row.product_id, productSlug: row.product_slug, planId: row.plan_id, planSlug: row.plan_slug, terms: JSON.parse(row.config) as PlanConfig },
    period: { id: row.period_id, kind: row.kind!, from: row.from_at!, to: row.to_at! },
    plan: { id: plan.id, slug: plan.slug, revisionId: plan.current_revision_id, terms: JSON.parse(plan.config) as PlanConfig },
  };
}

/** When it would take effect. @throws AppError `conflict` for a wish that cannot be. */
export async function settleWhen(query: Query, change: PlanChange, { when, byProducer, now }: Pick<ChangePlan, 'when' | 'byProducer'> & { now: number }): Promise<ChangeWhen> {
  const { terms } = change.plan;
  if (terms.currency !== change.subscription.terms.currency) return 'period-end';
  if (when === 'period-end') return when;
  if (byProducer) return 'now';
  const lower = compareFees(terms, change.subscription.terms) < 0;
  if (lower && when !== 'now') return 'period-end';
  const freed = change.period.kind === 'trial' ? 0n : await usageCosts(query, change, change.subscription.terms) - await usageCosts(query, change, terms);
  // What the change takes off the usage so far is paid for by the fee for the rest of the period, or the change waits.
  if (freed <= 0n || (!lower && freed <= feeDifference(terms, change.subscription.terms, change.period.to - now))) return 'now';
  if (when !== 'now') return 'period-end';
  throw new AppError('conflict', `What was used since ${new Date(change.period.from).toISOString().slice(0, 10)} costs more on ${change.subscription.terms.name} than on ${terms.name}, so ${terms.name} begins with the next period. Choose the end of the period.`);
}

function reasonOf({ subscription, plan }: PlanChange): 'upgrade' | 'downgrade' | 'moved' {
  const order = compareFees(plan.terms, subscription.terms);
  return order > 0 ? 'upgrade' : order < 0 ? 'downgrade' : 'moved';
}
