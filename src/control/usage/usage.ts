import { sql } from 'kysely';
import type { PlanConfig } from '../../domain/config.ts';
import { addDecimals } from '../../domain/decimal.ts';
import { isRate, unverifiedLimit, type Limit, type QuotaPeriod } from '../../domain/limit.ts';
import type { Mode } from '../../domain/key.ts';
import { windowAt } from '../../domain/window.ts';
import type { Query } from '../../store/database.ts';
import { chosenConsumer, chosenProduct } from './chosen.ts';
import type { ControlDeps } from '../deps.ts';
import { requireConsumer } from '../rights.ts';
import type { LimitState, Usage } from '../services.ts';
import { requireRange } from './time-range.ts';
import { sumByOperation, sumWhole, usageRows, wholeSum } from './sum-usage.ts';

export function createUsage({ database, clock }: ControlDeps): Usage {
  const query = database.kysely;
  return {
    async get(actor, input) {
      requireRange(input);
      const consumerId = await chosenConsumer(query, actor, input);
      const productId = await chosenProduct(query, actor, input.productSlug);
      const usage = await sumByOperation(query, { consumerId, productId, from: input.from, to: input.to });
      const total: Record<string, string> = {};
      for (const { meter, quantity } of usage) total[meter] = addDecimals(total[meter] ?? '0', quantity);
      return { usage, total };
    },
    async byDay(actor, input) {
      requireRange(input);
      const consumerId = await chosenConsumer(query, actor, input);
      const productId = await chosenProduct(query, actor, input.productSlug);
      return sumByDay(query, { consumerId, productId, from: input.from, to: input.to });
    },
    async limits(actor, { consumerId }) {
      requireConsumer(actor, consumerId, 'workspace.read');
      return listLimits(query, consumerId, clock.now());
    },
  };
}

async function sumByDay(query: Query, filter: { consumerId: string | undefined; productId: string | undefined; from: number; to: number }): ReturnType<Usage['byDay']> {
  const day = sql<number>`usage.hour / 86400000`;
  const rows = await usageRows(query, filter)
    .where('usage.meter', 'in', ['requests', 'successes'])
    .select([day.as('day'), 'usage.mode', 'usage.meter', wholeSum.as('quantity')])
    .groupBy([day, 'usage.mode', 'usage.meter'])
    .execute();
  const days = Map.groupBy(rows, (row) => `${String(row.day).padStart(8, '0')} ${row.mode}`);
  const quantityOf = (group: typeof rows, meter: string): string => group.find((row) => row.meter === meter)?.quantity ?? '0';
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => ({ day: Number(group[0]!.day) * 86_400_000, mode: group[0]!.mode, requests: quantityOf(group, 'requests'), successes: quantityOf(group, 'successes') }));
}

/** The ledger follows the gateway by a second or two, so `remaining` may be that much too high. */
export async function listLimits(query: Query, consumerId: string, now: number): Promise<LimitState[]> {
  const consumer = await query.selectFrom('consumer').select('verified_at').where('id', '=', consumerId).executeTakeFirst();
  const subscriptions = await query
    .selectFrom('subscription')
    .innerJoin('plan_revision', 'plan_revision.id', 'subscription.plan_revision_id')
    .innerJoin('product', 'product.id', 'subscription.product_id')
    .select(['subscription.id', 'subscription.anchor_at', 'plan_revision.config', 'product.slug', 'product.name', 'product.test_upstream'])
    .where('subscription.consumer_id', '=', consumerId)
    .where('subscription.state', '=', 'active')
    .orderBy('product.position')
    .orderBy('subscription.id')
    .execute();
  const states: LimitState[] = [];
  for (const subscription of subscriptions) {
    const plan = JSON.parse(subscription.config) as PlanConfig;
    const modes: Mode[] = subscription.test_upstream === null ? ['live'] : ['live', 'test'];
    for (const mode of modes) {
      const of = { subscriptionId: subscription.id, productSlug: subscription.slug, productName: subscription.name, planName: plan.name, mode };
      for (const limit of plan.limits) states.push({ ...of, limit, ...(await stateOf(query, { subscriptionId: subscription.id, mode }, limit, subscription.anchor_at, now)) });
      // Counted over the whole account: it holds for all its subscriptions together.
      if (consumer?.verified_at === null) states.push({ ...of, limit: unverifiedLimit, ...(await stateOf(query, { consumerId, mode }, unverifiedLimit, subscription.anchor_at, now)) });
    }
  }
  return states;
}

async function stateOf(query: Query, whose: { subscriptionId?: string; consumerId?: string; mode: Mode }, limit: Limit, anchorAt: number, now: number): Promise<Pick<LimitState, 'used' | 'remaining' | 'resetsAt'>> {
  if (isRate(limit)) return { used: null, remaining: null, resetsAt: null };
  const window = windowAt(limit.per as QuotaPeriod, now, anchorAt);
  const used = await sumWhole(query, { ...whose, meter: 'requests', from: window.from, to: window.to });
  return { used, remaining: Math.max(0, limit.requests - used), resetsAt: window.to };
}
