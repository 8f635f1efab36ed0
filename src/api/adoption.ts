import { z } from '@hono/zod-openapi';
import { periodQuery, readPeriod, time } from './fields.ts';
import { volumeRowSchema } from './requests.ts';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';

const ms = z.number().nullable().openapi({ description: 'In ms; null when nobody has got there.', example: 240_000 });
const share = z.number().nullable().openapi({ description: 'From 0 to 1; null when there is nothing to share.', example: 0.75 });
const adoptionSchema = z.object({
  from: time, to: time, product: z.string().nullable(),
  funnel: z.array(z.object({ step: z.enum(['signed-up', 'key-made', 'first-call', 'first-success', 'weekly-active']), consumers: z.number().int() })),
  ttfc: z.object({ medianMs: ms, p90Ms: ms, reached: z.number().int(), without: z.number().int(), share }).openapi({ description: 'Time from sign-up to the first successful call.' }),
  volume: z.object({ bucketMs: z.number(), rows: z.array(volumeRowSchema) }),
  errors: z.object({ total: z.number().int(), failed: z.number().int(), share }),
  refusals: z.array(z.object({ code: z.string().openapi({ example: 'key_missing' }), count: z.number().int(), stranger: z.number().int() })),
}).openapi('Adoption');

export function addAdoptionRoutes(api: Api): void {
  addRoute(api, {
    method: 'get', path: '/api/v1/adoption', operation: 'getAdoption', tag: 'Adoption', summary: 'Get adoption', description: 'Funnel, time to first call, volume, errors and refusals: the numbers of the workspace’s first page. The last 30 days when no period is named.',
    query: z.strictObject({ product: z.string().optional().openapi({ description: 'Slug of the product.', example: 'atlas' }), bucketMs: z.coerce.number().int().min(1_000).max(31_536_000_000).optional().openapi({ example: 86_400_000 }), ...periodQuery }),
    answer: { description: 'The report.', schema: adoptionSchema, example: {
      from: '2026-07-02T00:00:00.000Z', to: '2026-08-01T00:00:00.000Z', product: 'atlas',
      funnel: [{ step: 'signed-up', consumers: 40 }, { step: 'key-made', consumers: 36 }, { step: 'first-call', consumers: 32 }, { step: 'first-success', consumers: 30 }, { step: 'weekly-active', consumers: 18 }],
      ttfc: { medianMs: 240_000, p90Ms: 7_200_000, reached: 30, without: 10, share: 0.75 },
      volume: { bucketMs: 86_400_000, rows: [{ bucket: '2026-07-31T00:00:00.000Z', statusClass: '2xx', count: 1204 }] }, errors: { total: 1204, failed: 5, share: 0.0042 }, refusals: [{ code: 'key_missing', count: 12, stranger: 12 }],
    } }, refusals: ['not_found'],
  }, async ({ actor, query: { product, bucketMs, ...period } }) => api.services.adoption.report(actor, {
    ...readPeriod(period, api.clock.now(), '30d'), ...(product === undefined ? {} : { productSlug: product }), ...(bucketMs === undefined ? {} : { bucketMs }),
  }));
}
