// Plans with approval: the producer's decision on what list-plan-requests.ts lists.
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import { actorName } from '../rights.ts';
import type { Actor } from '../services.ts';
import { changePlan } from '../subscriptions/change-plan.ts';
import { endSubscriptions } from '../subscriptions/end-subscriptions.ts';
import { activateSubscription } from '../subscriptions/subscribe-consumer.ts';

export const messageMax = 2_000;

/** Inside the caller's transaction; the caller pushes credential changes after its commit. @throws AppError `not_found`, `conflict` when nothing waits. */
export async function decideRequest(deps: Pick<ControlDeps, 'clock' | 'random'>, query: Query, actor: Actor, { subscriptionId: id, approve, message = '' }: { subscriptionId: string; approve: boolean; message?: string }): Promise<void> {
  const row = await query.selectFrom('subscription').select(['id', 'consumer_id', 'plan_id', 'state', 'requested_plan_id']).where('id', '=', id).executeTakeFirst();
  if (!row) throw new AppError('not_found', `There is no subscription ${id}.`);
  if (row.state !== 'pending' && row.requested_plan_id === null) throw new AppError('conflict', `This subscription is ${row.state}: it does not wait for approval.`);
  if (message.trim().length > messageMax) throw new AppError('input_invalid', `The message is too long: write at most ${messageMax} characters.`, { errors: [{ pointer: '/message', detail: `is longer than ${messageMax} characters` }] });
  const plan = await query.selectFrom('plan').select(['id', 'slug', 'current_revision_id', 'archived_at']).where('id', '=', row.requested_plan_id ?? row.plan_id).executeTakeFirstOrThrow();
  if (approve) {
    if (plan.archived_at !== null) throw new AppError('conflict', `The plan "${plan.slug}" is no longer offered. Decline the request.`);
    if (row.state === 'pending') await activateSubscription(deps, query, id, plan);
    else await changePlan(deps, query, { subscriptionId: id, planId: plan.id, actor, byProducer: false, silent: true });
  } else if (row.requested_plan_id !== null) {
    await query.updateTable('subscription').set({ requested_plan_id: null }).where('id', '=', id).execute();
  } else {
    await endSubscriptions(deps, query, { subscriptionId: id });
  }
  const said = message.trim() === '' ? {} : { message: message.trim() };
  await recordActivity(query, deps, { consumerId: row.consumer_id, actor: actorName(actor), kind: approve ? 'subscription.approved' : 'subscription.declined', subject: id, detail: { plan: plan.slug, ...said } });
  const present = row.requested_plan_id === null ? plan : await query.selectFrom('plan').select('slug').where('id', '=', row.plan_id).executeTakeFirstOrThrow();
  await recordAudit(query, deps, actor, {
    action: approve ? 'approved' : 'declined', noun: 'subscription', subject: id, name: plan.slug, before: { consumer: row.consumer_id, plan: present.slug, state: row.state, requestedPlan: row.requested_plan_id === null ? null : plan.slug },
    after: { consumer: row.consumer_id, plan: approve ? plan.slug : present.slug, state: approve ? 'active' : row.requested_plan_id === null ? 'ended' : row.state, requestedPlan: null, ...said },
  });
}
