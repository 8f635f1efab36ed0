import { z } from '@hono/zod-openapi';
import { consumerParam, limitSchema, mode, periodQuery, quantity, readPeriod, time, timeOrNull } from './fields.ts';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';

const usageSchema = z.object({
  usage: z.array(z.object({ meter: z.string().openapi({ example: 'requests' }), operation: z.string().openapi({ example: 'listCountries' }), version: z.string().openapi({ example: 'v2' }), mode, quantity }).openapi('UsageRow')),
  total: z.record(z.string(), z.string()).openapi({ description: 'Quantity by meter.', example: { requests: '1204' } }),
}).openapi('Usage');

const limitStateSchema = z.object({
  subscriptionId: z.string(), productSlug: z.string(), planName: z.string(), mode, limit: limitSchema,
  used: z.number().nullable().openapi({ description: 'Null for rates.', example: 1204 }), remaining: z.number().nullable().openapi({ example: 8796 }), resetsAt: timeOrNull,
}).openapi('LimitState');

export function addUsageRoutes(api: Api): void {
  const { usage } = api.services;
  addRoute(api, {
    method: 'get', path: '/api/v1/usage', operation: 'getUsage', tag: 'Usage', summary: 'Get usage', description: 'Quantities by meter, operation, version and mode. The last 24 hours when no period is named. The ledger keeps whole hours: a period reaches to the hours that it touches.',
    query: z.strictObject({
      consumer: z.string().optional().openapi({ example: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z' }), email: z.string().max(254).optional().openapi({ description: 'Of one of the consumer’s developers.', example: 'dev@example.com' }),
      product: z.string().optional().openapi({ example: 'atlas' }), ...periodQuery,
    }),
    answer: { description: 'Usage and totals.', schema: usageSchema, example: { usage: [{ meter: 'requests', operation: 'listCountries', version: 'v2', mode: 'live', quantity: '1204' }], total: { requests: '1204' } } }, refusals: ['not_found'],
  }, async ({ actor, query: { consumer, product, email, ...period } }) => usage.get(actor, {
    ...readPeriod(period, api.clock.now(), '24h'), ...(consumer === undefined ? {} : { consumerId: consumer }), ...(product === undefined ? {} : { productSlug: product }), ...(email === undefined ? {} : { email }),
  }));

  addRoute(api, {
    method: 'get', path: '/api/v1/usage/days', operation: 'getUsageByDay', tag: 'Usage', summary: 'Get usage by day', description: 'Requests and successes by UTC day and mode. The last 30 days when no period is named.',
    query: z.strictObject({ consumer: z.string().optional().openapi({ example: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z' }), product: z.string().optional().openapi({ example: 'atlas' }), ...periodQuery }),
    answer: { description: 'One row per day and mode.', schema: z.object({ days: z.array(z.object({ day: time, mode, requests: quantity, successes: quantity })) }), example: { days: [{ day: '2026-08-01T00:00:00.000Z', mode: 'live', requests: '1204', successes: '1190' }] } },
  }, async ({ actor, query: { consumer, product, ...period } }) => ({
    days: await usage.byDay(actor, { ...readPeriod(period, api.clock.now(), '30d'), ...(consumer === undefined ? {} : { consumerId: consumer }), ...(product === undefined ? {} : { productSlug: product }) }),
  }));

  addRoute(api, {
    method: 'get', path: '/api/v1/consumers/{consumer}/limits', operation: 'getLimits', tag: 'Usage', summary: 'Get limits', description: 'Each limit of each active subscription, with what is used and left of quotas.', params: z.object({ consumer: consumerParam }),
    answer: { description: 'The limits.', schema: z.object({ limits: z.array(limitStateSchema) }),
      example: { limits: [{ subscriptionId: 'sub_01K0G6Q8YB3V5N2M7R4T9W1X0Z', productSlug: 'atlas', planName: 'Free', mode: 'live', limit: { name: 'monthly', requests: 10_000, per: 'month' }, used: 1204, remaining: 8796, resetsAt: '2026-09-01T00:00:00.000Z' }] } },
  }, async ({ actor, params }) => ({ limits: await usage.limits(actor, { consumerId: params.consumer }) }));
}
