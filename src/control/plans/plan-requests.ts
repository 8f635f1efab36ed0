// Plans with approval: what waits for the producer, and the decision.
import { sql } from 'kysely';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import { actorName } from '../rights.ts';
import type { Actor, PlanRequest } from '../services.ts';
import { wholeSum } from '../usage/sum-usage.ts';
import { endSubscriptions } from './end-subscriptions.ts';
import { moveSubscription } from './subscribe-consumer.ts';

const shownMax = 200;
const recentMs = 30 * 86_400_000;
export const messageMax = 2_000;

/** Subscriptions that are pending, and active ones that requested another plan; oldest first. */
export async function listRequests(query: Query, now: number): Promise<PlanRequest[]> {
  const rows = await query
    .selectFrom('subscription')
    .innerJoin('consumer', 'consumer.id', 'subscription.consumer_id')
    .innerJoin('product', 'product.id', 'subscription.product_id')
    .innerJoin('plan', 'plan.id', 'subscription.plan_id')
    .leftJoin('plan as requested', 'requested.id', 'subscription.requested_plan_id')
    .select([
      'subscription.id', 'subscription.consumer_id', 'subscription.created_at', 'consumer.name as consumer_name', 'product.slug as product_slug', 'product.name as product_name',
      'plan.slug as plan_slug', 'plan.name as plan_name', 'requested.slug as requested_slug', 'requested.name as requested_name',
    ])
    .where((eb) => eb.or([eb('subscription.state', '=', 'pending'), eb('subscription.requested_plan_id', 'is not', null)]))
    .orderBy('subscription.id')
    .limit(shownMax)
    .execute();
  const ids = rows.map(({ id }) => id);
  const asked = await listAsked(query, ids);
  const calls = await countCalls(query, ids, now);
  const requests = rows.map((row): PlanRequest => ({
    subscriptionId: row.id, consumerId: row.consumer_id, consumerName: row.consumer_name, productSlug: row.product_slug, productName: row.product_name,
    planSlug: row.requested_slug ?? row.plan_slug, planName: row.requested_name ?? row.plan_name, presentPlan: row.requested_slug === null ? null : row.plan_name,
    requestedAt: asked.get(row.id)?.at ?? row.created_at, requestedBy: asked.get(row.id)?.actor ?? null, ...(calls.get(row.id) ?? { calls30d: '0', callsEver: '0' }),
  }));
  return requests.sort((a, b) => a.requestedAt - b.requestedAt);
}

/** When each subscription asked last, and who did, by the accounts' own logs. */
async function listAsked(query: Query, ids: string[]): Promise<Map<string, { at: number; actor: string }>> {
  if (ids.length === 0) return new Map();
  const rows = await query.selectFrom('activity').select(['subject', 'at', 'actor']).where('subject', 'in', ids).where('kind', 'in', ['plan.requested', 'subscription.created', 'subscription.moved']).orderBy('id').execute();
  return new Map(rows.map((row) => [row.subject!, { at: row.at, actor: row.actor }]));
}

async function countCalls(query: Query, ids: string[], now: number): Promise<Map<string, { calls30d: string; callsEver: string }>> {
  if (ids.length === 0) return new Map();
  const since = Math.floor((now - recentMs) / 3_600_000) * 3_600_000;
  const sums = (from: number) => query.selectFrom('usage').select(['usage.subscription_id', wholeSum.as('calls')]).where('usage.subscription_id', 'in', ids).where('usage.meter', '=', sql.lit('requests')).where('usage.mode', '=', 'live').where('usage.hour', '>=', from).groupBy('usage.subscription_id').execute();
  const [ever, recent] = [await sums(0), new Map((await sums(since)).map((row) => [row.subscription_id, row.calls]))];
  return new Map(ever.map((row) => [row.subscription_id, { callsEver: row.calls, calls30d: recent.get(row.subscription_id) ?? '0' }]));
}

/** Inside the caller's transaction; the caller pushes credential changes after its commit. @throws AppError `not_found`, `conflict` when nothing waits. */
export async function decideRequest(deps: Pick<ControlDeps, 'clock' | 'random'>, query: Query, actor: Actor, { subscriptionId: id, approve, message = '' }: { subscriptionId: string; approve: boolean; message?: string }): Promise<void> {
  const row = await query.selectFrom('subscription').select(['id', 'consumer_id', 'plan_id', 'state', 'requested_plan_id']).where('id', '=', id).executeTakeFirst();
  if (!row) throw new AppError('not_found', `There is no subscription ${id}.`);
  if (row.state !== 'pending' && row.requested_plan_id === null) throw new AppError('conflict', `This subscription is ${row.state}: it does not wait for approval.`);
  if (message.trim().length > messageMax) throw new AppError('input_invalid', `The message is too long: write at most ${messageMax} characters.`, { errors: [{ pointer: '/message', detail: `is longer than ${messageMax} characters` }] });
  const now = deps.clock.now();
  const plan = await query.selectFrom('plan').select(['id', 'slug', 'current_revision_id', 'archived_at']).where('id', '=', row.requested_plan_id ?? row.plan_id).executeTakeFirstOrThrow();
  if (approve) {
    if (plan.archived_at !== null) throw new AppError('conflict', `The plan "${plan.slug}" is no longer offered. Decline the request.`);
    await moveSubscription(deps, query, id, plan, 'active');
  } else if (row.requested_plan_id !== null) {
    await query.updateTable('subscription').set({ requested_plan_id: null }).where('id', '=', id).execute();
  } else {
    await endSubscriptions(query, { subscriptionId: id }, now);
  }
  const said = message.trim() === '' ? {} : { message: message.trim() };
  await recordActivity(query, deps, { consumerId: row.consumer_id, actor: actorName(actor), kind: approve ? 'subscription.approved' : 'subscription.declined', subject: id, detail: { plan: plan.slug, ...said } });
  const present = row.requested_plan_id === null ? plan : await query.selectFrom('plan').select('slug').where('id', '=', row.plan_id).executeTakeFirstOrThrow();
  await recordAudit(query, deps, actor, {
    action: approve ? 'approved' : 'declined', noun: 'subscription', subject: id, name: plan.slug, before: { consumer: row.consumer_id, plan: present.slug, state: row.state, requestedPlan: row.requested_plan_id === null ? null : plan.slug },
    after: { consumer: row.consumer_id, plan: approve ? plan.slug : present.slug, state: approve ? 'active' : row.requested_plan_id === null ? 'ended' : row.state, requestedPlan: null, ...said },
  });
}
