import { z } from '@hono/zod-openapi';
import { consumerParam, instant, limitSchema, orNull, pageQuery, quantity, time, timeOrNull } from './fields.ts';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';

export const subscriptionSchema = z.object({
  id: z.string().openapi({ example: 'sub_01K0G6Q8YB3V5N2M7R4T9W1X0Z' }),
  consumerId: z.string(), productId: z.string(), productSlug: z.string(), productName: z.string(), planSlug: z.string(), planName: z.string(), planRevisionId: z.string(),
  state: z.enum(['active', 'pending', 'paused', 'ended']),
  limits: z.array(limitSchema),
  anchorAt: time.openapi({ description: 'Billing periods begin on its day.' }),
  createdAt: time,
  requestedPlan: z.object({ slug: z.string(), name: z.string() }).nullable().openapi({ description: 'A plan with approval that was asked for; the present plan serves until the producer decides.' }),
  scheduledPlan: orNull(z.object({ slug: z.string(), name: z.string(), at: time })).openapi({ description: 'The plan that it moves to with the end of the period.' }),
  cancelsAt: timeOrNull.openapi({ description: 'When it ends, or falls to the default plan, because it was cancelled.' }),
  trialEndsAt: timeOrNull,
  period: orNull(z.object({ kind: z.enum(['trial', 'regular']), from: time, to: time })).openapi({ description: 'The present billing period; null while it waits for approval, and once it has ended.' }),
  spendCap: z.string().nullable().openapi({ description: 'The most that the consumer wants to spend in a period, in the plan\'s currency.' }),
}).openapi('Subscription');
export const exampleSubscription = {
  id: 'sub_01K0G6Q8YB3V5N2M7R4T9W1X0Z', consumerId: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z', productId: 'prd_01K0G6Q8YB3V5N2M7R4T9W1X0Z', productSlug: 'atlas', productName: 'Atlas API', planSlug: 'free', planName: 'Free',
  planRevisionId: 'rev_01K0G6Q8YB3V5N2M7R4T9W1X0Z', state: 'active' as const, limits: [{ name: 'burst', requests: 5, per: 'second' as const }], anchorAt: '2026-08-01T00:00:00.000Z', createdAt: '2026-08-01T09:30:00.000Z', requestedPlan: null,
  scheduledPlan: null, cancelsAt: null, trialEndsAt: null, period: { kind: 'regular' as const, from: '2026-08-01T00:00:00.000Z', to: '2026-09-01T00:00:00.000Z' }, spendCap: null,
};

const planRequestSchema = z.object({
  subscriptionId: z.string(), consumerId: z.string(), consumerName: z.string(), productSlug: z.string(), productName: z.string(), planSlug: z.string(), planName: z.string(),
  presentPlan: z.string().nullable().openapi({ description: 'The plan that serves until the decision; null while the subscription itself is pending.' }),
  requestedAt: time, requestedBy: z.string().nullable(), calls30d: quantity.openapi({ description: 'Live calls of the last 30 days with this subscription.' }), callsEver: quantity,
}).openapi('PlanRequest');
const exampleRequest = { subscriptionId: exampleSubscription.id, consumerId: exampleSubscription.consumerId, consumerName: 'Northwind', productSlug: 'atlas', productName: 'Atlas API', planSlug: 'partner', planName: 'Partner', presentPlan: 'Free', requestedAt: '2026-08-01T09:30:00.000Z', requestedBy: 'ada@example.com', calls30d: '1204', callsEver: '5310' };

