import { z } from '@hono/zod-openapi';
import { consumerParam, idParam, time } from './fields.ts';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';

export const developerSchema = z.object({
  id: z.string().openapi({ example: 'dev_01K0G6Q8YB3V5N2M7R4T9W1X0Z' }), email: z.string().openapi({ example: 'dev@example.com' }), name: z.string().nullable(), createdAt: time, verified: z.boolean(), you: z.boolean(),
}).openapi('Developer');
export const exampleDeveloper = { id: 'dev_01K0G6Q8YB3V5N2M7R4T9W1X0Z', email: 'dev@example.com', name: 'Dana', createdAt: '2026-08-01T09:30:00.000Z', verified: true, you: false };

/** A made invitation: the link works once, until it expires. */
export const invitationLinkSchema = z.object({ link: z.string(), expiresAt: time }).openapi('InvitationLink');
export const exampleInvitationLink = { link: 'http://127.0.0.1:3000/invitations/4f1c', expiresAt: '2026-08-08T09:30:00.000Z' };

export function addDeveloperRoutes(api: Api): void {
  const { consumers } = api.services;
  const params = z.object({ consumer: consumerParam });
  addRoute(api, {
    method: 'get', path: '/api/v1/consumers/{consumer}/developers', operation: 'listDevelopers', tag: 'Developers', summary: 'List developers', description: 'The people of a consumer, and open invitations.', params,
    answer: { description: 'Developers and invitations.',
      schema: z.object({ developers: z.array(developerSchema), invitations: z.array(z.object({ id: z.string(), email: z.string(), expiresAt: time })) }),
      example: { developers: [exampleDeveloper], invitations: [{ id: 'inv_01K0G6Q8YB3V5N2M7R4T9W1X0Z', email: 'new@example.com', expiresAt: '2026-08-08T09:30:00.000Z' }] } },
  }, async ({ actor, params: { consumer } }) => consumers.listDevelopers(actor, { consumerId: consumer }));

  addRoute(api, {
    method: 'delete', path: '/api/v1/consumers/{consumer}/developers/{developer}', operation: 'removeDeveloper', tag: 'Developers', summary: 'Remove a developer', description: 'The person no longer belongs to the consumer.',
    params: z.object({ consumer: consumerParam, developer: idParam('developer', 'dev_01K0G6Q8YB3V5N2M7R4T9W1X0Z', 'Id of the developer.') }), refusals: ['conflict'],
  }, async ({ actor, params: { consumer, developer } }) => consumers.removeDeveloper(actor, { consumerId: consumer, developerId: developer }));

  addRoute(api, {
    method: 'post', path: '/api/v1/consumers/{consumer}/invitations', operation: 'inviteDeveloper', tag: 'Developers', summary: 'Invite a developer', description: 'Sends an invitation by mail and returns its link.', params,
    body: { schema: z.strictObject({ email: z.email().max(254).openapi({ example: 'new@example.com' }) }), example: { email: 'new@example.com' } },
    answer: { status: 201, description: 'The link of the invitation.', schema: invitationLinkSchema, example: exampleInvitationLink }, refusals: ['conflict'],
  }, async ({ actor, params: { consumer }, body }) => consumers.inviteDeveloper(actor, { consumerId: consumer, email: body.email }));

  addRoute(api, {
    method: 'delete', path: '/api/v1/invitations/{invitation}', operation: 'cancelInvitation', tag: 'Developers', summary: 'Cancel an invitation', description: 'Its link no longer works.',
    params: z.object({ invitation: idParam('invitation', 'inv_01K0G6Q8YB3V5N2M7R4T9W1X0Z', 'Id of the invitation.') }),
  }, async ({ actor, params: { invitation } }) => consumers.cancelInvitation(actor, { invitationId: invitation }));
}
