import { z } from '@hono/zod-openapi';
import { time, timeOrNull } from './fields.ts';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';
import { AppError } from '../errors.ts';

const mailSchema = z.object({ id: z.string(), to: z.string(), subject: z.string(), text: z.string(), html: z.string(), createdAt: time, sentAt: timeOrNull }).openapi('Mail');

export function addOutboxRoute(api: Api): void {
  addRoute(api, {
    method: 'get', path: '/api/v1/outbox', operation: 'listOutbox', tag: 'System', summary: 'List the outbox', description: 'Mail that Portico wrote, newest first: what would be sent when no SMTP server is set. Only in development, and only with the admin token or as owner, since mails carry sign-in links.',
    answer: { description: 'The mails.', schema: z.object({ mails: z.array(mailSchema) }),
      example: { mails: [{ id: 'eml_01K0G6Q8YB3V5N2M7R4T9W1X0Z', to: 'dev@example.com', subject: 'Verify your address', text: 'Open this link ...', html: '<p>Open this link ...</p>', createdAt: '2026-08-01T09:30:00.000Z', sentAt: null }] } },
  }, async ({ actor }) => {
    if (actor.kind === 'member' && actor.role !== 'owner') throw new AppError('role_forbids', `Your role is ${actor.role}; the outbox is for owners, since mails carry sign-in links.`);
    return { mails: await api.services.mail.outbox() };
  });
}
