import { z } from '@hono/zod-openapi';
import { limitSchema, productParam, quantity } from './fields.ts';
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
