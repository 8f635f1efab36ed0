import { z } from '@hono/zod-openapi';
import { consumerParam, idParam, mode, nextCursor, pageQuery, time, timeOrNull, unconfirmed } from './fields.ts';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';

const keyFields = {
  id: z.string().openapi({ example: 'key_01K0G6Q8YB3V5N2M7R4T9W1X0Z' }),
  name: z.string(), mode, origin: z.enum(['own', 'try-it', 'sample']),
  masked: z.string().openapi({ example: 'atlas_live_...9f3c' }),
  developerId: z.string(), developerEmail: z.string(), consumerId: z.string(),
  createdAt: time, expiresAt: timeOrNull, revokedAt: timeOrNull,
  replacedBy: z.string().nullable().openapi({ description: 'Id of the key that a roll made in its place.' }),
  lastUsedAt: timeOrNull,
  state: z.enum(['active', 'revoked', 'expired']),
  products: z.array(z.string()).openapi({ description: 'Slugs of the products that it opens.', example: ['atlas'] }),
  scopes: z.array(z.string()).nullable().openapi({ description: 'Ids of the operations that it is limited to; null allows all.' }),
  addresses: z.array(z.string()).nullable().openapi({ description: 'Addresses and CIDR ranges that it is limited to; null allows all.' }),
  replaces: z.object({ id: z.string(), masked: z.string(), lastUsedAt: timeOrNull, expiresAt: timeOrNull, revokedAt: timeOrNull, state: z.enum(['active', 'revoked', 'expired']) }).nullable().openapi({ description: 'The key that a roll put it in the place of.' }),
};
export const keySchema = z.object(keyFields).openapi('Key');
const changedSchema = z.object({ ...keyFields, unconfirmed }).openapi('ChangedKey');
const revokedSchema = z.object({ ...keyFields, unconfirmed }).openapi('RevokedKey');
export const exampleKey = {
  id: 'key_01K0G6Q8YB3V5N2M7R4T9W1X0Z', name: 'production', mode: 'live' as const, origin: 'own' as const, masked: 'atlas_live_...9f3c', developerId: 'dev_01K0G6Q8YB3V5N2M7R4T9W1X0Z', developerEmail: 'dev@example.com',
  consumerId: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z', createdAt: '2026-08-01T09:31:00.000Z', expiresAt: null, revokedAt: null, replacedBy: null, lastUsedAt: null, state: 'active' as const, products: ['atlas'], scopes: null, addresses: null, replaces: null,
};

const createdFields = {
  key: z.string().openapi({ description: 'The key itself: shown this once.', example: 'atlas_live_8Zq4mT1cXv0LrW7pYk2NdB5hJ3s0a1b2c' }),
  id: z.string(), subscription: z.string(), consumer: z.string(), summary: keySchema, unconfirmed,
};
const createdSchema = z.object(createdFields).openapi('CreatedKey');
const rolledSchema = z.object({ ...createdFields, previousExpiresAt: time.openapi({ description: 'Until then the old key works too.' }) }).openapi('RolledKey');
const exampleCreated = { key: 'atlas_live_8Zq4mT1cXv0LrW7pYk2NdB5hJ3s0a1b2c', id: 'key_01K0G6Q8YB3V5N2M7R4T9W1X0Z', subscription: 'sub_01K0G6Q8YB3V5N2M7R4T9W1X0Z', consumer: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z', summary: exampleKey, unconfirmed: [] };
const keyName = z.string().min(1).max(100).openapi({ example: 'production' });
const endOfKey = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)).openapi({ type: 'string', format: 'date-time', example: '2027-01-01T00:00:00Z' });
const keyParams = z.object({ key: idParam('key', 'key_01K0G6Q8YB3V5N2M7R4T9W1X0Z', 'Id of the key (not the key itself).') });

