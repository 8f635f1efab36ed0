import { z } from '@hono/zod-openapi';
import { nextCursor, pageQuery, productParam, time, timeOrNull } from './fields.ts';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';

const versionSchema = z.object({
  version: z.string().openapi({ example: 'v2' }),
  samples: z.number().int().openapi({ description: 'Operations of the version: each has one sample.', example: 16 }),
  worked: z.number().int().openapi({ example: 15 }), failed: z.number().int().openapi({ example: 1 }), notRun: z.number().int().openapi({ example: 0 }),
  lastAt: timeOrNull,
  running: z.object({ done: z.number().int(), of: z.number().int(), waiting: z.boolean().openapi({ description: 'No gateway serves the present configuration yet.' }) }).nullable().openapi({ example: null }),
  due: z.number().int().openapi({ description: 'Samples that are still to run.', example: 0 }),
}).openapi('DocumentationVersion');

const sampleSchema = z.object({
  version: z.string().openapi({ example: 'v2' }), operation: z.string().openapi({ example: 'listCountries' }), method: z.string().openapi({ example: 'GET' }), path: z.string().openapi({ example: '/countries' }),
  at: time, workedAt: timeOrNull, status: z.number().int().nullable().openapi({ example: 404 }), reason: z.string().nullable().openapi({ description: 'Why it failed.', example: 'The test upstream answered 404; the contract promises 200.' }),
}).openapi('FailedSample');

const exampleVersion = { version: 'v2', samples: 16, worked: 15, failed: 1, notRun: 0, lastAt: '2026-08-01T09:30:00.000Z', running: null, due: 0 };

export function addDocumentationRoutes(api: Api): void {
  const { documentation } = api.services;
  const params = z.object({ product: productParam });
  addRoute(api, {
    method: 'get', path: '/api/v1/products/{product}/documentation-runs', operation: 'getDocumentationRuns', tag: 'Documentation', summary: 'Get documentation runs',
    description: 'How many samples of each version worked when they were last sent to the test upstream, and those that failed.', params, query: z.strictObject(pageQuery),
    answer: { description: 'Versions and failed samples.', schema: z.object({ versions: z.array(versionSchema), failed: z.array(sampleSchema), nextCursor }), example: {
      versions: [exampleVersion], failed: [{ version: 'v2', operation: 'listCountries', method: 'GET', path: '/countries', at: '2026-08-01T09:30:00.000Z', workedAt: null, status: 404, reason: 'The test upstream answered 404; the contract promises 200.' }], nextCursor: null,
    } },
  }, async ({ actor, params: { product }, query: { cursor, limit } }) => {
    const { samples, nextCursor: next } = await documentation.listSamples(actor, { product, state: 'failed', ...(cursor === undefined ? {} : { cursor }), ...(limit === undefined ? {} : { limit }) });
    return {
      versions: await documentation.listVersions(actor, { product }), nextCursor: next,
      failed: samples.map(({ version, operation, run }) => ({ version, operation: operation.operation, method: operation.method, path: operation.path, at: run!.at, workedAt: run!.workedAt, status: run!.status, reason: run!.reason })),
    };
  });

  addRoute(api, {
    method: 'post', path: '/api/v1/products/{product}/documentation-runs', operation: 'runDocumentation', tag: 'Documentation', summary: 'Run the documentation',
    description: 'Sends every sample of the product, or of one version, to the test upstream again. They run in the background.', params,
    body: { schema: z.strictObject({ version: z.string().optional().openapi({ example: 'v2' }) }), example: { version: 'v2' } },
    answer: { description: 'How many samples will run.', schema: z.object({ samples: z.number().int().openapi({ example: 16 }) }), example: { samples: 16 } },
  }, async ({ actor, params: { product }, body: { version } }) => documentation.run(actor, { product, ...(version === undefined ? {} : { version }) }));
}
