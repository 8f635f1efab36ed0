import { newId } from '../../domain/id.ts';
import type { Query } from '../../store/database.ts';
import type { Tables } from '../../store/tables.ts';
import type { ControlDeps } from '../deps.ts';

export type PhaseReason = Tables['subscription_phase']['reason'];
const atOnce = 500;

/** From `at` on, these subscriptions are on that revision: their open phases end there and the next begin. A phase that had not begun before it becomes the next. */
export async function cutPhases({ random }: Pick<ControlDeps, 'random'>, query: Query, { subscriptionIds, revisionId, at, reason }: { subscriptionIds: readonly string[]; revisionId: string; at: number; reason: PhaseReason }): Promise<void> {
  for (let start = 0; start < subscriptionIds.length; start += atOnce) {
    const open = await query.selectFrom('subscription_phase').select(['id', 'subscription_id', 'from_at', 'plan_revision_id']).where('subscription_id', 'in', subscriptionIds.slice(start, start + atOnce)).where('to_at', 'is', null).execute();
    const others = open.filter((phase) => phase.plan_revision_id !== revisionId);
    const begun = others.filter((phase) => phase.from_at < at);
    const fresh = others.filter((phase) => phase.from_at >= at).map(({ id }) => id);
    if (fresh.length > 0) await query.updateTable('subscription_phase').set({ plan_revision_id: revisionId }).where('id', 'in', fresh).execute();
    if (begun.length === 0) continue;
    await query.updateTable('subscription_phase').set({ to_at: at }).where('id', 'in', begun.map(({ id }) => id)).execute();
    await query.insertInto('subscription_phase').values(begun.map((phase) => ({ id: newId('phase', at, random), subscription_id: phase.subscription_id, plan_revision_id: revisionId, from_at: at, to_at: null, reason }))).execute();
  }
}
