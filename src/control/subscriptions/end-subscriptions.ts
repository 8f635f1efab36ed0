import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import { recordSubscriptionChanges } from '../gateways/credential-log.ts';
import { rollSubscription } from './roll-subscription.ts';

/** Ends what is not ended of a product, of a plan, or one subscription, and tells the gateways. Its period is cut at this moment, to be billed. */
export async function endSubscriptions(deps: Pick<ControlDeps, 'clock' | 'random'>, query: Query, which: { productId: string } | { planId: string } | { subscriptionId: string }): Promise<void> {
  const now = deps.clock.now();
  const [column, id] = 'productId' in which ? (['product_id', which.productId] as const) : 'planId' in which ? (['plan_id', which.planId] as const) : (['id', which.subscriptionId] as const);
  const chosen = () => query.selectFrom('subscription').select('subscription.id').where(`subscription.${column}`, '=', id).where('subscription.state', '!=', 'ended');
  await rollDue(deps, query, chosen(), now);
  await recordSubscriptionChanges(query, (subscriptions) => subscriptions.where(`subscription.${column}`, '=', id).where('subscription.state', '!=', 'ended'), now);
  await query.updateTable('subscription_phase').set({ to_at: now }).where('to_at', 'is', null).where('subscription_id', 'in', chosen()).execute();
  // One that ends in the very moment that its period began has nothing to bill.
  await query.deleteFrom('billing_period').where('state', '=', 'open').where('from_at', '>=', now).where('subscription_id', 'in', chosen()).execute();
  await query.updateTable('billing_period').set({ state: 'ended', to_at: now }).where('state', '=', 'open').where('subscription_id', 'in', chosen()).execute();
  await query.updateTable('subscription').set({ state: 'ended', ended_at: now, requested_plan_id: null, scheduled_plan_id: null, scheduled_plan_revision_id: null, scheduled_revision_id: null, scheduled_at: null, cancel_at_period_end: 0 }).where(column, '=', id).where('state', '!=', 'ended').execute();
}

/** Rolls those of the chosen subscriptions whose period has passed, before something else changes them. */
export async function rollDue(deps: Pick<ControlDeps, 'clock' | 'random'>, query: Query, chosen: ReturnType<typeof subscriptionIds>, now: number): Promise<void> {
  const due = await query.selectFrom('billing_period').select('subscription_id').where('state', '=', 'open').where('to_at', '<=', now).where('subscription_id', 'in', chosen).execute();
  for (const { subscription_id: id } of due) await rollSubscription(deps, query, id);
}

/** Of all subscriptions, to be narrowed. */
export function subscriptionIds(query: Query) {
  return query.selectFrom('subscription').select('subscription.id');
}
