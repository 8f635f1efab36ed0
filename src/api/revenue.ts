import { z } from '@hono/zod-openapi';
import { time } from './fields.ts';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';

const amount = z.string().openapi({ example: '1204.50' });
const share = z.number().nullable().openapi({ description: 'From 0; null where nobody paid at the beginning.', example: 0.97 });
const monthSchema = z.object({
  from: time, to: time, complete: z.boolean().openapi({ description: 'False for the present month, and for months of which some period is not billed yet.' }),
  mrr: amount.openapi({ description: 'Below zero where more came off than was charged.' }), paying: z.number().int(), arpu: z.string().nullable().openapi({ description: 'Revenue per paying consumer.', example: '49.00' }),
  start: amount, created: amount.openapi({ description: 'Of consumers that never paid before.' }), returned: amount.openapi({ description: 'Of consumers that had stopped.' }), expansion: amount, contraction: amount, churned: amount, newConsumers: z.number().int(), churnedConsumers: z.number().int(),
  consumerChurn: share.openapi({ description: 'Consumers that stopped paying, of those that paid at the beginning.' }), revenueChurn: share.openapi({ description: 'Their revenue, of what those paid that paid at the beginning.' }),
  retention: share.openapi({ description: 'Net revenue retention over the month.' }), yearRetention: share.openapi({ description: 'Net revenue retention of those who paid a year before.' }),
}).openapi('RevenueMonth');
const conversion = z.number().int().nullable().openapi({ description: 'Null while some of them have not had that long.' });
const cohortSchema = z.object({ from: time, to: time, signUps: z.number().int(), within30: conversion, within90: conversion, ever: z.number().int() }).openapi('RevenueCohort');
const exampleMonth = {
  from: '2026-07-01T00:00:00.000Z', to: '2026-08-01T00:00:00.000Z', complete: true, mrr: '1204.50', paying: 21, arpu: '57.36', start: '1100.00', created: '98.00', returned: '0.00', expansion: '55.50', contraction: '0.00', churned: '49.00', newConsumers: 2, churnedConsumers: 1,
  consumerChurn: 0.05, revenueChurn: 0.044545, retention: 1.005909, yearRetention: 1.12,
};

export function addRevenueRoutes(api: Api): void {
  addRoute(api, {
    method: 'get', path: '/api/v1/revenue', operation: 'getRevenue', tag: 'Revenue', summary: 'Get revenue', description: 'Monthly recurring revenue, revenue per consumer, churn, expansion and retention by month and currency, and free to paid by the month of the sign-up. Months are UTC; the last is the present one.',
    query: z.strictObject({
      basis: z.enum(['contracted', 'invoiced']).optional().openapi({ description: '`contracted` (the default): plan fees as they stand at the end of each month. `invoiced`: what invoices and credit notes say, spread over the time that each line is for.', example: 'contracted' }),
      product: z.string().optional().openapi({ description: 'Slug of the product.', example: 'atlas' }), months: z.coerce.number().int().min(1).max(36).optional().openapi({ description: '12 unless given.', example: 12 }),
    }),
    answer: {
      description: 'The report.', schema: z.object({ at: time, productSlug: z.string().nullable(), basis: z.enum(['contracted', 'invoiced']), currencies: z.array(z.object({ currency: z.string().openapi({ example: 'usd' }), months: z.array(monthSchema) })), cohorts: z.array(cohortSchema) }).openapi('Revenue'),
      example: { at: '2026-08-20T09:00:00.000Z', productSlug: null, basis: 'contracted', currencies: [{ currency: 'usd', months: [exampleMonth] }], cohorts: [{ from: exampleMonth.from, to: exampleMonth.to, signUps: 40, within30: 5, within90: null, ever: 6 }] },
    }, refusals: ['not_found'],
  }, async ({ actor, query: { basis = 'contracted', product, months: count } }) => api.services.revenue.report(actor, { basis, productSlug: product, months: count }));
}
