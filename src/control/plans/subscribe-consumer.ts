import { newId } from '../../domain/id.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import { auditActorName, recordAudit, type AuditActor } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import { recordCredentialChanges, recordSubscriptionChanges } from '../gateways/credential-log.ts';
import type { ProductRow } from '../products/product-rows.ts';

type Deps = Pick<ControlDeps, 'clock' | 'random'>;

export interface SubscribeConsumer {
  consumerId: string;
  product: Pick<ProductRow, 'id' | 'slug'>;
  /** Undefined is the product's default plan, else its first public one. */
  planSlug: string | undefined;
  actor: AuditActor;
  /** The producer may subscribe to any plan; a developer to public ones at once, and to approval plans as `pending`. */
  byProducer: boolean;
}

interface ChosenPlan { id: string; slug: string; access: 'public' | 'approval' | 'private'; current_revision_id: string }

/**
 * Subscribes inside the caller's transaction; the caller pushes credential changes after its commit. A consumer has one
 * subscription per product that is not ended: another plan moves it, with its keys, its billing anchor and its id.
 * Who has a plan and asks for one with approval keeps the present one until the producer decides.
 * @throws AppError `not_found` without such a plan.
 */
export async function subscribeConsumer(deps: Deps, query: Query, input: SubscribeConsumer): Promise<{ id: string; state: 'active' | 'pending'; created: boolean }> {
  const { consumerId, product } = input;
  const existing = await findSubscription(query, consumerId, product.id);
  if (existing && input.planSlug === undefined) return { id: existing.id, state: existing.state === 'pending' ? 'pending' : 'active', created: false };
  const plan = await choosePlan(query, input);
  const state = plan.access === 'approval' && !input.byProducer ? 'pending' : 'active';
  if (existing?.plan_id === plan.id) {
    // The producer who subscribes somebody to an approval plan has approved it.
    if (existing.state === 'active') await query.updateTable('subscription').set({ requested_plan_id: null }).where('id', '=', existing.id).execute();
    if (existing.state === 'pending' && state === 'active') {
      await moveSubscription(deps, query, existing.id, plan, 'active');
      await recordAudit(query, deps, input.actor, { action: 'approved', noun: 'subscription', subject: existing.id, name: `${product.slug} ${plan.slug}`, before: { consumer: consumerId, plan: plan.slug, state: 'pending' }, after: { consumer: consumerId, plan: plan.slug, state: 'active' } });
    }
    return { id: existing.id, state: existing.state === 'pending' ? state : 'active', created: false };
  }

  const now = deps.clock.now();
  const id = existing?.id ?? newId('subscription', now, deps.random);
  if (existing?.state === 'active' && state === 'pending') {
    await requestPlan(deps, query, input, { id: existing.id, plan });
    return { id: existing.id, state: 'active', created: false };
  }
  if (existing) await moveSubscription(deps, query, id, plan, state);
  else await insertSubscription(query, { id, consumerId, productId: product.id, plan, state, now });
  await recordActivity(query, deps, { consumerId, actor: auditActorName(input.actor), kind: existing ? 'subscription.moved' : 'subscription.created', subject: id, detail: { product: product.slug, plan: plan.slug, state } });
  await recordAudit(query, deps, input.actor, {
    action: existing ? 'moved' : 'created', noun: 'subscription', subject: id, name: `${product.slug} ${plan.slug}`,
    before: existing ? { consumer: consumerId, product: product.slug, plan: await planSlugOf(query, existing.plan_id), state: existing.state } : null, after: { consumer: consumerId, product: product.slug, plan: plan.slug, state },
  });
  return { id, state, created: !existing };
}

export async function findSubscription(query: Query, consumerId: string, productId: string) {
  return query.selectFrom('subscription').select(['id', 'plan_id', 'state']).where('consumer_id', '=', consumerId).where('product_id', '=', productId).where('state', '!=', 'ended').orderBy('created_at', 'desc').orderBy('id', 'desc').executeTakeFirst();
}

async function planSlugOf(query: Query, id: string): Promise<string | null> {
  return (await query.selectFrom('plan').select('slug').where('id', '=', id).executeTakeFirst())?.slug ?? null;
}

