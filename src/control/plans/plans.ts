import type { PlanConfig } from '../../domain/config.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import type { Gateways } from '../gateways/gateways.ts';
import type { ProductRow } from '../products/product-rows.ts';
import { getVisibleProduct, seesAll } from '../products/visible-product.ts';
import { consumerOf, requireConsumer, requireRight } from '../rights.ts';
import type { Actor, PlanDetail, Plans, PlanSummary, SubscriptionSummary } from '../services.ts';
import { requirePaymentMethod } from '../payments/require-payment-method.ts';
import { listRequests } from './list-plan-requests.ts';
import { decideRequest } from './plan-requests.ts';
import { getProductRow } from '../products/edit-product.ts';
import { listPlanDetails } from './plan-details.ts';
import { postPlanRequest, type PlanLetters } from './request-mail.ts';
import { archivePlan, checkPlan, orderPlans, savePlan } from './save-plan.ts';
import { subscribeConsumer } from '../subscriptions/subscribe-consumer.ts';

export function createPlans(deps: ControlDeps, gateways: Gateways, letters: PlanLetters): Plans {
  const { database } = deps;
  /** Plans first: an entry that names a revision must find it. */
  const published = async (productSlug: string, planSlug: string): Promise<PlanDetail> => {
    await gateways.publishSnapshot();
    await gateways.credentialsChanged();
    return (await listPlanDetails(database.kysely, await getProductRow(database.kysely, productSlug))).find(({ slug }) => slug === planSlug)!;
  };
  return {
    async list(actor, productSlug) {
      return listPlans(database.kysely, actor, await getVisibleProduct(database.kysely, actor, productSlug));
    },
    async subscribe(actor, input) {
      const consumerId = consumerOf(actor, input.consumerId, 'consumers.change');
      const portal = await letters.portalName();
      const { id } = await database.transaction(async (query) => {
        await getConsumer(query, consumerId);
        const product = await getVisibleProduct(query, actor, input.productSlug);
        if (actor.kind === 'developer') await requirePaymentMethod(deps, query, { consumerId, productId: product.id, planSlug: input.planSlug });
        const before = await findWaiting(query, consumerId, product.id);
        const subscribed = await subscribeConsumer(deps, query, { consumerId, product, planSlug: input.planSlug, actor, byProducer: actor.kind !== 'developer', when: input.when, startedAt: input.startedAt });
        const waiting = await findWaiting(query, consumerId, product.id);
        if (waiting !== undefined && waiting !== before) await postPlanRequest(deps, query, { mailbox: letters.mailbox, portal }, await getSubscription(query, subscribed.id));
        return subscribed;
      });
      void letters.mailbox.deliver();
      await gateways.credentialsChanged();
      return getSubscription(database.kysely, id);
    },
    async listSubscriptions(actor, { consumerId }) {
      requireConsumer(actor, consumerId, 'workspace.read');
      return listSubscriptions(database.kysely, consumerId);
    },
    async decide(actor, { subscriptionId, approve, message }) {
      requireRight(actor, 'consumers.change');
      await database.transaction((query) => decideRequest(deps, query, actor, { subscriptionId, approve, ...(message !== undefined && { message }) }));
      await gateways.credentialsChanged();
      return getSubscription(database.kysely, subscriptionId);
    },
    async listRequests(actor, input = {}) {
      requireRight(actor, 'workspace.read');
      return listRequests(database.kysely, input, deps.clock.now());
    },
    async listDetails(actor, productSlug) {
      requireRight(actor, 'workspace.read');
      return listPlanDetails(database.kysely, await getProductRow(database.kysely, productSlug));
    },
    check: (actor, input) => checkPlan(deps, actor, input),
    async save(actor, input) {
      await savePlan(deps, actor, input);
      return published(input.productSlug, input.planSlug ?? input.plan.slug);
    },
    async archive(actor, input) {
      await archivePlan(deps, actor, input);
      return published(input.productSlug, input.planSlug);
    },
    async order(actor, input) {
      await orderPlans(deps, actor, input);
    },
  };
}

