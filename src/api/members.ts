import { z } from '@hono/zod-openapi';
import { exampleInvitationLink, invitationLinkSchema } from './developers.ts';
import { idParam, time } from './fields.ts';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';

const role = z.enum(['owner', 'product-manager', 'engineer', 'support', 'viewer']).openapi({ example: 'engineer' });
const memberSchema = z.object({ id: z.string(), email: z.string(), name: z.string(), role, createdAt: time }).openapi('Member');
const exampleMember = { id: 'mem_01K0G6Q8YB3V5N2M7R4T9W1X0Z', email: 'pm@example.com', name: 'Mika', role: 'product-manager' as const, createdAt: '2026-08-01T09:00:00.000Z' };

export function addMemberRoutes(api: Api): void {
  const { accounts } = api.services;
  const params = z.object({ member: idParam('member', 'mem_01K0G6Q8YB3V5N2M7R4T9W1X0Z', 'Id of the member.') });
  addRoute(api, {
    method: 'get', path: '/api/v1/members', operation: 'listMembers', tag: 'Members', summary: 'List members', description: 'The people of the producer, with their roles.',
    answer: { description: 'The members.', schema: z.object({ members: z.array(memberSchema) }), example: { members: [exampleMember] } },
  }, async ({ actor }) => ({ members: await accounts.listMembers(actor) }));

  addRoute(api, {
    method: 'post', path: '/api/v1/members/invitations', operation: 'inviteMember', tag: 'Members', summary: 'Invite a member', description: 'Sends an invitation by mail and returns its link.',
    body: { schema: z.strictObject({ email: z.email().max(254).openapi({ example: 'new@example.com' }), role }), example: { email: 'new@example.com', role: 'engineer' } },
    answer: { status: 201, description: 'The link of the invitation.', schema: invitationLinkSchema, example: exampleInvitationLink }, refusals: ['conflict'],
  }, async ({ actor, body }) => accounts.inviteMember(actor, body));

  addRoute(api, {
    method: 'patch', path: '/api/v1/members/{member}', operation: 'setMemberRole', tag: 'Members', summary: 'Change a member’s role', description: 'Takes effect with the member’s next request.', params,
    body: { schema: z.strictObject({ role }), example: { role: 'engineer' } }, refusals: ['conflict'],
  }, async ({ actor, params: { member }, body }) => accounts.setMemberRole(actor, { memberId: member, role: body.role }));

  addRoute(api, {
    method: 'delete', path: '/api/v1/members/{member}', operation: 'removeMember', tag: 'Members', summary: 'Remove a member', description: 'The person may no longer enter the workspace. The last owner cannot be removed.', params, refusals: ['conflict'],
  }, async ({ actor, params: { member } }) => accounts.removeMember(actor, { memberId: member }));
}
