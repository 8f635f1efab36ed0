import { z } from '@hono/zod-openapi';
import { consumerParam, nextCursor, pageQuery, time, timeOrNull } from './fields.ts';
import { developerSchema, exampleDeveloper } from './developers.ts';
import { exampleKey, keySchema } from './keys.ts';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';
import { exampleSubscription, subscriptionSchema } from './subscriptions.ts';

const consumerFields = {
  id: z.string().openapi({ example: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z' }),
  name: z.string().openapi({ example: 'Northwind' }),
  origin: z.string().openapi({ description: 'How it came to be: by sign-up, by the command line, or otherwise.', example: 'sign-up' }),
  createdAt: time,
  blockedAt: timeOrNull,
  verified: z.boolean().openapi({ description: 'Whether a developer has verified an e-mail address.' }),
  developers: z.number().int(),
  firstKeyAt: timeOrNull,
  firstSuccessAt: timeOrNull,
  firstLiveSuccessAt: timeOrNull,
  ttfcMs: z.number().nullable().openapi({ description: 'From sign-up to the first successful call, in ms.', example: 240_000 }),
  lastActiveAt: timeOrNull,
  plans: z.array(z.string()),
};
const calls = z.number().int().openapi({ description: 'Requests of the last 30 days, live and test.', example: 1204 });
const consumerSchema = z.object({ ...consumerFields, calls }).openapi('Consumer');
const consumerDetailSchema = z.object({ ...consumerFields, calls, subscriptions: z.array(subscriptionSchema), keys: z.array(keySchema), developerList: z.array(developerSchema) }).openapi('ConsumerDetail');
const exampleConsumer = {
  id: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z', name: 'Northwind', origin: 'sign-up', createdAt: '2026-08-01T09:30:00.000Z', blockedAt: null, verified: true, developers: 1, firstKeyAt: '2026-08-01T09:31:00.000Z',
  firstSuccessAt: '2026-08-01T09:34:00.000Z', firstLiveSuccessAt: null, ttfcMs: 240_000, lastActiveAt: '2026-08-02T11:00:00.000Z', plans: ['Free'], calls: 1_204,
};
const exampleConsumerDetail = { ...exampleConsumer, subscriptions: [exampleSubscription], keys: [exampleKey], developerList: [exampleDeveloper] };

const invitedConsumerSchema = z.object({ id: z.string(), link: z.string(), expiresAt: time }).openapi('InvitedConsumer');

const activitySchema = z.object({
  id: z.string().openapi({ example: 'act_01K0G6Q8YB3V5N2M7R4T9W1X0Z' }), at: time, actor: z.string(), kind: z.string().openapi({ example: 'key.created' }), subject: z.string().nullable(), detail: z.record(z.string(), z.unknown()),
}).openapi('Activity');

export function addConsumerRoutes(api: Api): void {
  const { consumers } = api.services;
  const params = z.object({ consumer: consumerParam });
  addRoute(api, {
    method: 'get', path: '/api/v1/consumers', operation: 'listConsumers', tag: 'Consumers', summary: 'List consumers', description: 'Consumers with their first and last steps; newest first unless sorted otherwise.',
    query: z.strictObject({ search: z.string().max(200).optional().openapi({ description: 'Part of a name or an e-mail address, an id, or the last four characters of a key.', example: 'north' }),
      email: z.string().max(254).optional().openapi({ description: 'Address of one of their developers, whole.', example: 'ada@northwind.example' }),
      product: z.string().optional().openapi({ description: 'Slug of a product that they subscribe to.', example: 'atlas' }), plan: z.string().optional().openapi({ description: 'Slug of the plan that they are on.', example: 'free' }),
      state: z.enum(['stalled', 'active', 'blocked', 'unverified']).optional().openapi({ description: '`stalled`: a day without a successful call. `active`: a live success in the last 30 days.', example: 'active' }),
      sort: z.enum(['created', '-created', 'active', '-active', 'ttfc', '-ttfc', 'calls', '-calls']).optional().openapi({ description: 'With `-`, the greatest first.', example: '-calls' }), ...pageQuery }),
    answer: { description: 'A page of consumers.', schema: z.object({ consumers: z.array(consumerSchema), nextCursor }), example: { consumers: [exampleConsumer], nextCursor: null } },
  }, async ({ actor, query: { product, plan, ...rest } }) => consumers.list(actor, { ...rest, productSlug: product, planSlug: plan }));

  addRoute(api, {
    method: 'post', path: '/api/v1/consumers', operation: 'createConsumer', tag: 'Consumers', summary: 'Invite a consumer', description: 'Makes an account on the default plans and invites its first developer by mail.',
    body: { schema: z.strictObject({ email: z.email().max(254).openapi({ example: 'ada@northwind.example' }), name: z.string().min(1).max(100).optional().openapi({ example: 'Northwind' }) }), example: { email: 'ada@northwind.example' } },
    answer: { status: 201, description: 'The account and the link of the invitation.', schema: invitedConsumerSchema, example: { id: exampleConsumer.id, link: 'https://developers.example/invitation?token=...', expiresAt: '2026-08-08T09:30:00.000Z' } }, refusals: ['conflict'],
  }, async ({ actor, body: { email, name } }) => consumers.create(actor, { email, ...(name !== undefined && { name }) }));

  addRoute(api, {
    method: 'get', path: '/api/v1/consumers/{consumer}', operation: 'getConsumer', tag: 'Consumers', summary: 'Get a consumer', description: 'One consumer with its subscriptions, keys and developers.', params,
    answer: { description: 'The consumer.', schema: consumerDetailSchema, example: exampleConsumerDetail },
  }, async ({ actor, params: { consumer } }) => consumers.get(actor, consumer));

  addRoute(api, {
    method: 'patch', path: '/api/v1/consumers/{consumer}', operation: 'updateConsumer', tag: 'Consumers', summary: 'Rename, block or unblock a consumer', description: 'A blocked consumer’s keys are refused at once with `consumer_blocked`.', params,
    body: { schema: z.strictObject({ name: z.string().min(1).max(200).optional().openapi({ example: 'Northwind Traders' }), blocked: z.boolean().optional().openapi({ example: true }) }), example: { blocked: true } },
    answer: { description: 'The consumer as it is now.', schema: consumerDetailSchema, example: { ...exampleConsumerDetail, blockedAt: '2026-08-03T10:00:00.000Z' } },
  }, async ({ actor, params: { consumer }, body }) => {
    if (body.name !== undefined) await consumers.rename(actor, { consumerId: consumer, name: body.name });
    if (body.blocked !== undefined) await consumers.block(actor, { consumerId: consumer, blocked: body.blocked });
    return consumers.get(actor, consumer);
  });

  addRoute(api, {
    method: 'get', path: '/api/v1/consumers/{consumer}/timeline', operation: 'getTimeline', tag: 'Consumers', summary: 'Get a consumer’s timeline', description: 'What happened to a consumer, newest first. For the next page, send the last id as `before`.', params,
    query: z.strictObject({ before: z.string().max(200).optional().openapi({ description: 'Only what is older than this id.', example: 'act_01K0G6Q8YB3V5N2M7R4T9W1X0Z' }), limit: pageQuery.limit }),
    answer: { description: 'The activities.', schema: z.object({ activities: z.array(activitySchema) }), example: { activities: [{ id: 'act_01K0G6Q8YB3V5N2M7R4T9W1X0Z', at: '2026-08-01T09:31:00.000Z', actor: 'dev@example.com', kind: 'key.created', subject: 'key_01K0G6Q8YB3V5N2M7R4T9W1X0Z', detail: {} }] } },
  }, async ({ actor, params: { consumer }, query }) => ({ activities: await consumers.timeline(actor, { consumerId: consumer, ...query }) }));
}