/** Those that the actor may take; the producer sees private ones too, and how many subscribe. */
export async function listPlans(query: Query, actor: Actor | undefined, product: Pick<ProductRow, 'id' | 'slug'>): Promise<PlanSummary[]> {
  const all = seesAll(actor);
  let rows = query
    .selectFrom('plan')
    .innerJoin('plan_revision', 'plan_revision.id', 'plan.current_revision_id')
    .select(['plan.id', 'plan_revision.id as revisionId', 'plan_revision.config'])
    .where('plan.product_id', '=', product.id)
    .where('plan.archived_at', 'is', null);
  if (!all) rows = rows.where('plan.access', '!=', 'private');
  const plans = await rows.orderBy('plan.position').orderBy('plan.id').execute();
  const counts = all ? await query.selectFrom('subscription').select((eb) => ['plan_id', eb.fn.countAll().as('count')]).where('product_id', '=', product.id).where('state', '!=', 'ended').groupBy('plan_id').execute() : [];
  const countOf = new Map(counts.map((row) => [row.plan_id, Number(row.count)]));
  return plans.map((plan) => ({ ...(JSON.parse(plan.config) as PlanConfig), id: plan.id, revisionId: plan.revisionId, productSlug: product.slug, subscribers: countOf.get(plan.id) ?? 0 }));
}

/** Of one consumer, newest first; ended ones last. */
export async function listSubscriptions(query: Query, consumerId: string): Promise<SubscriptionSummary[]> {
  const rows = await subscriptionRows(query).where('subscription.consumer_id', '=', consumerId).orderBy('subscription.created_at', 'desc').orderBy('subscription.id', 'desc').limit(1_000).execute();
  return rows.map(summarise).sort((a, b) => Number(a.state === 'ended') - Number(b.state === 'ended'));
}

export async function getSubscription(query: Query, id: string): Promise<SubscriptionSummary> {
  return summarise(await subscriptionRows(query).where('subscription.id', '=', id).executeTakeFirstOrThrow());
}

function subscriptionRows(query: Query) {
  return query
    .selectFrom('subscription')
    .innerJoin('product', 'product.id', 'subscription.product_id')
    .innerJoin('plan', 'plan.id', 'subscription.plan_id')
    .innerJoin('plan_revision', 'plan_revision.id', 'subscription.plan_revision_id')
    .leftJoin('plan as requested', 'requested.id', 'subscription.requested_plan_id')
    .leftJoin('plan as scheduled', 'scheduled.id', 'subscription.scheduled_plan_id')
    .leftJoin('billing_period', (join) => join.onRef('billing_period.subscription_id', '=', 'subscription.id').on('billing_period.state', '=', 'open'))
    .select([
      'requested.slug as requested_slug', 'requested.name as requested_name', 'scheduled.slug as scheduled_slug', 'scheduled.name as scheduled_name', 'billing_period.kind as period_kind', 'billing_period.from_at', 'billing_period.to_at',
      'subscription.cancel_at_period_end', 'subscription.trial_ends_at', 'subscription.spend_cap',
      'subscription.id', 'subscription.consumer_id', 'subscription.product_id', 'product.slug as product_slug', 'product.name as product_name', 'plan.slug as plan_slug', 'plan.name as plan_name',
      'subscription.plan_revision_id', 'subscription.state', 'plan_revision.config', 'subscription.anchor_at', 'subscription.created_at',
    ]);
}

function summarise(row: Awaited<ReturnType<ReturnType<typeof subscriptionRows>['execute']>>[number]): SubscriptionSummary {
  const terms = JSON.parse(row.config) as PlanConfig;
  return {
    id: row.id, consumerId: row.consumer_id, productId: row.product_id, productSlug: row.product_slug, productName: row.product_name, planSlug: row.plan_slug, planName: row.plan_name,
    planRevisionId: row.plan_revision_id, state: row.state, limits: terms.limits, terms, anchorAt: row.anchor_at, createdAt: row.created_at,
    requestedPlan: row.requested_slug === null ? null : { slug: row.requested_slug, name: row.requested_name! },
    scheduledPlan: row.scheduled_slug === null || row.to_at === null ? null : { slug: row.scheduled_slug, name: row.scheduled_name!, at: row.to_at },
    cancelsAt: row.cancel_at_period_end === 1 ? row.to_at : null, trialEndsAt: row.trial_ends_at, spendCap: row.spend_cap,
    period: row.to_at === null ? null : { kind: row.period_kind!, from: row.from_at!, to: row.to_at },
  };
}

async function getConsumer(query: Query, id: string): Promise<void> {
  const row = await query.selectFrom('consumer').select('id').where('id', '=', id).executeTakeFirst();
  if (!row) throw new AppError('not_found', `There is no consumer ${id}.`);
}

/** The plan that this consumer waits for, if any. */
async function findWaiting(query: Query, consumerId: string, productId: string): Promise<string | undefined> {
  const row = await query.selectFrom('subscription').select(['plan_id', 'state', 'requested_plan_id']).where('consumer_id', '=', consumerId).where('product_id', '=', productId).where('state', '!=', 'ended').orderBy('created_at', 'desc').orderBy('id', 'desc').executeTakeFirst();
  return row?.requested_plan_id ?? (row?.state === 'pending' ? row.plan_id : undefined);
}
