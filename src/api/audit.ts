import { z } from '@hono/zod-openapi';
import { nextCursor, pageQuery, periodQuery, readPeriod, time } from './fields.ts';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';

const fields = z.record(z.string(), z.unknown()).nullable();
const entrySchema = z.object({
  id: z.string().openapi({ example: 'aud_01K0G6Q8YB3V5N2M7R4T9W1X0Z' }), at: time,
  actor: z.string().openapi({ description: 'E-mail address of who did it, `admin-token` or `system`.', example: 'pm@example.com' }), actorKind: z.string().openapi({ example: 'member' }),
  action: z.string().openapi({ example: 'blocked' }), noun: z.string().openapi({ example: 'consumer' }), subject: z.string().nullable(), name: z.string(),
  before: fields.openapi({ description: 'The fields before; null for what did not exist. Keys are masked, documents stand by their hash.' }), after: fields.openapi({ description: 'The fields after; null for what no longer exists.' }),
}).openapi('AuditEntry');
const example = {
  id: 'aud_01K0G6Q8YB3V5N2M7R4T9W1X0Z', at: '2026-08-03T10:00:00.000Z', actor: 'pm@example.com', actorKind: 'member', action: 'blocked', noun: 'consumer', subject: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z', name: 'Northwind',
  before: { blocked: false }, after: { blocked: true },
};
const word = (description: string, example: string) => z.string().max(200).optional().openapi({ description, example });

export function addAuditRoutes(api: Api): void {
  addRoute(api, {
    method: 'get', path: '/api/v1/audit', operation: 'listAudit', tag: 'Audit trail', summary: 'List changes', description: 'Every change: who, what, before and after; newest first. Entries cannot be edited and are kept for two years.',
    query: z.strictObject({
      noun: word('What was changed.', 'consumer'), action: word('What was done to it.', 'blocked'), actor: word('Who did it.', 'pm@example.com'), subject: word('Id of the thing, or the slug of its product.', 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z'),
      ...periodQuery, ...pageQuery,
    }),
    answer: { description: 'A page of entries.', schema: z.object({ entries: z.array(entrySchema), nextCursor }), example: { entries: [example], nextCursor: null } },
  }, async ({ actor, query: { since, from, to, ...rest } }) => api.services.audit.list(actor, { ...rest, ...(since === undefined && from === undefined && to === undefined ? {} : readPeriod({ since, from, to }, api.clock.now(), '36500d')) }));
}
