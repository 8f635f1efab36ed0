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
 * before are left out. Who waits for this very move is counted and not told again; who waits for another date or revision gets the new one. Each part in a
 * transaction of its own.
 */
export async function schedulePrices(deps: Deps, actor: Actor, input: Parameters<Subscriptions['schedulePrices']>[1]): Promise<{ scheduled: number }> {
  requireRight(actor, 'billing.change');
  const { kysely } = deps.database;
  const now = deps.clock.now();
  refuseMoment(input.at, now);
  if (input.subscriptionIds !== 'all' && input.subscriptionIds.length > chosenMax) throw invalid('/subscriptionIds', `names more than ${chosenMax}`);
  const plan = await findPlan(kysely, input);
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

/**
 * Takes back the moves of a plan's subscribers to one of its revisions from one moment on, and tells them that their prices stay. Who has moved stays moved.
 * @throws AppError `input_invalid` unless they are a number of a revision and a moment; `not_found` when nobody waits for that move
 */
export async function withdrawPrices(deps: Deps, actor: Actor, input: Parameters<Subscriptions['withdrawPrices']>[1]): Promise<{ withdrawn: number }> {
  requireRight(actor, 'billing.change');
  if (!(input.revision >= 1 && input.revision <= 2 ** 31 - 1)) throw invalid('/revision', 'must be the number of a revision');
  if (Number.isNaN(new Date(input.at).getTime())) throw invalid('/at', 'must be the moment of a move');
  const { kysely } = deps.database;
  const plan = await findPlan(kysely, input);
  const waiting = await kysely.selectFrom('subscription').innerJoin('plan_revision', 'plan_revision.id', 'subscription.scheduled_revision_id').select('subscription.id')
    .where('subscription.plan_id', '=', plan.id).where('plan_revision.number', '=', input.revision).where('subscription.scheduled_at', '=', input.at).orderBy('subscription.id').execute();
  let withdrawn = 0;
  for (let start = 0; start < waiting.length; start += atOnce) {
    withdrawn += await deps.database.transaction((query) => withdrawPart(deps, query, actor, { plan, at: input.at, revision: input.revision, ids: waiting.slice(start, start + atOnce).map(({ id }) => id) }));
  }
  if (withdrawn === 0) throw new AppError('not_found', `Nobody waits to move to revision ${input.revision} of "${plan.slug}" from ${new Date(input.at).toISOString()} on.`);
  return { withdrawn };
}

interface PlanRow { id: string; slug: string; name: string; current_revision_id: string; product_name: string; product_slug: string }
interface Part { plan: PlanRow; at: number; ids: string[] }

async function findPlan(query: Query, { productSlug, planSlug }: { productSlug: string; planSlug: string }): Promise<PlanRow> {
  const plan = await query.selectFrom('plan').innerJoin('product', 'product.id', 'plan.product_id').select(['plan.id', 'plan.slug', 'plan.name', 'plan.current_revision_id', 'product.name as product_name', 'product.slug as product_slug'])
    .where('product.slug', '=', productSlug).where('product.removed_at', 'is', null).where('plan.slug', '=', planSlug).executeTakeFirst();
  if (!plan) throw new AppError('not_found', `"${productSlug}" has no plan "${planSlug}".`);
  return plan;
}

/** Who is due has moved before anything is taken back. */
async function withdrawPart(deps: Deps, query: Query, actor: Actor, { plan, at, revision, ids }: Part & { revision: number }): Promise<number> {
  for (const id of ids) await rollSubscription(deps, query, id);
  const rows = await query.selectFrom('subscription').innerJoin('plan_revision', 'plan_revision.id', 'subscription.scheduled_revision_id').select(['subscription.id', 'subscription.consumer_id', 'subscription.scheduled_revision_id'])
    .where('subscription.id', 'in', ids).where('subscription.plan_id', '=', plan.id).where('plan_revision.number', '=', revision).where('subscription.scheduled_at', '=', at).execute();
  if (rows.length === 0) return 0;
  const now = deps.clock.now();
  await query.updateTable('subscription').set({ scheduled_revision_id: null, scheduled_at: null }).where('id', 'in', rows.map(({ id }) => id)).execute();
  await writeNotices(query, deps, rows.map((row): NewNotice => ({
    consumerId: row.consumer_id, kind: 'prices.kept', occasion: `prices-kept:${row.id}:${row.scheduled_revision_id}:${now}`, detail: { productName: plan.product_name, planName: plan.name, subscriptionId: row.id, at },
  })));
  await recordAudit(query, deps, actor, { action: 'prices-withdrawn', noun: 'subscription', subject: null, name: `${plan.product_slug} ${plan.slug}`, before: { revision, at, subscriptions: rows.map(({ id }) => id) }, after: null });
  return rows.length;
}

async function schedulePart(deps: Deps, query: Query, actor: Actor, { plan, at, ids }: Part): Promise<number> {
  for (const id of ids) await rollSubscription(deps, query, id);
  const onTheWay = await query.selectFrom('subscription').innerJoin('billing_period', 'billing_period.subscription_id', 'subscription.id').innerJoin('plan_revision', 'plan_revision.id', 'subscription.plan_revision_id')
    .select(['subscription.id', 'subscription.consumer_id', 'subscription.anchor_at', 'subscription.scheduled_revision_id', 'subscription.scheduled_at', 'plan_revision.config', 'billing_period.to_at'])
    .where('subscription.id', 'in', ids).where('subscription.plan_id', '=', plan.id).where('subscription.state', '=', 'active').where('subscription.plan_revision_id', '!=', plan.current_revision_id)
    .where('subscription.cancel_at_period_end', '=', 0).where('subscription.scheduled_plan_id', 'is', null).where('billing_period.state', '=', 'open').execute();
  const rows = onTheWay.filter((row) => row.scheduled_revision_id !== plan.current_revision_id || row.scheduled_at !== at);
  if (rows.length === 0) return onTheWay.length;
  const now = deps.clock.now();
  await query.updateTable('subscription').set({ scheduled_revision_id: plan.current_revision_id, scheduled_at: at }).where('id', 'in', rows.map(({ id }) => id)).execute();
  await writeNotices(query, deps, rows.map((row): NewNotice => {
    const terms = JSON.parse(row.config) as PlanConfig;
    const effectiveAt = firstEnd(row.anchor_at, terms.interval ?? 'month', row.to_at, at);
    return { consumerId: row.consumer_id, kind: 'prices.change', occasion: `prices:${row.id}:${plan.current_revision_id}:${effectiveAt}:${now}`, detail: { productName: plan.product_name, productSlug: plan.product_slug, planName: terms.name, subscriptionId: row.id, effectiveAt } };
  }));
  await recordAudit(query, deps, actor, { action: 'prices-scheduled', noun: 'subscription', subject: null, name: `${plan.product_slug} ${plan.slug}`, before: null, after: { revision: plan.current_revision_id, at, subscriptions: rows.map(({ id }) => id) } });
  return onTheWay.length;
}

/** Of the periods that follow `end`, the first that begins at or after `at`. */
export function firstEnd(anchorMs: number, interval: 'month' | 'year', end: number, at: number): number {
  let from = end;
  while (from < at) from = nextPeriod(anchorMs, interval, from).to;
  return from;
}
