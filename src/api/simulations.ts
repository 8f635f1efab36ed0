import { z } from '@hono/zod-openapi';
import { idParam, instant, nextCursor, orNull, pageQuery, productParam, time, timeOrNull } from './fields.ts';
import { addRoute, type Api } from './route.ts';

const tag = 'Simulations';
const amount = z.string().openapi({ description: 'Exact decimal text, before coupons, tax and prepaid credit.', example: '49.00' });
const share = z.string().nullable().openapi({ description: 'Per cent; null of nothing.', example: '12.5' });
const subscriptions = z.union([z.enum(['all', 'none']), z.array(z.string().max(100)).min(1).max(10_000)]).openapi({ description: 'Who moves to the drafted prices: `none` but new sign-ups, those named, or `all`.' });

const totalsSchema = z.object({
  currency: z.string(), consumers: z.number().int(), subscriptions: z.number().int(), periods: z.number().int(), old: amount, new: amount, change: amount, changePercent: share,
  losers: z.number().int().openapi({ description: 'Consumers who would pay more.' }), winners: z.number().int(), same: z.number().int(),
  retention: z.array(z.object({ rise: z.number(), leaving: z.number().int(), revenue: amount, percent: share })).openapi({ description: 'Net revenue retention if everybody leaves whose bill rises by more than `rise` per cent.' }),
  spread: z.array(z.object({ from: z.number().nullable(), to: z.number().nullable(), consumers: z.number().int() })),
}).openapi('SimulatedTotals');
const consumerSchema = z.object({
  consumerId: z.string(), consumerName: z.string(), currency: z.string(), plans: z.array(z.string()), subscriptionIds: z.array(z.string()), periods: z.number().int(), old: amount, new: amount, change: amount, changePercent: share,
  hits: z.array(z.object({ limit: z.string(), windows: z.number().int() })),
}).openapi('SimulatedConsumer');
const simulationSchema = z.object({
  id: z.string(), state: z.enum(['running', 'done', 'failed']), done: z.number().int().openapi({ description: 'Subscriptions replayed.' }), total: z.number().int(), startedAt: time, finishedAt: timeOrNull, from: time, to: time, rise: z.number(), productSlugs: z.array(z.string()), error: z.string().nullable(),
  result: orNull(z.object({
    totals: z.array(totalsSchema), consumers: z.array(consumerSchema).openapi({ description: 'The greatest rises, then the greatest falls: at most 1,000 of each currency. `/simulations/{simulation}/consumers` has all.' }), consumersTotal: z.number().int(),
    limits: z.array(z.object({ plan: z.string(), limit: z.string(), subscriptions: z.number().int() })), leftOut: z.object({ trial: z.number().int(), otherCurrency: z.number().int(), keptPlan: z.number().int(), limitUnchecked: z.number().int() }),
  })),
}).openapi('Simulation');
const rollOutSchema = z.object({ productSlug: z.string(), planSlug: z.string(), planName: z.string(), change: z.enum(['new', 'changed']), subscribers: z.number().int(), moving: z.number().int() }).openapi('RollOutPlan');

