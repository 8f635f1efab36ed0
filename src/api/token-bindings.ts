import { z } from '@hono/zod-openapi';
import { idParam, nextCursor, pageQuery, time, unconfirmed } from './fields.ts';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';

const issuer = z.string().min(1).max(500).openapi({ description: 'The `iss` of the tokens, as `policies.tokens.issuers` has it.', example: 'https://id.example.com' });
const subject = z.string().min(1).max(255).openapi({ description: 'What the claim says that names who calls.', example: 'billing-service' });
const bindingFields = {
  id: z.string().openapi({ example: 'tkb_01K0G6Q8YB3V5N2M7R4T9W1X0Z' }), issuer, subject,
  keyId: z.string().openapi({ description: 'The key that its calls are made with.', example: 'key_01K0G6Q8YB3V5N2M7R4T9W1X0Z' }),
  masked: z.string().openapi({ example: 'atlas_live_...9f3c' }), keyName: z.string(), consumerId: z.string(), createdAt: time, createdBy: z.string().openapi({ example: 'pm@example.com' }),
};
const bindingSchema = z.object(bindingFields).openapi('TokenBinding');
const changedSchema = z.object({ ...bindingFields, unconfirmed }).openapi('ChangedTokenBinding');
const example = {
  id: 'tkb_01K0G6Q8YB3V5N2M7R4T9W1X0Z', issuer: 'https://id.example.com', subject: 'billing-service', keyId: 'key_01K0G6Q8YB3V5N2M7R4T9W1X0Z', masked: 'atlas_live_...9f3c', keyName: 'production',
  consumerId: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z', createdAt: '2026-08-01T09:31:00.000Z', createdBy: 'pm@example.com',
};
const keyId = z.string().min(1).max(100).openapi({ example: 'key_01K0G6Q8YB3V5N2M7R4T9W1X0Z' });

export function addTokenBindingRoutes(api: Api): void {
  const { tokens } = api.services;
  addRoute(api, {
    method: 'get', path: '/api/v1/token-bindings', operation: 'listTokenBindings', tag: 'Tokens', summary: 'List bindings', description: 'Whom other issuers of tokens name, and the keys that their calls are made with; newest first.',
    query: z.strictObject({ key: keyId.optional().openapi({ description: 'Only those of this key.' }), ...pageQuery }),
    answer: { description: 'A page of bindings.', schema: z.object({ bindings: z.array(bindingSchema), nextCursor }), example: { bindings: [example], nextCursor: null } },
  }, async ({ actor, query: { key, ...page } }) => tokens.listBindings(actor, { ...page, keyId: key }));

  addRoute(api, {
    method: 'post', path: '/api/v1/token-bindings', operation: 'bindToken', tag: 'Tokens', summary: 'Bind whom tokens name to a key',
    description: 'From now on calls with tokens in which this issuer names this subject are calls of the key: its plan, limits and meters. With a roll of the key the binding goes to the new one. Answers once every connected gateway knows.',
    body: { schema: z.strictObject({ issuer, subject, key: keyId }), example: { issuer: example.issuer, subject: example.subject, key: example.keyId } },
    answer: { status: 201, description: 'The binding.', schema: changedSchema, example: { ...example, unconfirmed: [] } }, refusals: ['not_found', 'conflict', 'not_ready'],
  }, async ({ actor, body: { key, ...rest } }) => tokens.bind(actor, { ...rest, keyId: key }));

  addRoute(api, {
    method: 'post', path: '/api/v1/token-bindings/{binding}/unbind', operation: 'unbindToken', tag: 'Tokens', summary: 'End a binding', description: 'Tokens that name this subject are refused. Answers once every connected gateway refuses them.',
    params: z.object({ binding: idParam('binding', example.id, 'Id of the binding.') }),
    answer: { description: 'The binding as it was.', schema: changedSchema, example: { ...example, unconfirmed: [] } }, refusals: ['not_found', 'not_ready'],
  }, async ({ actor, params }) => tokens.unbind(actor, params.binding));
}
