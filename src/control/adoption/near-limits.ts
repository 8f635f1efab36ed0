// Accounts that are close to the end of a quota: whom a plan no longer fits.
import type { PlanConfig } from '../../domain/config.ts';
import { isRate, type Limit, type QuotaPeriod } from '../../domain/limit.ts';
import { windowAt } from '../../domain/window.ts';
import { sql } from 'kysely';
import type { Query } from '../../store/database.ts';
import type { NearLimit } from '../services.ts';

const nearShare = 0.8;

/** Live quotas of active subscriptions that are used to 80 % or more, fullest first. One statement per quota and window. */
export async function listNearLimits(query: Query, { productId, now, limit }: { productId: string | undefined; now: number; limit: number }): Promise<{ total: number; rows: NearLimit[] }> {
  let subscriptions = query.selectFrom('subscription').innerJoin('plan_revision', 'plan_revision.id', 'subscription.plan_revision_id')
    .select(['subscription.plan_revision_id', 'subscription.anchor_at', 'plan_revision.config']).distinct().where('subscription.state', '=', 'active');
  if (productId !== undefined) subscriptions = subscriptions.where('subscription.product_id', '=', productId);
  const questions = new Map<string, { revisionId: string; quota: Limit; from: number; to: number; anchors: number[] }>();
  for (const { plan_revision_id: revisionId, anchor_at: anchor, config } of await subscriptions.execute()) {
    for (const quota of (JSON.parse(config) as PlanConfig).limits) {
      if (isRate(quota)) continue;
      const window = windowAt(quota.per as QuotaPeriod, now, anchor);
      const name = `${revisionId} ${quota.name} ${window.from}`;
      const question = questions.get(name) ?? { revisionId, quota, ...window, anchors: [] };
      question.anchors.push(anchor);
      questions.set(name, question);
    }
  }
  const found: NearLimit[] = [];
  for (const question of questions.values()) found.push(...(await usedUp(query, question)));
  found.sort((a, b) => b.used / b.limit.requests - a.used / a.limit.requests);
  return { total: found.length, rows: found.slice(0, limit) };
}

async function usedUp(query: Query, { revisionId, quota, from, to, anchors }: { revisionId: string; quota: Limit; from: number; to: number; anchors: number[] }): Promise<NearLimit[]> {
  const used = sql<string>`sum(cast(usage.quantity as bigint))`;
  let rows = query.selectFrom('usage').innerJoin('subscription', 'subscription.id', 'usage.subscription_id').innerJoin('consumer', 'consumer.id', 'subscription.consumer_id')
    .innerJoin('plan', 'plan.id', 'subscription.plan_id').innerJoin('product', 'product.id', 'subscription.product_id')
    .select(['consumer.id as consumerId', 'consumer.name', 'plan.name as planName', 'product.name as productName', used.as('used')])
    .where('subscription.plan_revision_id', '=', revisionId).where('subscription.state', '=', 'active')
    .where('usage.meter', '=', 'requests').where('usage.mode', '=', 'live').where('usage.hour', '>=', from).where('usage.hour', '<', to);
  if (quota.per === 'period') rows = rows.where('subscription.anchor_at', 'in', anchors);
  const near = await rows.groupBy(['consumer.id', 'consumer.name', 'plan.name', 'product.name']).having(used, '>=', String(Math.ceil(quota.requests * nearShare)) as never).limit(1_000).execute();
  return near.map(({ used: quantity, ...row }) => ({ ...row, used: Number(quantity), limit: quota, resetsAt: to }));
}
