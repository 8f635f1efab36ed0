import { z } from '@hono/zod-openapi';
import { idParam, limitSchema, productParam, quantity, time, timeOrNull } from './fields.ts';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';

const amount = z.string().openapi({ description: 'Exact decimal text in the major unit.', example: '49.00' });
const priceSchema = z.object({
  meter: z.string().openapi({ example: 'requests' }),
  model: z.enum(['unit', 'package', 'graduated', 'volume']),
  included: quantity,
  unitPrice: amount.nullable(),
  packageSize: quantity.nullable(),
  packagePrice: amount.nullable(),
  tiers: z.array(z.object({ upTo: quantity.nullable(), unitPrice: amount, flatFee: amount }).openapi('PriceTier')),
  minimum: amount.nullable(),
  maximum: amount.nullable(),
}).openapi('Price');

export const planSchema = z.object({
  id: z.string().openapi({ example: 'pln_01K0G6Q8YB3V5N2M7R4T9W1X0Z' }),
  revisionId: z.string().openapi({ example: 'rev_01K0G6Q8YB3V5N2M7R4T9W1X0Z' }),
  productSlug: z.string().openapi({ example: 'atlas' }),
  subscribers: z.number().int(),
  slug: z.string().openapi({ example: 'free' }),
  name: z.string().openapi({ example: 'Free' }),
  description: z.string(),
  default: z.boolean().openapi({ description: 'Sign-up subscribes to it.' }),
  access: z.enum(['public', 'approval', 'private']),
  currency: z.string().openapi({ description: 'ISO 4217, lower case.', example: 'usd' }),
  interval: z.enum(['month', 'year']).nullable(),
  fee: amount,
  trialDays: z.number().int(),
  limits: z.array(limitSchema),
  operations: z.array(z.string()).nullable().openapi({ description: 'Operations that the plan opens; null opens all.' }),
  prices: z.array(priceSchema),
}).openapi('Plan');

export const examplePlan = {
  id: 'pln_01K0G6Q8YB3V5N2M7R4T9W1X0Z', revisionId: 'rev_01K0G6Q8YB3V5N2M7R4T9W1X0Z', productSlug: 'atlas', subscribers: 12, slug: 'free', name: 'Free', description: '', default: true,
  access: 'public' as const, currency: 'usd', interval: null, fee: '0', trialDays: 0, limits: [{ name: 'burst', requests: 5, per: 'second' as const }, { name: 'monthly', requests: 10_000, per: 'month' as const }], operations: null, prices: [],
};

export function addPlanRoutes(api: Api): void {
  addRoute(api, {
    method: 'get', path: '/api/v1/products/{product}/plans', operation: 'listPlans', tag: 'Plans', summary: 'List plans', description: 'The plans of a product in their present revision, with the number of active subscriptions.',
    params: z.object({ product: productParam }),
    answer: { description: 'The plans.', schema: z.object({ plans: z.array(planSchema) }), example: { plans: [examplePlan] } },
  }, async ({ actor, params }) => ({ plans: await api.services.plans.list(actor, params.product) }));
}

const planParam = idParam('plan', 'growth', 'Short name of the plan.');
const planFields = {
  name: z.string().max(200).openapi({ example: 'Growth' }), description: z.string(), default: z.boolean(), access: z.enum(['public', 'approval', 'private']), currency: z.string().openapi({ example: 'usd' }),
  interval: z.enum(['month', 'year']).nullable(), fee: amount, trialDays: z.number().int(), limits: z.array(limitSchema), operations: z.array(z.string()).nullable(), prices: z.array(priceSchema),
};
const detailSchema = planSchema.extend({
  position: z.number().int(), archivedAt: timeOrNull,
  revisions: z.array(z.object({ id: z.string(), number: z.number().int(), createdAt: time, subscribers: z.number().int(), current: z.boolean() })).openapi({ description: 'The present revision, those with subscribers and those that subscribers move to, newest first.' }),
  moves: z.array(z.object({ revision: z.number().int(), at: time, subscribers: z.number().int() })).openapi({ description: 'Subscribers that are on the way to a revision, each with the first end of a period at or after `at`.' }),
}).openapi('PlanDetail');
const exampleDetail = { ...examplePlan, position: 0, archivedAt: null, revisions: [{ id: examplePlan.revisionId, number: 2, createdAt: '2026-08-01T09:30:00.000Z', subscribers: 12, current: true }], moves: [{ revision: 2, at: '2026-12-01T00:00:00.000Z', subscribers: 3 }] };
const exampleEdit = {
  name: 'Growth', description: '', default: false, access: 'public' as const, currency: 'usd', interval: 'month' as const, fee: '49.00', trialDays: 0, limits: [{ name: 'burst', requests: 50, per: 'second' as const }], operations: null,
  prices: [{ meter: 'requests', model: 'graduated' as const, included: '0', unitPrice: null, packageSize: null, packagePrice: null, tiers: [{ upTo: '100000', unitPrice: '0', flatFee: '0' }, { upTo: null, unitPrice: '0.0005', flatFee: '0' }], minimum: null, maximum: '500' }],
  moveSubscribers: false,
};

