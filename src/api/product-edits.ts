// What the workspace does with a product beside publishing: settings, versions, who may see it, whether its upstream answers.
import { z } from '@hono/zod-openapi';
import { idParam, nextCursor, pageQuery, placeSchema, productParam, quantity, time } from './fields.ts';
import { exampleOperation, operationSchema } from './operations.ts';
import { exampleProduct, exampleVersion, productSchema, versionSchema } from './products.ts';
import { addRoute, documentBytesMax } from './route.ts';
import type { Api } from './route.ts';

const params = z.object({ product: productParam });
const versionParams = z.object({ product: productParam, version: idParam('version', 'v2', 'Name of the version.') });
const factsSchema = z.object({
  slug: z.string(), name: z.string(), description: z.string(), upstream: z.string(), testUpstream: z.string().nullable(), access: z.enum(['public', 'private']), owner: z.string().nullable(), minimumNoticeDays: z.number().int().nullable(),
  createdAt: time, updatedAt: time, subscriptions: z.number().int(),
}).openapi('ProductSettings');
const exampleFacts = { slug: 'atlas', name: 'Atlas API', description: 'Countries, cities, currencies and languages.', upstream: 'http://127.0.0.1:4010', testUpstream: 'examples', access: 'public' as const, owner: 'geo@example.com', minimumNoticeDays: 180, createdAt: '2026-08-01T09:30:00.000Z', updatedAt: '2026-08-01T09:30:00.000Z', subscriptions: 12 };
const invitationSchema = z.object({ id: z.string(), email: z.string(), invitedBy: z.string(), createdAt: time, accounts: z.array(z.object({ id: z.string(), name: z.string() })).openapi({ description: 'Consumers that it opens the product to: those with a developer who proved this address.' }) }).openapi('ProductInvitation');
const exampleInvitation = { id: 'pin_01K0G6Q8YB3V5N2M7R4T9W1X0Z', email: 'ada@example.com', invitedBy: 'owner@example.com', createdAt: '2026-08-01T09:30:00.000Z', accounts: [{ id: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z', name: 'Northwind' }] };

export function addProductEditRoutes(api: Api): void {
  const { products } = api.services;
  addRoute(api, {
    method: 'post', path: '/api/v1/products', operation: 'createProduct', tag: 'Products', summary: 'Make a product', description: 'A product without a version yet, with a default plan `free`. The portal shows it once a version is published.',
    body: { schema: z.strictObject({ slug: z.string(), name: z.string().optional(), description: z.string().optional(), upstream: z.string(), access: z.enum(['public', 'private']).optional() }), example: { slug: 'atlas', name: 'Atlas API', upstream: 'http://127.0.0.1:4010' } },
    answer: { status: 201, description: 'The product.', schema: productSchema, example: { ...exampleProduct, versions: [], currentVersion: null } }, refusals: ['conflict'],
  }, async ({ actor, body: { slug, upstream, name, description, access } }) => products.create(actor, { slug, upstream, ...(name !== undefined && { name }), ...(description !== undefined && { description }), ...(access && { access }) }));
  addRoute(api, {
    method: 'get', path: '/api/v1/products/{product}/settings', operation: 'getProductSettings', tag: 'Products', summary: 'Get a product’s settings', description: 'What the portal does not show: upstreams, owner, subscriptions.', params, answer: { description: 'The settings.', schema: factsSchema, example: exampleFacts },
  }, async ({ actor, params: { product } }) => products.facts(actor, product));
  addRoute(api, {
    method: 'patch', path: '/api/v1/products/{product}/settings', operation: 'editProduct', tag: 'Products', summary: 'Edit a product', description: 'Changes what is named and leaves the rest. The rules of portico.yaml hold.', params,
    body: { schema: z.strictObject({ name: z.string().optional(), description: z.string().optional(), upstream: z.string().optional(), testUpstream: z.string().nullable().optional(), access: z.enum(['public', 'private']).optional() }), example: { access: 'private' as const } },
    answer: { description: 'The settings.', schema: factsSchema, example: { ...exampleFacts, access: 'private' as const } },
  }, async ({ actor, params: { product }, body }) => products.edit(actor, { slug: product, ...defined(body) }));
  addRoute(api, {
    method: 'delete', path: '/api/v1/products/{product}', operation: 'removeProduct', tag: 'Products', summary: 'Remove a product', description: 'Only while nobody subscribes.', params, refusals: ['has_subscriptions'],
  }, async ({ actor, params: { product } }) => products.remove(actor, { slug: product }));
  addRoute(api, {
    method: 'post', path: '/api/v1/products/{product}/upstream-check', operation: 'checkUpstream', tag: 'Products', summary: 'Check upstreams', description: 'Connects to each upstream now. Any HTTP answer counts as reachable.', params,
    answer: { description: 'One result per address.', schema: z.object({ checks: z.array(z.object({ address: z.string(), use: z.string(), reachable: z.boolean(), status: z.number().int().nullable(), durationMs: z.number(), detail: z.string(), at: time })) }), example: { checks: [{ address: 'http://127.0.0.1:4010', use: 'upstream', reachable: true, status: 200, durationMs: 3.1, detail: '', at: '2026-08-01T09:30:00.000Z' }] } },
  }, async ({ actor, params: { product } }) => ({ checks: await products.checkUpstream(actor, { slug: product }) }));
  addVersionRoutes(api);
  addInvitationRoutes(api);
}

function addVersionRoutes(api: Api): void {
  const { products } = api.services;
  const date = z.string().nullable().optional().openapi({ description: 'A UTC date.', example: '2026-09-01' });
  addRoute(api, {
    method: 'patch', path: '/api/v1/products/{product}/versions/{version}', operation: 'editVersion', tag: 'Products', summary: 'Change a version’s state', description: 'Publishes a draft, deprecates with dates and successor, retires. What was published is not a draft again.', params: versionParams,
    body: { schema: z.strictObject({ status: z.enum(['draft', 'published', 'deprecated', 'retired']), deprecated: date, sunset: date, successor: z.string().nullable().optional() }), example: { status: 'deprecated' as const, deprecated: '2026-09-01', sunset: '2027-03-01', successor: 'v3' } },
    answer: { description: 'The version.', schema: versionSchema, example: exampleVersion }, refusals: ['conflict'],
  }, async ({ actor, params: { product, version }, body: { status, ...edit } }) => products.editVersion(actor, { slug: product, version, status, ...defined(edit) }));
  addRoute(api, {
    method: 'delete', path: '/api/v1/products/{product}/versions/{version}', operation: 'discardDraft', tag: 'Products', summary: 'Throw a draft away', description: 'Only a draft: what was published is retired instead.', params: versionParams, refusals: ['conflict'],
  }, async ({ actor, params: { product, version } }) => products.discardDraft(actor, { slug: product, version }));
  addRoute(api, {
    method: 'get', path: '/api/v1/products/{product}/versions/{version}/callers', operation: 'listCallers', tag: 'Products', summary: 'List who calls a version', description: 'Calls of the last 30 days, most first; at most 50 consumers.', params: versionParams,
    answer: { description: 'The callers.', schema: z.object({ callers: z.array(z.object({ consumerId: z.string(), name: z.string(), calls: quantity })), total: z.number().int() }), example: { callers: [{ consumerId: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z', name: 'Northwind', calls: '1204' }], total: 1 } },
  }, async ({ actor, params: { product, version } }) => products.listCallers(actor, { slug: product, version }));
  addRoute(api, {
    method: 'post', path: '/api/v1/products/{product}/versions/{version}/compare', operation: 'compareDocument', tag: 'Products', summary: 'Compare a document with a version', description: 'What replacing the document would add, remove and change, by operation. Nothing is kept.', params: versionParams,
    body: { bytesMax: documentBytesMax, schema: z.strictObject({ fileName: z.string().min(1).max(500), text: z.string().min(1) }), example: { fileName: 'atlas-v2.yaml', text: 'openapi: 3.1.0\ninfo: { title: Atlas API, version: 2.0.0 }\npaths: {}\n' } },
    answer: { description: 'The differences.', schema: z.object({ problems: z.array(placeSchema), added: z.array(operationSchema), removed: z.array(operationSchema), changed: z.array(z.object({ operation: operationSchema, changes: z.array(z.string()) })), unchanged: z.number().int() }), example: { problems: [], added: [exampleOperation], removed: [], changed: [], unchanged: 13 } }, refusals: ['contract_invalid'],
  }, async ({ actor, params: { product, version }, body }) => products.compareDocument(actor, { slug: product, version, ...body }));
}

function addInvitationRoutes(api: Api): void {
  const { products } = api.services;
  addRoute(api, {
    method: 'get', path: '/api/v1/products/{product}/invitations', operation: 'listProductInvitations', tag: 'Products', summary: 'List who is invited to a product', description: 'People who may see a private product without a subscription, newest first.', params, query: z.strictObject(pageQuery),
    answer: { description: 'The invitations.', schema: z.object({ invitations: z.array(invitationSchema), nextCursor }), example: { invitations: [exampleInvitation], nextCursor: null } },
  }, async ({ actor, params: { product }, query: { cursor, limit } }) => products.listInvitations(actor, { slug: product, ...(cursor !== undefined && { cursor }), ...(limit !== undefined && { limit }) }));
  addRoute(api, {
    method: 'post', path: '/api/v1/products/{product}/invitations', operation: 'inviteToProduct', tag: 'Products', summary: 'Invite somebody to a product', description: 'Who signs up with this address and proves it sees the product, though it is private. Mail goes out once.', params,
    body: { schema: z.strictObject({ email: z.string() }), example: { email: 'ada@example.com' } }, answer: { status: 201, description: 'The invitation.', schema: invitationSchema, example: exampleInvitation },
  }, async ({ actor, params: { product }, body }) => products.invite(actor, { slug: product, email: body.email }));
  addRoute(api, {
    method: 'delete', path: '/api/v1/products/{product}/invitations/{invitation}', operation: 'withdrawProductInvitation', tag: 'Products', summary: 'Withdraw an invitation to a product', description: 'Accounts that subscribe go on seeing the product.', params: z.object({ product: productParam, invitation: idParam('invitation', exampleInvitation.id, 'Id of the invitation.') }),
  }, async ({ actor, params: { product, invitation } }) => products.withdrawInvitation(actor, { slug: product, id: invitation }));
}

type Defined<Fields> = { [Field in keyof Fields]: Exclude<Fields[Field], undefined> };

function defined<Fields extends object>(fields: Fields): Partial<Defined<Fields>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Defined<Fields>>;
}
