import { newId } from '../../domain/id.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import { auditActorName, recordAudit, type AuditActor } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import { recordCredentialChanges, recordSubscriptionChanges } from '../gateways/credential-log.ts';
import type { ProductRow } from '../products/product-rows.ts';
import { beginPeriods, utcMidnight } from './begin-periods.ts';
import { changePlan, nothingScheduled, type ChangeWhen } from './change-plan.ts';
import { resumeSubscription } from './cancel-subscription.ts';
import { rollSubscription } from './roll-subscription.ts';

type Deps = Pick<ControlDeps, 'clock' | 'random'>;

export interface SubscribeConsumer {
  consumerId: string;
  product: Pick<ProductRow, 'id' | 'slug'>;
  /** Undefined is the product's default plan, else its first public one. */
  planSlug: string | undefined;
  actor: AuditActor;
  /** The producer may subscribe to any plan; a developer to public ones at once, and to approval plans as `pending`. */
  byProducer: boolean;
  /** When another plan takes the place of the present one; undefined as `changePlan` decides. */
  when?: ChangeWhen | undefined;
  /** A beginning in the past, ms UTC, for a consumer that comes from elsewhere. The producer's alone. */
  startedAt?: number | undefined;
}

const startedAgoMax = 10 * 366 * 86_400_000;

interface ChosenPlan { id: string; slug: string; access: 'public' | 'approval' | 'private'; current_revision_id: string }

/**
 * Subscribes inside the caller's transaction; the caller pushes credential changes after its commit. A consumer has one
 * subscription per product that is not ended: another plan moves it, with its keys, its billing anchor and its id, at once or at the end of the period.
 * Who has a plan and asks for one with approval keeps the present one until the producer decides; choosing the present plan takes back what was to change.
 * @throws AppError `not_found` without such a plan; as `changePlan`; `input_invalid` or `conflict` for a beginning that cannot be.
 */
