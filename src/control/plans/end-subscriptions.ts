import type { Query } from '../../store/database.ts';
import { recordSubscriptionChanges } from '../gateways/credential-log.ts';

/** Ends what is not ended of a product, of a plan, or one subscription, and tells the gateways. */
export async function endSubscriptions(query: Query, which: { productId: string } | { planId: string } | { subscriptionId: string }, now: number): Promise<void> {
  const [column, id] = 'productId' in which ? (['product_id', which.productId] as const) : 'planId' in which ? (['plan_id', which.planId] as const) : (['id', which.subscriptionId] as const);
  await recordSubscriptionChanges(query, (subscriptions) => subscriptions.where(`subscription.${column}`, '=', id).where('subscription.state', '!=', 'ended'), now);
  await query.updateTable('subscription').set({ state: 'ended', ended_at: now, requested_plan_id: null }).where(column, '=', id).where('state', '!=', 'ended').execute();
}