export function addSubscriptionRoutes(api: Api): void {
  const { plans } = api.services;
  const params = z.object({ consumer: consumerParam });
  addRoute(api, {
    method: 'get', path: '/api/v1/consumers/{consumer}/subscriptions', operation: 'listSubscriptions', tag: 'Subscriptions', summary: 'List subscriptions', description: 'The subscriptions of a consumer, with the limits of their plans.', params,
    answer: { description: 'The subscriptions.', schema: z.object({ subscriptions: z.array(subscriptionSchema) }), example: { subscriptions: [exampleSubscription] } },
  }, async ({ actor, params: { consumer } }) => ({ subscriptions: await plans.listSubscriptions(actor, { consumerId: consumer }) }));

  addRoute(api, {
    method: 'post', path: '/api/v1/consumers/{consumer}/subscriptions', operation: 'createSubscription', tag: 'Subscriptions', summary: 'Subscribe a consumer', description: 'Puts a consumer on a plan, or moves its subscription to it; without a plan, on the default plan of the product. The present plan takes back what was to change.', params,
    body: { schema: z.strictObject({
      product: z.string().openapi({ example: 'atlas' }), plan: z.string().optional().openapi({ example: 'free' }),
      when: z.enum(['now', 'period-end']).optional().openapi({ description: 'When another plan takes the place of the present one: at once, which is the rule here, or with the end of the period. Another currency always waits for it.' }),
      startedAt: instant.optional().openapi({ description: 'A beginning in the past, at most 10 years ago, for a consumer that comes from elsewhere: all periods since then are billed.' }),
    }), example: { product: 'atlas', plan: 'free' } },
    answer: { status: 201, description: 'The subscription.', schema: subscriptionSchema, example: exampleSubscription }, refusals: ['conflict'],
  }, async ({ actor, params: { consumer }, body }) => plans.subscribe(actor, { consumerId: consumer, productSlug: body.product, ...(body.plan === undefined ? {} : { planSlug: body.plan }), ...(body.when !== undefined && { when: body.when }), ...(body.startedAt !== undefined && { startedAt: body.startedAt }) }));

  addRoute(api, {
    method: 'get', path: '/api/v1/plan-requests', operation: 'listPlanRequests', tag: 'Subscriptions', summary: 'List plan requests', description: 'Plans with approval that consumers asked for and that nobody has decided on; oldest first unless sorted otherwise.',
    query: z.strictObject({
      product: z.string().max(100).optional().openapi({ description: 'Only of this product.', example: 'atlas' }),
      sort: z.enum(['asked', '-asked', 'consumer', '-consumer', 'plan', '-plan', 'calls', '-calls']).optional().openapi({ description: 'With `-`, the greatest first. `calls` are those of the last 30 days.', example: '-calls' }),
      cursor: pageQuery.cursor, limit: z.coerce.number().int().min(1).max(1000).optional().openapi({ description: 'At most so many rows; 200 at once.', example: 50 }),
    }),
    answer: { description: 'The requests; `total` counts all that match.', schema: z.object({ requests: z.array(planRequestSchema), total: z.number().int(), nextCursor: z.string().nullable() }), example: { requests: [exampleRequest], total: 1, nextCursor: null } },
  }, async ({ actor, query: { product, ...query } }) => plans.listRequests(actor, { ...query, ...(product !== undefined && { productSlug: product }) }));

  addRoute(api, {
    method: 'post', path: '/api/v1/plan-requests/{subscription}/decision', operation: 'decidePlanRequest', tag: 'Subscriptions', summary: 'Approve or decline a plan', description: 'Approving puts the consumer on the plan at once; declining leaves the present plan, or ends a subscription that was pending.',
    params: z.object({ subscription: z.string().openapi({ example: exampleSubscription.id }) }),
    body: { schema: z.strictObject({ approve: z.boolean(), message: z.string().max(2_000).optional().openapi({ description: 'Goes to the account’s developers.', example: 'Welcome. Tell us how it goes.' }) }), example: { approve: true, message: 'Welcome. Tell us how it goes.' } },
    answer: { description: 'The subscription.', schema: subscriptionSchema, example: exampleSubscription }, refusals: ['conflict'],
  }, async ({ actor, params: { subscription }, body }) => plans.decide(actor, { subscriptionId: subscription, approve: body.approve, ...(body.message !== undefined && { message: body.message }) }));
}
