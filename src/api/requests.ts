import { z } from '@hono/zod-openapi';
import { idParam, mode, nextCursor, pageQuery, periodQuery, readPeriod, time } from './fields.ts';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';

const requestSchema = z.object({
  id: z.string().openapi({ description: 'The `X-Request-Id` of the answer.', example: 'req_01K0G6Q8YB3V5N2M7R4T9W1X0Z' }),
  at: time.openapi({ description: 'Admission.' }),
  productId: z.string(), productSlug: z.string(), version: z.string().nullable(), operation: z.string().nullable(), method: z.string(),
  status: z.number().int().openapi({ description: 'What the client was answered.', example: 200 }),
  code: z.string().nullable().openapi({ description: 'Why Portico refused, else null.', example: null }),
  upstreamStatus: z.number().int().nullable(),
  keyId: z.string(), keyMasked: z.string().nullable(), consumerId: z.string(), consumerName: z.string().nullable(), developerId: z.string(), subscriptionId: z.string().nullable(), planRevisionId: z.string().nullable(),
  mode, origin: z.enum(['own', 'try-it', 'sample']), requestBytes: z.number(), responseBytes: z.number(),
  durationMs: z.number().openapi({ description: 'From admission to the end of the answer.', example: 12.5 }), upstreamMs: z.number().nullable(), userAgent: z.string().nullable(),
  fields: z.array(z.string()).openapi({ description: 'Names of query parameters and body fields that were present.' }), units: z.record(z.string(), z.string()), open: z.boolean(),
}).openapi('Request');
const exampleRequest = {
  id: 'req_01K0G6Q8YB3V5N2M7R4T9W1X0Z', at: '2026-08-01T09:34:00.000Z', productId: 'prd_01K0G6Q8YB3V5N2M7R4T9W1X0Z', productSlug: 'atlas', version: 'v2', operation: 'listCountries', method: 'GET', status: 200, code: null,
  upstreamStatus: 200, keyId: 'key_01K0G6Q8YB3V5N2M7R4T9W1X0Z', keyMasked: 'atlas_live_...9f3c', consumerId: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z', consumerName: 'Northwind', developerId: 'dev_01K0G6Q8YB3V5N2M7R4T9W1X0Z',
  subscriptionId: 'sub_01K0G6Q8YB3V5N2M7R4T9W1X0Z', planRevisionId: 'rev_01K0G6Q8YB3V5N2M7R4T9W1X0Z', mode: 'live' as const, origin: 'own' as const, requestBytes: 0, responseBytes: 5120, durationMs: 12.5, upstreamMs: 9.75,
  userAgent: 'curl/8.5.0', fields: ['limit'], units: {}, open: false,
};

const consumer = z.string().optional().openapi({ example: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z' });
const product = z.string().optional().openapi({ description: 'Slug of the product.', example: 'atlas' });
export const volumeRowSchema = z.object({ bucket: time.openapi({ description: 'Begin of the bucket.' }), statusClass: z.string().openapi({ example: '2xx' }), count: z.number().int() }).openapi('VolumeRow');

export function addRequestRoutes(api: Api): void {
  const { requests } = api.services;
  addRoute(api, {
    method: 'get', path: '/api/v1/requests', operation: 'listRequests', tag: 'Requests', summary: 'List requests', description: 'What the gateway answered, newest first. A call is here within two seconds.',
    query: z.strictObject({
      consumer, email: z.string().max(254).optional().openapi({ description: 'Of one of the consumer’s developers.', example: 'dev@example.com' }), product, key: z.string().optional().openapi({ description: 'Id of the key.', example: 'key_01K0G6Q8YB3V5N2M7R4T9W1X0Z' }),
      operation: z.string().optional().openapi({ example: 'listCountries' }), mode: mode.optional(),
      status: z.string().regex(/^([1-5]xx|[1-5]\d\d)$/, { error: 'expected a status such as 404, or a class such as 4xx' }).optional().openapi({ description: 'A status or a class.', example: '4xx' }), ...periodQuery, ...pageQuery,
    }),
    answer: { description: 'A page of requests.', schema: z.object({ requests: z.array(requestSchema), nextCursor }), example: { requests: [exampleRequest], nextCursor: null } }, refusals: ['not_found'],
  }, async ({ actor, query: { consumer: consumerId, product: productSlug, key: keyId, since, from, to, ...rest } }) => requests.list(actor, {
    ...rest, ...(since === undefined && from === undefined && to === undefined ? {} : readPeriod({ since, from, to }, api.clock.now(), '36500d')),
    ...(consumerId === undefined ? {} : { consumerId }), ...(productSlug === undefined ? {} : { productSlug }), ...(keyId === undefined ? {} : { keyId }),
  }));

  addRoute(api, {
    method: 'get', path: '/api/v1/requests/{request}', operation: 'getRequest', tag: 'Requests', summary: 'Get a request', description: 'One request by its id: the `X-Request-Id` of its answer.', params: z.object({ request: idParam('request', 'req_01K0G6Q8YB3V5N2M7R4T9W1X0Z', 'Id of the request.') }),
    answer: { description: 'The request.', schema: requestSchema, example: exampleRequest },
  }, async ({ actor, params }) => requests.get(actor, params.request));

  addRoute(api, {
    method: 'get', path: '/api/v1/call-volume', operation: 'getCallVolume', tag: 'Requests', summary: 'Get call volume', description: 'Calls by status class over time. The last 24 hours by the hour when nothing is named.',
    query: z.strictObject({ consumer, product, bucketMs: z.coerce.number().int().min(1_000).max(31_536_000_000).optional().openapi({ description: 'Width of a bucket in ms.', example: 3_600_000 }), ...periodQuery }),
    answer: { description: 'Counts by bucket and status class.', schema: z.object({ volume: z.array(volumeRowSchema) }), example: { volume: [{ bucket: '2026-08-01T09:00:00.000Z', statusClass: '2xx', count: 120 }] } },
  }, async ({ actor, query: { consumer: consumerId, product: productSlug, bucketMs, ...period } }) => ({
    volume: await requests.callVolume(actor, { ...readPeriod(period, api.clock.now(), '24h'), bucketMs: bucketMs ?? 3_600_000, ...(consumerId === undefined ? {} : { consumerId }), ...(productSlug === undefined ? {} : { productSlug }) }),
  }));

  const quantile = z.number().nullable().openapi({ example: 12.5 });
  addRoute(api, {
    method: 'get', path: '/api/v1/latency', operation: 'getLatency', tag: 'Requests', summary: 'Get latency', description: 'Quantiles of the time from admission to the end of the answer, in ms; null without calls. The last 24 hours when no period is named.',
    query: z.strictObject({ consumer, product, ...periodQuery }),
    answer: { description: 'Quantiles in ms.', schema: z.object({ p50: quantile, p95: quantile, p99: quantile }), example: { p50: 12.5, p95: 41, p99: 96.2 } },
  }, async ({ actor, query: { consumer: consumerId, product: productSlug, ...period } }) => requests.latency(actor, { ...readPeriod(period, api.clock.now(), '24h'), ...(consumerId === undefined ? {} : { consumerId }), ...(productSlug === undefined ? {} : { productSlug }) }));
}