export function addKeyRoutes(api: Api): void {
  addCreation(api);
  const { keys } = api.services;
  addRoute(api, {
    method: 'get', path: '/api/v1/keys', operation: 'listKeys', tag: 'Keys', summary: 'List keys', description: 'Keys, newest first, masked.',
    query: z.strictObject({ consumer: z.string().optional().openapi({ description: 'Only keys of this consumer.', example: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z' }), ...pageQuery }),
    answer: { description: 'A page of keys.', schema: z.object({ keys: z.array(keySchema), nextCursor }), example: { keys: [exampleKey], nextCursor: null } },
  }, async ({ actor, query: { consumer, ...page } }) => keys.list(actor, { ...page, ...(consumer === undefined ? {} : { consumerId: consumer }) }));

  addRoute(api, {
    method: 'patch', path: '/api/v1/keys/{key}', operation: 'updateKey', tag: 'Keys', summary: 'Change a key', description: 'Changes the name, the end and the restrictions; what is left out stays, null lifts a restriction, and the key itself stays. Answers once every connected gateway knows.', params: keyParams,
    body: { schema: z.strictObject({
      name: keyName.optional(), expiresAt: endOfKey.nullable().optional(),
      operations: z.array(z.string()).max(1000).nullable().optional().openapi({ description: 'Only these operations.', example: ['listCountries'] }),
      addresses: z.array(z.string()).max(100).nullable().optional().openapi({ description: 'Only from these addresses or CIDR ranges.', example: ['192.0.2.0/24'] }),
    }), example: { name: 'production' } },
    answer: { description: 'The key.', schema: changedSchema, example: { ...exampleKey, unconfirmed: [] } }, refusals: ['conflict', 'not_ready'],
  }, async ({ actor, params, body: { operations, name, expiresAt, addresses } }) => keys.update(actor, {
    id: params.key, ...(name !== undefined && { name }), ...(expiresAt !== undefined && { expiresAt }), ...(addresses !== undefined && { addresses }), ...(operations !== undefined && { scopes: operations }),
  }));

  addRoute(api, {
    method: 'post', path: '/api/v1/keys/{key}/roll', operation: 'rollKey', tag: 'Keys', summary: 'Roll a key', description: 'Makes a new key in place of this one, which works for `overlapMs` more. Answers once every connected gateway knows both.', params: keyParams,
    body: { schema: z.strictObject({ overlapMs: z.number().int().min(0).max(31_536_000_000).openapi({ description: 'How long the old key still works, in ms.', example: 86_400_000 }) }), example: { overlapMs: 86_400_000 } },
    answer: { status: 201, description: 'The new key.', schema: rolledSchema, example: { ...exampleCreated, previousExpiresAt: '2026-08-02T09:31:00.000Z' } }, refusals: ['conflict', 'not_ready'],
  }, async ({ actor, params, body }) => keys.roll(actor, { id: params.key, overlapMs: body.overlapMs }));

  addRoute(api, {
    method: 'post', path: '/api/v1/keys/{key}/revoke', operation: 'revokeKey', tag: 'Keys', summary: 'Revoke a key', description: 'The key never works again. Answers once every connected gateway refuses it.', params: keyParams,
    answer: { description: 'The revoked key.', schema: revokedSchema, example: { ...exampleKey, state: 'revoked', revokedAt: '2026-08-03T10:00:00.000Z', unconfirmed: [] } }, refusals: ['not_ready'],
  }, async ({ actor, params }) => keys.revoke(actor, { id: params.key }));
}

function addCreation(api: Api): void {
  const { keys } = api.services;
  addRoute(api, {
    method: 'post', path: '/api/v1/keys', operation: 'createKeyFor', tag: 'Keys', summary: 'Create a key for an e-mail address',
    description: 'Makes the consumer, the developer and the subscription when they do not exist. Without `plan`, the default plan. Answers once every connected gateway knows the key.',
    body: { schema: z.strictObject({
      email: z.email().max(254).openapi({ example: 'dev@example.com' }), product: z.string().min(1).max(100).openapi({ description: 'Slug of the product.', example: 'atlas' }),
      plan: z.string().min(1).max(100).optional().openapi({ description: 'Slug of the plan.', example: 'free' }), mode: mode.default('live'), name: keyName.optional(),
    }), example: { email: 'dev@example.com', product: 'atlas', plan: 'free', mode: 'live' } },
    answer: { status: 201, description: 'The key, shown this once.', schema: createdSchema, example: exampleCreated }, refusals: ['not_found', 'conflict', 'not_ready'],
  }, async ({ actor, body: { product, plan, ...rest } }) => keys.createFor(actor, { ...rest, productSlug: product, ...(plan === undefined ? {} : { planSlug: plan }) }));

  addRoute(api, {
    method: 'post', path: '/api/v1/consumers/{consumer}/keys', operation: 'createKey', tag: 'Keys', summary: 'Create a key for a consumer',
    description: 'The key opens the subscription of the named product, or every subscription of the consumer. It may be limited to operations and client addresses.', params: z.object({ consumer: consumerParam }),
    body: { schema: z.strictObject({
      mode: mode.default('live'), name: keyName.optional(), product: z.string().optional().openapi({ example: 'atlas' }), plan: z.string().optional().openapi({ example: 'free' }),
      expiresAt: endOfKey.optional(),
      operations: z.array(z.string()).max(1000).optional().openapi({ description: 'Only these operations.', example: ['listCountries'] }),
      addresses: z.array(z.string()).max(100).optional().openapi({ description: 'Only from these addresses or CIDR ranges.', example: ['192.0.2.0/24'] }),
    }), example: { name: 'production', product: 'atlas', mode: 'live' } },
    answer: { status: 201, description: 'The key, shown this once.', schema: createdSchema, example: exampleCreated }, refusals: ['conflict', 'not_ready'],
  }, async ({ actor, params, body: { product, plan, operations, ...rest } }) => keys.create(actor, {
    ...rest, consumerId: params.consumer, ...(product === undefined ? {} : { productSlug: product }), ...(plan === undefined ? {} : { planSlug: plan }), ...(operations === undefined ? {} : { scopes: operations }),
  }));
}
