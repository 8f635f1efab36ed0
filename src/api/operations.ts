import { z } from '@hono/zod-openapi';
import { idParam, orNull, productParam } from './fields.ts';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';

export const operationSchema = z.object({
  operation: z.string().openapi({ description: '`operationId`, or method and path where there is none.', example: 'listCountries' }),
  slug: z.string().openapi({ description: 'Name of its page.', example: 'list-countries' }),
  method: z.string().openapi({ example: 'GET' }),
  path: z.string().openapi({ example: '/countries' }),
  summary: z.string().openapi({ example: 'List countries' }),
  tag: z.string().nullable().openapi({ example: 'Countries' }),
  deprecated: z.boolean(),
}).openapi('Operation');
export const exampleOperation = { operation: 'listCountries', slug: 'list-countries', method: 'GET', path: '/countries', summary: 'List countries', tag: 'Countries', deprecated: false };

export const sampleSchema = z.object({
  method: z.string(), path: z.string(), headers: z.record(z.string(), z.string()), body: z.string().nullable(),
}).openapi('Sample', { description: 'A request that should succeed, from the examples of the document.' });

const contentSchema = z.object({ mediaType: z.string().openapi({ example: 'application/json' }), schema: z.unknown(), example: z.unknown() }).openapi('Content');
const operationDetailSchema = z.object({
  operation: operationSchema,
  description: z.string(),
  parameters: z.array(z.object({
    name: z.string(), in: z.enum(['path', 'query', 'header', 'cookie']), required: z.boolean(), deprecated: z.boolean(), description: z.string(), schema: z.unknown(), example: z.unknown(),
  }).openapi('Parameter')),
  requestBody: z.object({ required: z.boolean(), description: z.string(), content: z.array(contentSchema) }).nullable(),
  responses: z.array(z.object({ status: z.string(), description: z.string(), content: z.array(contentSchema) })),
  previous: orNull(operationSchema),
  next: orNull(operationSchema),
  sample: sampleSchema,
}).openapi('OperationDetail');

export function addOperationRoutes(api: Api): void {
  const { products } = api.services;
  const versionFields = { product: productParam, version: idParam('version', 'v2', 'Name of the version.') };
  addRoute(api, {
    method: 'get', path: '/api/v1/products/{product}/versions/{version}/operations', operation: 'listOperations', tag: 'Operations', summary: 'List operations', description: 'The operations of a version, in the order of its document.',
    params: z.object(versionFields),
    answer: { description: 'The operations.', schema: z.object({ operations: z.array(operationSchema) }), example: { operations: [exampleOperation] } },
  }, async ({ actor, params }) => ({ operations: [...(await products.listOperations(actor, params.product, params.version))] }));

  addRoute(api, {
    method: 'get', path: '/api/v1/products/{product}/versions/{version}/operations/{operation}', operation: 'getOperation', tag: 'Operations', summary: 'Get an operation',
    description: 'One operation, ready to show: parameters, bodies and responses with schemas and examples, and a request that should succeed.',
    params: z.object({ ...versionFields, operation: idParam('operation', 'list-countries', 'Slug of the operation.') }),
    answer: { description: 'The operation.', schema: operationDetailSchema, example: {
      operation: exampleOperation, description: 'All countries, by name.',
      parameters: [{ name: 'limit', in: 'query', required: false, deprecated: false, description: 'At most so many.', schema: { type: 'integer' }, example: 5 }],
      requestBody: null, responses: [{ status: '200', description: 'The countries.', content: [{ mediaType: 'application/json', schema: { type: 'object' }, example: { countries: [] } }] }],
      previous: null, next: null, sample: { method: 'GET', path: '/countries?limit=5', headers: {}, body: null },
    } },
  }, async ({ actor, params }) => products.getOperation(actor, params.product, params.version, params.operation));
}
