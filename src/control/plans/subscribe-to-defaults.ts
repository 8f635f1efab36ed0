import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import type { AuditActor } from '../audit/record-audit.ts';
import { subscribeConsumer } from '../subscriptions/subscribe-consumer.ts';

/** What sign-up does, inside its transaction: subscribes the consumer to the default plan of every public product that has one. */
export async function subscribeToDefaults(deps: Pick<ControlDeps, 'clock' | 'random'>, query: Query, input: { consumerId: string; actor: AuditActor }): Promise<void> {
  const defaults = await query
    .selectFrom('plan')
    .innerJoin('product', 'product.id', 'plan.product_id')
    .select(['product.id', 'product.slug', 'plan.slug as plan_slug'])
    .where('plan.is_default', '=', 1)
    .where('plan.access', '=', 'public')
    .where('plan.archived_at', 'is', null)
    .where('product.access', '=', 'public')
    .where('product.removed_at', 'is', null)
    .orderBy('product.position')
    .execute();
  for (const row of defaults) await subscribeConsumer(deps, query, { consumerId: input.consumerId, product: { id: row.id, slug: row.slug }, planSlug: row.plan_slug, actor: input.actor, byProducer: false });
}
