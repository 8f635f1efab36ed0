import type { PlanConfig } from '../../domain/config.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { requireConsumer, type Right } from '../rights.ts';
import type { Actor } from '../services.ts';

export interface OwnSubscription { id: string; consumerId: string; productId: string; productSlug: string; productName: string; planId: string; planSlug: string; state: 'active' | 'pending' | 'paused' | 'ended'; anchorAt: number; currency: string; terms: PlanConfig; spendCap: string | null; spendAlerts: number[] }

/** A developer's own, or any with the right. @throws AppError `not_found`, also for another consumer's developer; `role_forbids`. */
export async function ownSubscription(query: Query, actor: Actor, id: string, right: Right): Promise<OwnSubscription> {
  const row = await query.selectFrom('subscription').innerJoin('plan_revision', 'plan_revision.id', 'subscription.plan_revision_id').innerJoin('plan', 'plan.id', 'subscription.plan_id').innerJoin('product', 'product.id', 'subscription.product_id')
    .select(['subscription.id', 'subscription.consumer_id', 'subscription.product_id', 'product.slug as product_slug', 'product.name as product_name', 'subscription.plan_id', 'plan.slug as plan_slug', 'subscription.state', 'subscription.anchor_at', 'plan_revision.config', 'subscription.spend_cap', 'subscription.spend_alerts'])
    .where('subscription.id', '=', id).executeTakeFirst();
  requireConsumer(actor, row?.consumer_id ?? '', right);
  if (!row) throw new AppError('not_found', `There is no subscription ${id}.`);
  const terms = JSON.parse(row.config) as PlanConfig;
  return {
    id: row.id, consumerId: row.consumer_id, productId: row.product_id, productSlug: row.product_slug, productName: row.product_name, planId: row.plan_id, planSlug: row.plan_slug, state: row.state, anchorAt: row.anchor_at,
    currency: terms.currency, terms, spendCap: row.spend_cap, spendAlerts: JSON.parse(row.spend_alerts) as number[],
  };
}