const exampleRollOut = { productSlug: 'atlas', planSlug: 'growth', planName: 'Growth', change: 'changed' as const, subscribers: 12, moving: 12 };
const exampleSimulation = {
  id: 'sim_01K0G6Q8YB3V5N2M7R4T9W1X0Z', state: 'done' as const, done: 12, total: 12, startedAt: '2026-08-01T09:30:00.000Z', finishedAt: '2026-08-01T09:30:01.000Z', from: '2026-01-01T00:00:00.000Z', to: '2026-07-01T00:00:00.000Z', rise: 20, productSlugs: ['atlas'], error: null,
  result: {
    totals: [{ currency: 'usd', consumers: 1, subscriptions: 1, periods: 6, old: '294.00', new: '354.00', change: '60.00', changePercent: '20.4', losers: 1, winners: 0, same: 0, retention: [{ rise: 20, leaving: 1, revenue: '0.00', percent: '0.0' }], spread: [{ from: 20, to: 50, consumers: 1 }] }],
    consumers: [{ consumerId: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z', consumerName: 'Northwind', currency: 'usd', plans: ['growth'], subscriptionIds: ['sub_01K0G6Q8YB3V5N2M7R4T9W1X0Z'], periods: 6, old: '294.00', new: '354.00', change: '60.00', changePercent: '20.4', hits: [{ limit: 'monthly', windows: 2 }] }],
    consumersTotal: 1, limits: [{ plan: 'growth', limit: 'monthly', subscriptions: 1 }], leftOut: { trial: 0, otherCurrency: 0, keptPlan: 0, limitUnchecked: 0 },
  },
};

/** The price simulator: drafted prices on past usage, and the way to make them real. */
export function addSimulationRoutes(api: Api): void {
  const { simulator } = api.services;
  const params = z.object({ simulation: idParam('simulation', exampleSimulation.id, 'Id of the simulation.') });
  addRoute(api, {
    method: 'get', path: '/api/v1/products/{product}/price-draft', operation: 'getPriceDraft', tag, summary: 'Get a draft of prices', description: 'The present plans of a product as YAML, to be changed and simulated.',
    params: z.object({ product: productParam }), answer: { description: 'The draft.', schema: z.object({ text: z.string() }), example: { text: 'plans:\n  - slug: free\n    default: true\n    currency: usd\n' } }, refusals: ['conflict'],
  }, async ({ actor, params: { product } }) => simulator.getDraft(actor, { productSlug: product }));

  addRoute(api, {
    method: 'post', path: '/api/v1/simulations', operation: 'startSimulation', tag, summary: 'Simulate prices', description: 'Replays the ledger of a past window on drafted prices: periods that begin in `[from, to)` and have ended. Changes nothing. Ask for the simulation until it is `done`; the last 8 are kept until Portico ends.',
    body: { schema: z.strictObject({
      draft: z.string().max(1_048_576).openapi({ description: 'YAML or JSON: a whole portico.yaml, a list `plans` of one product, or one plan.' }), file: z.string().max(200).optional().openapi({ description: 'How mistakes name it.' }), product: z.string().max(100).optional(), from: instant, to: instant,
      rise: z.number().min(0).max(10_000).optional().openapi({ description: 'Per cent: consumers whose bill rises by more are taken to leave, for the net revenue retention. 20 when absent.' }),
    }), example: { draft: 'plans:\n  - { slug: growth, currency: usd, interval: month, fee: "59" }\n', product: 'atlas', from: '2026-01-01T00:00:00Z', to: '2026-07-01T00:00:00Z', rise: 20 } },
    answer: { status: 201, description: 'The simulation as it begins.', schema: simulationSchema, example: { ...exampleSimulation, state: 'running', done: 0, finishedAt: null, result: null } }, refusals: ['config_invalid', 'not_found', 'conflict'],
  }, async ({ actor, body: { product, ...body } }) => simulator.start(actor, { ...body, productSlug: product }));

  addRoute(api, {
    method: 'get', path: '/api/v1/simulations/{simulation}', operation: 'getSimulation', tag, summary: 'Get a simulation', description: 'How far it is, and what came out.', params, answer: { description: 'The simulation.', schema: simulationSchema, example: exampleSimulation },
  }, async ({ actor, params: { simulation } }) => simulator.getRun(actor, { id: simulation }));

  addRoute(api, {
    method: 'get', path: '/api/v1/simulations/{simulation}/consumers', operation: 'listSimulatedConsumers', tag, summary: 'List the bills of a simulation', description: 'Every consumer, of each currency the greatest rise first. The last simulations keep 100,000 together, the newest all of its own.', params,
    query: z.object(pageQuery), answer: { description: 'A page of consumers.', schema: z.object({ consumers: z.array(consumerSchema), nextCursor }), example: { consumers: exampleSimulation.result.consumers, nextCursor: null } }, refusals: ['conflict'],
  }, async ({ actor, params: { simulation }, query }) => simulator.listConsumers(actor, { id: simulation, ...query }));

  addRoute(api, {
    method: 'post', path: '/api/v1/simulations/{simulation}/roll-out', operation: 'rollOutPrices', tag, summary: 'Roll out simulated prices', description: 'Makes the drafted prices those of new sign-ups. Subscribers, all or those named, move with the first end of a period at or after `at`, and are told. `dryRun` only says what would happen. Repeated, it goes on where it stopped.', params,
    body: { schema: z.strictObject({ subscriptions, at: instant.optional(), dryRun: z.boolean().optional() }), example: { subscriptions: 'all', at: '2026-12-01T00:00:00Z', dryRun: true } },
    answer: { description: 'The plans that change, and how many subscribers were set on their way.', schema: z.object({ plans: z.array(rollOutSchema), scheduled: z.number().int() }), example: { plans: [exampleRollOut], scheduled: 0 } }, refusals: ['conflict'],
  }, async ({ actor, params: { simulation }, body: { subscriptions: subscriptionIds, at, dryRun = false } }) => (dryRun ? { plans: await simulator.getRollOut(actor, { id: simulation, subscriptionIds }), scheduled: 0 } : simulator.rollOut(actor, { id: simulation, subscriptionIds, at })));
}
