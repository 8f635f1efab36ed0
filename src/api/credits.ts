import { z } from '@hono/zod-openapi';
import { currencySchema, money } from './bill-schema.ts';
import { consumerParam, idParam, instant, time, timeOrNull } from './fields.ts';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';

const creditSchema = z.object({
  id: z.string(), consumerId: z.string(), currency: currencySchema, amount: money, remaining: money, reason: z.string(), grantedAt: time, grantedBy: z.string(), expiresAt: timeOrNull, expired: z.boolean(),
}).openapi('CreditGrant');
const exampleCredit = { id: 'crg_01K0G6Q8YB3V5N2M7R4T9W1X0Z', consumerId: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z', currency: 'usd', amount: '100.00', remaining: '62.50', reason: 'Prepaid for 2026', grantedAt: '2026-08-01T09:30:00.000Z', grantedBy: 'owner@example.com', expiresAt: '2027-01-01T00:00:00.000Z', expired: false };

export function addCreditRoutes(api: Api): void {
  const { credits } = api.services;
  const params = z.object({ consumer: consumerParam });
  addRoute(api, {
    method: 'get', path: '/api/v1/consumers/{consumer}/credits', operation: 'listCredits', tag: 'Credits', summary: 'List prepaid credits', description: 'In the order that invoices draw them: what expires first comes first. Spent and expired ones last.', params,
    answer: { description: 'The grants, and what is left by currency.', schema: z.object({ grants: z.array(creditSchema), left: z.array(z.object({ currency: currencySchema, amount: money })) }), example: { grants: [exampleCredit], left: [{ currency: 'usd', amount: '62.50' }] } },
  }, async ({ actor, params: { consumer } }) => credits.list(actor, { consumerId: consumer }));

  addRoute(api, {
    method: 'post', path: '/api/v1/consumers/{consumer}/credits', operation: 'grantCredit', tag: 'Credits', summary: 'Grant credit', description: 'Prepaid money that pays invoices in its currency until it expires.', params,
    body: { schema: z.strictObject({ currency: z.string().max(10).openapi({ example: 'usd' }), amount: z.string().max(40).openapi({ example: '100.00' }), reason: z.string().max(200).openapi({ example: 'Prepaid for 2026' }), expiresAt: instant.optional() }), example: { currency: 'usd', amount: '100.00', reason: 'Prepaid for 2026', expiresAt: '2027-01-01T00:00:00Z' } },
    answer: { status: 201, description: 'The grant.', schema: creditSchema, example: exampleCredit },
  }, async ({ actor, params: { consumer }, body }) => credits.grant(actor, { consumerId: consumer, ...body }));

  addRoute(api, {
    method: 'post', path: '/api/v1/credits/{credit}/withdraw', operation: 'withdrawCredit', tag: 'Credits', summary: 'Withdraw credit', description: 'Ends a grant now. What was drawn stays drawn.', params: z.object({ credit: idParam('credit', exampleCredit.id, 'Id of the grant.') }),
    answer: { description: 'The grant.', schema: creditSchema, example: { ...exampleCredit, expired: true } }, refusals: ['conflict'],
  }, async ({ actor, params: { credit } }) => credits.withdraw(actor, { grantId: credit }));
}