export async function subscribeConsumer(deps: Deps, query: Query, input: SubscribeConsumer): Promise<{ id: string; state: 'active' | 'pending'; created: boolean }> {
  const { consumerId, product } = input;
  const existing = await findRolled(deps, query, consumerId, product.id);
  if (input.startedAt !== undefined) refuseBeginning(deps, input);
  if (existing && input.startedAt !== undefined) return beginEarlier(deps, query, existing.id, { ...input, startedAt: input.startedAt });
  if (existing && input.planSlug === undefined) return { id: existing.id, state: existing.state === 'pending' ? 'pending' : 'active', created: false };
  const plan = await choosePlan(query, input);
  const state = plan.access === 'approval' && !input.byProducer ? 'pending' : 'active';
  if (existing?.plan_id === plan.id) {
    // The producer who subscribes somebody to an approval plan has approved it.
    if (existing.state === 'active') {
      await query.updateTable('subscription').set({ requested_plan_id: null }).where('id', '=', existing.id).execute();
      await resumeSubscription(deps, query, { subscriptionId: existing.id, actor: input.actor });
    }
    if (existing.state === 'pending' && state === 'active') {
      await activateSubscription(deps, query, existing.id, plan);
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
  if (existing && existing.state !== 'pending') {
    await changePlan(deps, query, { subscriptionId: id, planId: plan.id, when: input.when, actor: input.actor, byProducer: input.byProducer });
    return { id, state: 'active', created: false };
  }
  if (!existing) await insertSubscription(deps, query, { id, consumerId, productId: product.id, plan, state, now, startedAt: input.startedAt });
  else if (state === 'active') await activateSubscription(deps, query, id, plan);
  else await query.updateTable('subscription').set({ plan_id: plan.id, plan_revision_id: plan.current_revision_id }).where('id', '=', id).execute();
  await recordActivity(query, deps, { consumerId, actor: auditActorName(input.actor), kind: existing ? 'subscription.moved' : 'subscription.created', subject: id, detail: { product: product.slug, plan: plan.slug, state, ...(input.startedAt !== undefined && { startedAt: input.startedAt }) } });
  await recordAudit(query, deps, input.actor, {
    action: existing ? 'moved' : 'created', noun: 'subscription', subject: id, name: `${product.slug} ${plan.slug}`,
    before: existing ? { consumer: consumerId, product: product.slug, plan: await planSlugOf(query, existing.plan_id), state: existing.state } : null, after: { consumer: consumerId, product: product.slug, plan: plan.slug, state, ...(input.startedAt !== undefined && { startedAt: input.startedAt }) },
  });
  return { id, state, created: !existing };
}

/** What was to end by now has ended, whether the roller has come to it or not. */
async function findRolled(deps: Deps, query: Query, consumerId: string, productId: string): ReturnType<typeof findSubscription> {
  const found = await findSubscription(query, consumerId, productId);
  if (found?.state !== 'active' || (await rollSubscription(deps, query, found.id)).periods === 0) return found;
  return findSubscription(query, consumerId, productId);
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

interface NewSubscription { id: string; consumerId: string; productId: string; plan: ChosenPlan; state: 'active' | 'pending'; now: number; startedAt: number | undefined }

async function insertSubscription(deps: Deps, query: Query, { id, consumerId, productId, plan, state, now, startedAt }: NewSubscription): Promise<void> {
  const keys = await keysThatOpenEverything(query, consumerId);
  await query
    .insertInto('subscription')
    .values({ id, consumer_id: consumerId, product_id: productId, plan_id: plan.id, plan_revision_id: plan.current_revision_id, state, anchor_at: utcMidnight(now), created_at: now, ended_at: null })
    .execute();
  if (state === 'active') await beginPeriods(deps, query, { subscriptionId: id, revisionId: plan.current_revision_id, from: startedAt ?? now, backdated: startedAt !== undefined });
  if (keys.length === 0) return;
  await query.insertInto('key_subscription').values(keys.map((keyId) => ({ key_id: keyId, subscription_id: id }))).execute();
  await recordCredentialChanges(query, keys, now);
}

/** Sign-up has subscribed most consumers before anybody says when they really began: a subscription in its first period begins anew, with its keys and usage. */
async function beginEarlier(deps: Deps, query: Query, id: string, input: SubscribeConsumer & { startedAt: number }): Promise<{ id: string; state: 'active'; created: false }> {
  const { consumerId, product, startedAt } = input;
  const past = await query.selectFrom('billing_period').select('id').where('subscription_id', '=', id).where('state', '!=', 'open').limit(1).executeTakeFirst();
  if (past) throw new AppError('conflict', `This consumer has a subscription to "${product.slug}" of which a period has ended: its beginning stays.`);
  const plan = await choosePlan(query, input);
  await query.deleteFrom('billing_period').where('subscription_id', '=', id).execute();
  await query.deleteFrom('subscription_phase').where('subscription_id', '=', id).execute();
  await query.updateTable('subscription').set({ plan_id: plan.id, plan_revision_id: plan.current_revision_id, state: 'active', requested_plan_id: null, ...nothingScheduled, scheduled_revision_id: null, scheduled_at: null }).where('id', '=', id).execute();
  await beginPeriods(deps, query, { subscriptionId: id, revisionId: plan.current_revision_id, from: startedAt, backdated: true });
  await recordSubscriptionChanges(query, (subscriptions) => subscriptions.where('subscription.id', '=', id), deps.clock.now());
  await recordActivity(query, deps, { consumerId, actor: auditActorName(input.actor), kind: 'subscription.moved', subject: id, detail: { product: product.slug, plan: plan.slug, startedAt } });
  await recordAudit(query, deps, input.actor, { action: 'backdated', noun: 'subscription', subject: id, name: `${product.slug} ${plan.slug}`, before: { consumer: consumerId, startedAt: null }, after: { consumer: consumerId, plan: plan.slug, startedAt } });
  return { id, state: 'active', created: false };
}

function refuseBeginning({ clock }: Deps, { startedAt, byProducer }: SubscribeConsumer): void {
  const now = clock.now();
  const invalid = (detail: string): AppError => new AppError('input_invalid', `The subscription cannot begin then: startedAt ${detail}.`, { errors: [{ pointer: '/startedAt', detail }] });
  if (!byProducer) throw new AppError('role_forbids', 'Only the producer may set a beginning in the past.');
  if (!Number.isInteger(startedAt) || startedAt! > now) throw invalid('must be a moment in the past');
  if (startedAt! < now - startedAgoMax) throw invalid('must be within the last 10 years');
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

/** What waited for the producer begins: its periods start now. */
export async function activateSubscription(deps: Deps, query: Query, id: string, plan: Pick<ChosenPlan, 'id' | 'current_revision_id'>): Promise<void> {
  const now = deps.clock.now();
  await query.updateTable('subscription').set({ plan_id: plan.id, plan_revision_id: plan.current_revision_id, state: 'active', requested_plan_id: null }).where('id', '=', id).execute();
  await beginPeriods(deps, query, { subscriptionId: id, revisionId: plan.current_revision_id, from: now });
  await recordSubscriptionChanges(query, (subscriptions) => subscriptions.where('subscription.id', '=', id), now);
}
