import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import { auditActorName, recordAudit, type AuditActor } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import { nothingScheduled } from './change-plan.ts';
import { rollSubscription } from './roll-subscription.ts';

type Deps = Pick<ControlDeps, 'clock' | 'random'>;
interface Input { subscriptionId: string; actor: AuditActor }

/** It goes on until the end of its period. Once is enough. @throws AppError `not_found`, `conflict` when it is not active. */
export async function cancelSubscription(deps: Deps, query: Query, { subscriptionId, actor }: Input): Promise<void> {
  await rollSubscription(deps, query, subscriptionId);
  const row = await readScheduled(query, subscriptionId);
  if (row.cancel_at_period_end === 1) return;
  await query.updateTable('subscription').set({ ...nothingScheduled, cancel_at_period_end: 1 }).where('id', '=', subscriptionId).execute();
  await tell(deps, query, actor, row, { action: 'cancelled', after: { cancelAtPeriodEnd: true, effectiveAt: row.to_at } });
}

/** Takes back a cancellation or a change of plan that waits for the end of the period; what the producer has set for its prices stays. */
export async function resumeSubscription(deps: Deps, query: Query, { subscriptionId, actor }: Input): Promise<void> {
  await rollSubscription(deps, query, subscriptionId);
  const row = await readScheduled(query, subscriptionId);
  if (row.cancel_at_period_end === 0 && row.scheduled_plan_id === null) return;
  await query.updateTable('subscription').set(nothingScheduled).where('id', '=', subscriptionId).execute();
  await tell(deps, query, actor, row, { action: 'resumed', after: { cancelAtPeriodEnd: false, scheduledPlan: null } });
}

async function readScheduled(query: Query, id: string) {
  const row = await query.selectFrom('subscription').innerJoin('product', 'product.id', 'subscription.product_id').innerJoin('plan', 'plan.id', 'subscription.plan_id')
    .leftJoin('plan as scheduled', 'scheduled.id', 'subscription.scheduled_plan_id').leftJoin('billing_period', (join) => join.onRef('billing_period.subscription_id', '=', 'subscription.id').on('billing_period.state', '=', 'open'))
    .select(['subscription.id', 'subscription.consumer_id', 'subscription.state', 'subscription.cancel_at_period_end', 'subscription.scheduled_plan_id', 'scheduled.slug as scheduled_slug', 'product.slug as product_slug', 'plan.slug as plan_slug', 'billing_period.to_at'])
    .where('subscription.id', '=', id).executeTakeFirst();
  if (!row) throw new AppError('not_found', `There is no subscription ${id}.`);
  if (row.state !== 'active') throw new AppError('conflict', `This subscription is ${row.state}: there is nothing to cancel or resume.`);
  return row;
}

async function tell(deps: Deps, query: Query, actor: AuditActor, row: Awaited<ReturnType<typeof readScheduled>>, { action, after }: { action: 'cancelled' | 'resumed'; after: Record<string, unknown> }): Promise<void> {
  const detail = { product: row.product_slug, plan: row.plan_slug };
  await recordActivity(query, deps, { consumerId: row.consumer_id, actor: auditActorName(actor), kind: `subscription.${action}`, subject: row.id, detail: { ...detail, ...(action === 'cancelled' && { effectiveAt: row.to_at }) } });
  await recordAudit(query, deps, actor, { action, noun: 'subscription', subject: row.id, name: `${row.product_slug} ${row.plan_slug}`, before: { consumer: row.consumer_id, cancelAtPeriodEnd: row.cancel_at_period_end === 1, scheduledPlan: row.scheduled_slug }, after: { consumer: row.consumer_id, ...after } });
}
