import { z } from '@hono/zod-openapi';
import { idParam, orNull, placeSchema, productParam, timeOrNull, time } from './fields.ts';
import { operationSchema, exampleOperation, sampleSchema } from './operations.ts';
import { planSchema, examplePlan } from './plans.ts';
import { addRoute, documentBytesMax } from './route.ts';
import type { Api } from './route.ts';

export const versionSchema = z.object({
  id: z.string().openapi({ example: 'ver_01K0G6Q8YB3V5N2M7R4T9W1X0Z' }),
  name: z.string().openapi({ example: 'v2' }),
  status: z.enum(['draft', 'published', 'deprecated', 'retired']),
  title: z.string().openapi({ description: '`info.title` of the document.', example: 'Atlas API' }),
  openapi: z.string().openapi({ description: 'OpenAPI version of the document.', example: '3.1.0' }),
  operationCount: z.number().int(),
  deprecatedAt: timeOrNull,
  sunsetAt: timeOrNull,
  successor: z.string().nullable(),
  publishedAt: time,
}).openapi('Version');

const productFields = {
  id: z.string().openapi({ example: 'prd_01K0G6Q8YB3V5N2M7R4T9W1X0Z' }),
  slug: z.string().openapi({ example: 'atlas' }),
  name: z.string().openapi({ example: 'Atlas API' }),
  description: z.string(),
  layer: z.string().nullable().openapi({ description: '`system`, `process`, `experience` or null.', example: 'experience' }),
  access: z.enum(['public', 'private']),
  testMode: z.boolean().openapi({ description: 'Whether test keys are issued.' }),
  tokens: orNull(z.object({
    own: z.boolean().openapi({ description: 'Whether keys can be exchanged for tokens at `/oauth/token`.' }), issuers: z.array(z.string()).openapi({ description: 'Others whose tokens are taken, once what they name is bound to a key.' }),
  })),
  policies: z.array(z.string()).openapi({ description: 'Names of the policies that are on.', example: [] }),
  versions: z.array(versionSchema),
  currentVersion: z.string().nullable().openapi({ description: 'The newest published version.', example: 'v2' }),
};
export const productSchema = z.object(productFields).openapi('Product');
const productPageSchema = z.object({
  ...productFields,
  plans: z.array(planSchema),
  baseUrls: z.record(z.string(), z.string()).openapi({ description: 'Address that calls start with, by version.' }),
  quickstart: z.object({ version: z.string(), operation: operationSchema, sample: sampleSchema }).nullable().openapi({ description: 'A first call that should succeed.' }),
}).openapi('ProductDetail');

export const exampleVersion = { id: 'ver_01K0G6Q8YB3V5N2M7R4T9W1X0Z', name: 'v2', status: 'published' as const, title: 'Atlas API', openapi: '3.1.0', operationCount: 14, deprecatedAt: null, sunsetAt: null, successor: null, publishedAt: '2026-08-01T09:30:00.000Z' };
export const exampleProduct = {
  id: 'prd_01K0G6Q8YB3V5N2M7R4T9W1X0Z', slug: 'atlas', name: 'Atlas API', description: 'Countries, cities, currencies and languages.', layer: 'experience', access: 'public' as const,
  testMode: true, tokens: null, policies: [], versions: [exampleVersion], currentVersion: 'v2',
};

const documentFields = {
  fileName: z.string().min(1).max(500).openapi({ description: 'Name of the file: places of mistakes name it, and its ending tells JSON from YAML.', example: 'atlas-v2.yaml' }),
  text: z.string().min(1).openapi({ description: 'The OpenAPI document: JSON or YAML, in one file.', example: 'openapi: 3.1.0\ninfo: { title: Atlas API, version: 2.0.0 }\npaths: { /countries: { get: { responses: { "200": { description: Countries } } } } }\n' }),
};
const exampleDocument = { fileName: 'atlas-v2.yaml', text: 'openapi: 3.1.0\ninfo: { title: Atlas API, version: 2.0.0 }\npaths: { /countries: { get: { responses: { "200": { description: Countries } } } } }\n' };

