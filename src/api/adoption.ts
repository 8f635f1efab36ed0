import { z } from '@hono/zod-openapi';
import { limitSchema, periodQuery, readPeriod, time } from './fields.ts';
import { volumeRowSchema } from './requests.ts';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';

const ms = z.number().nullable().openapi({ description: 'In ms; null when nobody has got there.', example: 240_000 });
const share = z.number().nullable().openapi({ description: 'From 0 to 1; null when there is nothing to share.', example: 0.75 });
const adoptionSchema = z.object({
  from: time, to: time, product: z.string().nullable(),
  funnel: z.array(z.object({ step: z.enum(['signed-up', 'key-made', 'first-call', 'first-success', 'week-two']), consumers: z.number().int(), possible: z.number().int().openapi({ description: 'To how many the step could have happened by now; `week-two` is days 8 to 14 after sign-up.' }) })),
  ttfc: z.object({ medianMs: ms, p90Ms: ms, reached: z.number().int(), without: z.number().int(), share }).openapi({ description: 'Time from sign-up to the first successful call.' }),
  active: z.object({ consumers: z.number().int(), developers: z.number().int() }).openapi({ description: 'With at least one live success in the period.' }),
  depth: z.object({ median: z.number().nullable(), tagShare: share, distribution: z.array(z.object({ from: z.number().int(), to: z.number().int().nullable(), consumers: z.number().int() })) }).openapi({ description: 'Operations used with at least 3 live successes on at least 2 UTC days of the 30 before `to`.' }),
  volume: z.object({ bucketMs: z.number(), rows: z.array(volumeRowSchema) }),
  errors: z.object({ total: z.number().int(), failed: z.number().int(), share }),
  refusals: z.array(z.object({ code: z.string().openapi({ example: 'key_missing' }), count: z.number().int(), stranger: z.number().int() })),
}).openapi('Adoption');

const step = z.enum(['signed-up', 'key-made', 'first-call', 'first-success', 'week-two']);
const attentionSchema = z.object({
  stuck: z.array(z.object({ step: step.openapi({ description: 'The last step that they reached.' }), total: z.number().int(), consumers: z.array(z.object({ id: z.string(), name: z.string(), createdAt: time })) })),
  stalls: z.array(z.object({ code: z.string().openapi({ example: 'key_revoked' }), count: z.number().int(), consumers: z.number().int() })),
  nearLimits: z.object({ total: z.number().int(), rows: z.array(z.object({ consumerId: z.string(), name: z.string(), planName: z.string(), productName: z.string(), limit: limitSchema, used: z.number().int(), resetsAt: time })) }),
  drift: z.array(z.object({ action: z.string(), noun: z.string(), name: z.string(), detail: z.array(z.string()) })).openapi({ description: 'Edits made elsewhere since the last apply.' }),
}).openapi('Attention');

export function addAdoptionRoutes(api: Api): void {
  addRoute(api, {
    method: 'get', path: '/api/v1/adoption', operation: 'getAdoption', tag: 'Adoption', summary: 'Get adoption', description: 'Funnel, time to first call, volume, errors and refusals: the numbers of the workspace’s first page. The last 30 days when no period is named.',
    query: z.strictObject({ product: z.string().optional().openapi({ description: 'Slug of the product.', example: 'atlas' }), bucketMs: z.coerce.number().int().min(1_000).max(31_536_000_000).optional().openapi({ example: 86_400_000 }), ...periodQuery }),
    answer: { description: 'The report.', schema: adoptionSchema, example: {
      from: '2026-07-02T00:00:00.000Z', to: '2026-08-01T00:00:00.000Z', product: 'atlas',
      funnel: [{ step: 'signed-up', consumers: 40, possible: 40 }, { step: 'key-made', consumers: 36, possible: 40 }, { step: 'first-call', consumers: 32, possible: 40 }, { step: 'first-success', consumers: 30, possible: 40 }, { step: 'week-two', consumers: 18, possible: 31 }],
      ttfc: { medianMs: 240_000, p90Ms: 7_200_000, reached: 30, without: 10, share: 0.75 }, active: { consumers: 22, developers: 25 }, depth: { median: 4, tagShare: 0.6, distribution: [{ from: 1, to: 1, consumers: 3 }, { from: 2, to: 3, consumers: 5 }] },
      volume: { bucketMs: 86_400_000, rows: [{ bucket: '2026-07-31T00:00:00.000Z', statusClass: '2xx', count: 1204 }] }, errors: { total: 1204, failed: 5, share: 0.0042 }, refusals: [{ code: 'key_missing', count: 12, stranger: 12 }],
    } }, refusals: ['not_found'],
  }, async ({ actor, query: { product, bucketMs, ...period } }) => api.services.adoption.report(actor, {
    ...readPeriod(period, api.clock.now(), '30d'), ...(product === undefined ? {} : { productSlug: product }), ...(bucketMs === undefined ? {} : { bucketMs }),
  }));

  addRoute(api, {
    method: 'get', path: '/api/v1/attention', operation: 'getAttention', tag: 'Adoption', summary: 'Get what needs you', description: 'Where newcomers of the period stopped, by name; what their own keys were refused with before their first success; accounts near the end of a quota. The last 30 days when no period is named.',
    query: z.strictObject({ product: z.string().optional().openapi({ description: 'Slug of the product.', example: 'atlas' }), ...periodQuery }),
    answer: { description: 'Whom and what to look at.', schema: attentionSchema, example: {
      stuck: [{ step: 'first-call', total: 1, consumers: [{ id: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z', name: 'Northwind', createdAt: '2026-07-31T09:30:00.000Z' }] }], stalls: [{ code: 'key_revoked', count: 12, consumers: 2 }],
      nearLimits: { total: 1, rows: [{ consumerId: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z', name: 'Northwind', planName: 'Free', productName: 'Atlas API', limit: { name: 'monthly', requests: 10_000, per: 'month' }, used: 9_100, resetsAt: '2026-08-01T00:00:00.000Z' }] }, drift: [{ action: 'change', noun: 'plan', name: 'atlas free', detail: ['limit burst: 5 requests per second -> 9 requests per second'] }],
    } }, refusals: ['not_found'],
  }, async ({ actor, query: { product, ...period } }) => api.services.adoption.attention(actor, { ...readPeriod(period, api.clock.now(), '30d'), ...(product === undefined ? {} : { productSlug: product }) }));
}
