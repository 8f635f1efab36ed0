import { nextPeriod } from '../../domain/billing-period.ts';
import type { PlanConfig } from '../../domain/config.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { invalid } from '../credits/amount-input.ts';
import type { ControlDeps } from '../deps.ts';
import { writeNotices, type NewNotice } from '../notices/write-notice.ts';
import { requireRight } from '../rights.ts';
import type { Actor, Subscriptions } from '../services.ts';
import { rollSubscription } from './roll-subscription.ts';

type Deps = Pick<ControlDeps, 'database' | 'clock' | 'random'>;

const atOnce = 200;
const chosenMax = 100_000;
const aheadMax = 2 * 366 * 86_400_000;

/** @throws AppError `input_invalid` unless it is a moment from which subscribers may move */
export function refuseMoment(at: number, now: number): void {
  if (!Number.isInteger(at) || at < now || at > now + aheadMax) throw invalid('/at', 'must be a moment from now on, at most two years ahead');
}

/**
 * Moves subscribers to the present revision of their plan, each with the first end of a period at or after `at`, and tells them. Those who leave the plan
 * before are left out. Each part in a transaction of its own, and once: those already on that way stay on it.
 */
export async function schedulePrices(deps: Deps, actor: Actor, input: Parameters<Subscriptions['schedulePrices']>[1]): Promise<{ scheduled: number }> {
  requireRight(actor, 'billing.change');
  const { kysely } = deps.database;
  const now = deps.clock.now();
  refuseMoment(input.at, now);
  if (input.subscriptionIds !== 'all' && input.subscriptionIds.length > chosenMax) throw invalid('/subscriptionIds', `names more than ${chosenMax}`);
  const plan = await kysely.selectFrom('plan').innerJoin('product', 'product.id', 'plan.product_id').select(['plan.id', 'plan.slug', 'plan.current_revision_id', 'product.name as product_name', 'product.slug as product_slug'])
    .where('product.slug', '=', input.productSlug).where('product.removed_at', 'is', null).where('plan.slug', '=', input.planSlug).executeTakeFirst();
  if (!plan) throw new AppError('not_found', `"${input.productSlug}" has no plan "${input.planSlug}".`);
  const others = await kysely.selectFrom('subscription').select('id').where('plan_id', '=', plan.id).where('state', '=', 'active').where('plan_revision_id', '!=', plan.current_revision_id).orderBy('id').execute();
  const known = new Set(others.map(({ id }) => id));
  const chosen = input.subscriptionIds === 'all' ? [...known] : [...new Set(input.subscriptionIds)];
  const stranger = chosen.find((id) => !known.has(id));
  if (stranger !== undefined) throw invalid('/subscriptionIds', `${stranger} is not on earlier prices of "${plan.slug}"`);
  let scheduled = 0;
  for (let start = 0; start < chosen.length; start += atOnce) {
    scheduled += await deps.database.transaction((query) => schedulePart(deps, query, actor, { plan, at: input.at, ids: chosen.slice(start, start + atOnce) }));
  }
  return { scheduled };
}

interface Part { plan: { id: string; slug: string; current_revision_id: string; product_name: string; product_slug: string }; at: number; ids: string[] }

async function schedulePart(deps: Deps, query: Query, actor: Actor, { plan, at, ids }: Part): Promise<number> {
  for (const id of ids) await rollSubscription(deps, query, id);
  const rows = await query.selectFrom('subscription').innerJoin('billing_period', 'billing_period.subscription_id', 'subscription.id').innerJoin('plan_revision', 'plan_revision.id', 'subscription.plan_revision_id')
    .select(['subscription.id', 'subscription.consumer_id', 'subscription.anchor_at', 'plan_revision.config', 'billing_period.to_at'])
    .where('subscription.id', 'in', ids).where('subscription.plan_id', '=', plan.id).where('subscription.state', '=', 'active').where('subscription.plan_revision_id', '!=', plan.current_revision_id)
    .where('subscription.cancel_at_period_end', '=', 0).where('subscription.scheduled_plan_id', 'is', null).where('billing_period.state', '=', 'open').execute();
  if (rows.length === 0) return 0;
  await query.updateTable('subscription').set({ scheduled_revision_id: plan.current_revision_id, scheduled_at: at }).where('id', 'in', rows.map(({ id }) => id)).execute();
  await writeNotices(query, deps, rows.map((row): NewNotice => {
    const terms = JSON.parse(row.config) as PlanConfig;
    const effectiveAt = firstEnd(row.anchor_at, terms.interval ?? 'month', row.to_at, at);
    return { consumerId: row.consumer_id, kind: 'prices.change', occasion: `prices:${row.id}:${plan.current_revision_id}:${effectiveAt}`, detail: { productName: plan.product_name, productSlug: plan.product_slug, planName: terms.name, subscriptionId: row.id, effectiveAt } };
  }));
  await recordAudit(query, deps, actor, { action: 'prices-scheduled', noun: 'subscription', subject: null, name: `${plan.product_slug} ${plan.slug}`, before: null, after: { revision: plan.current_revision_id, at, subscriptions: rows.map(({ id }) => id) } });
  return rows.length;
}

/** Of the periods that follow `end`, the first that begins at or after `at`. */
export function firstEnd(anchorMs: number, interval: 'month' | 'year', end: number, at: number): number {
  let from = end;
  while (from < at) from = nextPeriod(anchorMs, interval, from).to;
  return from;
}