export function addProductRoutes(api: Api): void {
  const { products } = api.services;
  addRoute(api, {
    method: 'get', path: '/api/v1/products', operation: 'listProducts', tag: 'Products', summary: 'List products', description: 'Every product that you may see, with its versions.',
    answer: { description: 'The products.', schema: z.object({ products: z.array(productSchema) }), example: { products: [exampleProduct] } },
  }, async ({ actor }) => ({ products: await products.list(actor) }));

  addRoute(api, {
    method: 'get', path: '/api/v1/products/{product}', operation: 'getProduct', tag: 'Products', summary: 'Get a product', description: 'One product with its plans, its addresses and a first call to try.',
    params: z.object({ product: productParam }),
    answer: { description: 'The product.', schema: productPageSchema, example: {
      ...exampleProduct, plans: [examplePlan], baseUrls: { v2: 'http://127.0.0.1:8080/atlas/v2' },
      quickstart: { version: 'v2', operation: exampleOperation, sample: { method: 'GET', path: '/countries?limit=5', headers: {}, body: null } },
    } },
  }, async ({ actor, params }) => products.get(actor, params.product));

  addRoute(api, {
    method: 'get', path: '/api/v1/products/{product}/versions', operation: 'listVersions', tag: 'Products', summary: 'List versions', description: 'The versions of a product with their state, newest first as the product shows them.',
    params: z.object({ product: productParam }),
    answer: { description: 'The versions.', schema: z.object({ versions: z.array(versionSchema) }), example: { versions: [exampleVersion] } },
  }, async ({ actor, params }) => ({ versions: (await products.get(actor, params.product)).versions }));

  addDocumentRoutes(api);
}

function addDocumentRoutes(api: Api): void {
  const { products } = api.services;
  const versionParams = z.object({ product: productParam, version: idParam('version', 'v2', 'Name of the version.') });
  addRoute(api, {
    method: 'get', path: '/api/v1/products/{product}/versions/{version}/document', operation: 'getDocument', tag: 'Products', summary: 'Get the OpenAPI document',
    description: 'The OpenAPI document of a version, bundled into one: no `$ref` leaves it.', params: versionParams,
    answer: { description: 'The document.', schema: z.record(z.string(), z.unknown()), example: { openapi: '3.1.0', info: { title: 'Atlas API', version: '2.0.0' }, paths: {} } },
  }, async ({ actor, params }) => await products.getDocument(actor, params.product, params.version) as Record<string, unknown>);

  addRoute(api, {
    method: 'put', path: '/api/v1/products/{product}/versions/{version}', operation: 'publishVersion', tag: 'Products', summary: 'Publish a version',
    description: 'Publishes an OpenAPI document as this version. A product that does not exist is made, and then needs `upstream`. With `dryRun` nothing changes and `problems` tells what would be refused.',
    params: versionParams,
    body: { bytesMax: documentBytesMax, schema: z.strictObject({
      ...documentFields,
      draft: z.boolean().optional().openapi({ description: 'Members see it in the portal, nobody calls it. Only for a version that is new or a draft.' }),
      name: z.string().min(1).max(200).optional().openapi({ description: 'Name of a new product; the title of the document when absent.', example: 'Atlas API' }),
      upstream: z.string().max(2000).optional().openapi({ description: 'Address of the API behind the gateway.', example: 'http://127.0.0.1:4010' }),
      dryRun: z.boolean().optional().openapi({ example: false }),
    }), example: { ...exampleDocument, name: 'Atlas API', upstream: 'http://127.0.0.1:4010' } },
    answer: { description: 'The product as it is now, and what is wrong with the document.', schema: z.object({ product: orNull(productSchema).openapi({ description: 'Null when a dry run names a product that does not exist yet.' }), problems: z.array(placeSchema) }), example: { product: exampleProduct, problems: [] } },
    refusals: ['contract_invalid', 'conflict', 'not_ready'],
  }, async ({ actor, params, body }) => products.publish(actor, { slug: params.product, version: params.version, ...body }));

  addRoute(api, {
    method: 'post', path: '/api/v1/documents/inspect', operation: 'inspectDocument', tag: 'Products', summary: 'Inspect an OpenAPI document', description: 'Tells what a document holds and what is wrong with it. Nothing is kept.',
    body: { bytesMax: documentBytesMax, schema: z.strictObject(documentFields), example: exampleDocument },
    answer: { description: 'What the document holds.', schema: z.object({ title: z.string(), version: z.string(), openapi: z.string(), operations: z.array(operationSchema), servers: z.array(z.string()), problems: z.array(placeSchema) }).openapi('Inspection'),
      example: { title: 'Atlas API', version: '2.0.0', openapi: '3.1.0', operations: [exampleOperation], servers: ['https://api.example.com'], problems: [] } },
    refusals: ['contract_invalid'],
  }, async ({ actor, body }) => products.inspectDocument(actor, body));
}