/** What the plans editor of the workspace does. */
export function addPlanEditRoutes(api: Api): void {
  const { plans } = api.services;
  const params = z.object({ product: productParam, plan: planParam });
  addRoute(api, {
    method: 'get', path: '/api/v1/products/{product}/plans/details', operation: 'listPlanDetails', tag: 'Plans', summary: 'List plans with their revisions', description: 'Every plan of a product with its revisions in use; archived ones last.',
    params: z.object({ product: productParam }), answer: { description: 'The plans.', schema: z.object({ plans: z.array(detailSchema) }), example: { plans: [exampleDetail] } },
  }, async ({ actor, params: { product } }) => ({ plans: await plans.listDetails(actor, product) }));

  addRoute(api, {
    method: 'put', path: '/api/v1/products/{product}/plans/{plan}', operation: 'savePlan', tag: 'Plans', summary: 'Save a plan', description: 'Makes the plan, or its next revision. Who subscribes keeps theirs unless `moveSubscribers`. A new default takes the place of the former. The rules of portico.yaml hold.', params,
    body: { schema: z.strictObject({ ...planFields, moveSubscribers: z.boolean().optional() }), example: exampleEdit },
    answer: { description: 'The plan as it is now.', schema: detailSchema, example: exampleDetail }, refusals: ['conflict'],
  }, async ({ actor, params: { product, plan }, body: { moveSubscribers = false, ...edit } }) => {
    const exists = (await plans.listDetails(actor, product)).some(({ slug }) => slug === plan);
    return plans.save(actor, { productSlug: product, planSlug: exists ? plan : null, plan: { slug: plan, ...edit }, moveSubscribers });
  });

  addRoute(api, {
    method: 'post', path: '/api/v1/products/{product}/plans/{plan}/archive', operation: 'archivePlan', tag: 'Plans', summary: 'Archive a plan', description: 'An archived plan takes no new subscribers; those that it has keep it. `archived: false` offers it again.', params,
    body: { schema: z.strictObject({ archived: z.boolean() }), example: { archived: true } }, answer: { description: 'The plan as it is now.', schema: detailSchema, example: { ...exampleDetail, archivedAt: '2026-08-01T09:30:00.000Z' } }, refusals: ['conflict'],
  }, async ({ actor, params: { product, plan }, body }) => plans.archive(actor, { productSlug: product, planSlug: plan, archived: body.archived }));

  addRoute(api, {
    method: 'put', path: '/api/v1/products/{product}/plan-order', operation: 'orderPlans', tag: 'Plans', summary: 'Order plans', description: 'The order in which the portal shows them; names each plan that is not archived once.',
    params: z.object({ product: productParam }), body: { schema: z.strictObject({ plans: z.array(z.string()).min(1).max(100) }), example: { plans: ['free', 'growth', 'partner'] } },
    answer: { description: 'The plans in their order.', schema: z.object({ plans: z.array(detailSchema) }), example: { plans: [exampleDetail] } },
  }, async ({ actor, params: { product }, body }) => {
    await plans.order(actor, { productSlug: product, planSlugs: body.plans });
    return { plans: await plans.listDetails(actor, product) };
  });
}