async function choosePlan(query: Query, { product, planSlug, byProducer }: SubscribeConsumer): Promise<ChosenPlan> {
  let plans = query.selectFrom('plan').select(['id', 'slug', 'access', 'current_revision_id']).where('product_id', '=', product.id).where('archived_at', 'is', null);
  if (planSlug !== undefined) plans = plans.where('slug', '=', planSlug);
  else plans = plans.where('access', '=', 'public');
  if (!byProducer) plans = plans.where('access', '!=', 'private');
  const plan = await plans.orderBy('is_default', 'desc').orderBy('position').limit(1).executeTakeFirst();
  if (plan) return plan;
  throw new AppError('not_found', planSlug === undefined ? `"${product.slug}" has no plan that anyone may take. Name a plan.` : `"${product.slug}" has no plan "${planSlug}" that you may take.`);
}

async function insertSubscription(query: Query, { id, consumerId, productId, plan, state, now }: { id: string; consumerId: string; productId: string; plan: ChosenPlan; state: 'active' | 'pending'; now: number }): Promise<void> {
  const keys = await keysThatOpenEverything(query, consumerId);
  await query
    .insertInto('subscription')
    .values({ id, consumer_id: consumerId, product_id: productId, plan_id: plan.id, plan_revision_id: plan.current_revision_id, state, anchor_at: utcMidnight(now), created_at: now, ended_at: null })
    .execute();
  if (keys.length === 0) return;
  await query.insertInto('key_subscription').values(keys.map((keyId) => ({ key_id: keyId, subscription_id: id }))).execute();
  await recordCredentialChanges(query, keys, now);
}

/** A key that opened all of its consumer's subscriptions goes on to do so; one that was limited to some stays limited. */
async function keysThatOpenEverything(query: Query, consumerId: string): Promise<string[]> {
  const open = await query.selectFrom('subscription').select('id').where('consumer_id', '=', consumerId).where('state', '!=', 'ended').execute();
  const keys = await query.selectFrom('key').select('id').where('consumer_id', '=', consumerId).where('origin', '=', 'own').where('revoked_at', 'is', null).execute();
  if (keys.length === 0) return [];
  const links = await query.selectFrom('key_subscription').select(['key_id', 'subscription_id']).where('key_id', 'in', keys.map(({ id }) => id)).execute();
  const opened = new Set(links.map((link) => `${link.key_id} ${link.subscription_id}`));
  return keys.map(({ id }) => id).filter((keyId) => open.every((subscription) => opened.has(`${keyId} ${subscription.id}`)));
}

async function requestPlan(deps: Deps, query: Query, { consumerId, product, actor }: SubscribeConsumer, { id, plan }: { id: string; plan: ChosenPlan }): Promise<void> {
  const changed = await query.updateTable('subscription').set({ requested_plan_id: plan.id }).where('id', '=', id)
    .where((eb) => eb.or([eb('requested_plan_id', 'is', null), eb('requested_plan_id', '!=', plan.id)])).executeTakeFirst();
  if (changed.numUpdatedRows === 0n) return;
  await recordActivity(query, deps, { consumerId, actor: auditActorName(actor), kind: 'plan.requested', subject: id, detail: { product: product.slug, plan: plan.slug } });
  await recordAudit(query, deps, actor, { action: 'requested', noun: 'subscription', subject: id, name: `${product.slug} ${plan.slug}`, before: { requestedPlan: null }, after: { consumer: consumerId, requestedPlan: plan.slug } });
}

/** Every wish for another plan ends with the move. */
export async function moveSubscription({ clock }: Pick<Deps, 'clock'>, query: Query, id: string, plan: Pick<ChosenPlan, 'id' | 'current_revision_id'>, state: 'active' | 'pending'): Promise<void> {
  await query.updateTable('subscription').set({ plan_id: plan.id, plan_revision_id: plan.current_revision_id, state, requested_plan_id: null }).where('id', '=', id).execute();
  await recordSubscriptionChanges(query, (subscriptions) => subscriptions.where('subscription.id', '=', id), clock.now());
}

function utcMidnight(ms: number): number {
  return ms - (((ms % 86_400_000) + 86_400_000) % 86_400_000);
}
