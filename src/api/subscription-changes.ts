// What becomes of a subscription after it has begun.
import { z } from '@hono/zod-openapi';
import { billLineSchema, billSchema, exampleBill, exampleLine, money } from './bill-schema.ts';
import { idParam, instant, quantity, time } from './fields.ts';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';
import { exampleSubscription, subscriptionSchema } from './subscriptions.ts';

const params = z.object({ subscription: idParam('subscription', exampleSubscription.id, 'Id of the subscription.') });
const period = z.object({ kind: z.enum(['trial', 'regular']), from: time, to: time });
const when = z.enum(['now', 'period-end']).openapi({ description: 'When the change takes effect. Without it, a higher or equal fee per month does at once and a lower one with the end of the period. Another currency always waits for it.', example: 'period-end' });
const examplePeriod = { kind: 'regular' as const, from: exampleLine.from, to: exampleLine.to };

const runningSchema = z.object({
  subscriptionId: z.string(), period, at: time.openapi({ description: 'When it was reckoned.' }), soFar: billSchema, forecast: billSchema.openapi({ description: 'At the end of the period, if usage goes on as it did: linear by the time that has passed.' }),
  usage: z.array(z.object({ meter: z.string(), soFar: quantity, forecast: quantity })), credit: money.openapi({ description: 'Prepaid credit in this currency.' }),
  spendCap: money.nullable(), spendAlerts: z.array(z.number().int()), capUsed: z.number().int().nullable().openapi({ description: 'Whole per cent of the cap that fees and usage have spent.' }),
}).openapi('RunningBill');
const exampleRunning = { subscriptionId: exampleSubscription.id, period: examplePeriod, at: '2026-08-16T00:00:00.000Z', soFar: exampleBill, forecast: exampleBill, usage: [{ meter: 'requests', soFar: '1204', forecast: '2408' }], credit: '0.00', spendCap: '200.00', spendAlerts: [50, 80, 100], capUsed: 24 };

const previewSchema = z.object({
  subscriptionId: z.string(), planSlug: z.string(), planName: z.string(), approval: z.boolean().openapi({ description: 'It waits for the producer before anything changes.' }), when: z.enum(['now', 'period-end']), effectiveAt: time, period: z.object({ from: time, to: time }),
  before: billSchema.openapi({ description: 'The forecast bill of this period without the change.' }), after: billSchema.openapi({ description: 'The same with the change.' }), added: z.array(billLineSchema).openapi({ description: 'Fees that the change adds to this period, and takes back.' }),
  next: billSchema.extend({ from: time, to: time }).openapi({ description: 'The forecast bill of the first whole period on the plan.' }),
}).openapi('ChangePreview');
const examplePreview = {
  subscriptionId: exampleSubscription.id, planSlug: 'growth', planName: 'Growth', approval: false, when: 'now' as const, effectiveAt: '2026-08-16T12:00:00.000Z', period: { from: exampleLine.from, to: exampleLine.to },
  before: { currency: 'usd', subtotal: '0.00', lines: [] }, after: exampleBill, added: [exampleLine], next: { ...exampleBill, from: '2026-09-01T00:00:00.000Z', to: '2026-10-01T00:00:00.000Z' },
};
const historySchema = z.object({
  phases: z.array(z.object({ planSlug: z.string(), planName: z.string(), revision: z.number().int(), from: time, to: z.union([time, z.null()]), reason: z.enum(['start', 'upgrade', 'downgrade', 'revision', 'moved']) })),
  periods: z.array(period.extend({ id: z.string(), state: z.enum(['open', 'ended', 'billed']), invoiceId: z.string().nullable() })),
}).openapi('SubscriptionHistory');
const exampleHistory = { phases: [{ planSlug: 'free', planName: 'Free', revision: 1, from: exampleLine.from, to: null, reason: 'start' as const }], periods: [{ id: 'per_01K0G6Q8YB3V5N2M7R4T9W1X0Z', ...examplePeriod, state: 'open' as const, invoiceId: null }] };

export function addSubscriptionChangeRoutes(api: Api): void {
  const { subscriptions } = api.services;
  const tag = 'Subscriptions';
  addRoute(api, {
    method: 'get', path: '/api/v1/subscriptions/{subscription}/bill', operation: 'getRunningBill', tag, summary: 'Get the running bill', description: 'What the present period costs so far, and what it is likely to cost at its end.', params,
    answer: { description: 'The bill.', schema: runningSchema, example: exampleRunning }, refusals: ['conflict'],
  }, async ({ actor, params: { subscription } }) => subscriptions.getRunningBill(actor, { subscriptionId: subscription }));

  addRoute(api, {
    method: 'get', path: '/api/v1/subscriptions/{subscription}/preview', operation: 'previewPlanChange', tag, summary: 'Preview a change of plan', description: 'What another plan would do to the bills. Changes nothing.', params,
    query: z.strictObject({ plan: z.string().max(100).openapi({ example: 'growth' }), when: when.optional() }), answer: { description: 'The bills with and without the change.', schema: previewSchema, example: examplePreview }, refusals: ['conflict'],
  }, async ({ actor, params: { subscription }, query }) => subscriptions.getPreview(actor, { subscriptionId: subscription, planSlug: query.plan, when: query.when }));

  addRoute(api, {
    method: 'post', path: '/api/v1/subscriptions/{subscription}/plan', operation: 'changePlan', tag, summary: 'Change the plan', description: 'Moves the subscription to another plan, with its keys: at once, or with the end of its period. The present plan takes back what was to change.', params,
    body: { schema: z.strictObject({ plan: z.string().max(100).openapi({ example: 'growth' }), when: z.enum(['now', 'period-end']).optional() }), example: { plan: 'growth', when: 'period-end' } },
    answer: { description: 'The subscription.', schema: subscriptionSchema, example: { ...exampleSubscription, scheduledPlan: { slug: 'growth', name: 'Growth', at: examplePeriod.to } } }, refusals: ['conflict'],
  }, async ({ actor, params: { subscription }, body }) => subscriptions.change(actor, { subscriptionId: subscription, planSlug: body.plan, when: body.when }));

  addRoute(api, {
    method: 'get', path: '/api/v1/subscriptions/{subscription}/history', operation: 'getSubscriptionHistory', tag, summary: 'Get the history of a subscription', description: 'Its stretches on revisions of plans, and its billing periods, newest first; at most 120 of each.', params,
    answer: { description: 'The history.', schema: historySchema, example: exampleHistory },
  }, async ({ actor, params: { subscription } }) => subscriptions.getHistory(actor, { subscriptionId: subscription }));

  addRoute(api, {
    method: 'post', path: '/api/v1/subscriptions/{subscription}/cancel', operation: 'cancelSubscription', tag, summary: 'Cancel a subscription', description: 'With the end of its period: a paid plan falls to the default plan of the product, where there is another; else the subscription ends.', params,
    answer: { description: 'The subscription.', schema: subscriptionSchema, example: { ...exampleSubscription, cancelsAt: examplePeriod.to } }, refusals: ['conflict'],
  }, async ({ actor, params: { subscription } }) => subscriptions.cancel(actor, { subscriptionId: subscription }));

  addRoute(api, {
    method: 'post', path: '/api/v1/subscriptions/{subscription}/resume', operation: 'resumeSubscription', tag, summary: 'Resume a subscription', description: 'Takes back a cancellation, or a change of plan that waits for the end of the period.', params,
    answer: { description: 'The subscription.', schema: subscriptionSchema, example: exampleSubscription }, refusals: ['conflict'],
  }, async ({ actor, params: { subscription } }) => subscriptions.resume(actor, { subscriptionId: subscription }));

  addRoute(api, {
    method: 'put', path: '/api/v1/subscriptions/{subscription}/spend-cap', operation: 'setSpendCap', tag, summary: 'Set a spend cap', description: 'The most that the consumer wants to spend in a period, in the plan\'s currency, before coupons and tax. At the cap, calls are refused with 429 `spend_cap_reached`.', params,
    body: { schema: z.strictObject({ cap: z.string().max(40).nullable().openapi({ description: 'Null takes the cap away.', example: '200' }), alerts: z.array(z.number().int()).max(3).optional().openapi({ description: 'Tell the developers at these per cent of it: of 50, 80 and 100.', example: [50, 80, 100] }) }), example: { cap: '200', alerts: [50, 80, 100] } },
    answer: { description: 'The subscription.', schema: subscriptionSchema, example: { ...exampleSubscription, spendCap: '200.00' } }, refusals: ['conflict'],
  }, async ({ actor, params: { subscription }, body }) => subscriptions.setSpendCap(actor, { subscriptionId: subscription, cap: body.cap, alerts: body.alerts }));

  addRoute(api, {
    method: 'post', path: '/api/v1/products/{product}/plans/{plan}/move-subscribers', operation: 'moveSubscribers', tag: 'Plans', summary: 'Move subscribers to the present prices', description: 'Subscribers who kept earlier prices move to the present revision of their plan, each with the first end of a period at or after `at`, and are told. Who leaves the plan before is left out.',
    params: z.object({ product: idParam('product', 'atlas', 'Slug of the product.'), plan: idParam('plan', 'growth', 'Short name of the plan.') }),
    body: { schema: z.strictObject({ subscriptions: z.union([z.literal('all'), z.array(z.string().max(100)).min(1).max(10_000)]), at: instant }), example: { subscriptions: 'all', at: '2026-12-01T00:00:00Z' } },
    answer: { description: 'How many will move.', schema: z.object({ scheduled: z.number().int() }), example: { scheduled: 12 } },
  }, async ({ actor, params: { product, plan }, body }) => subscriptions.schedulePrices(actor, { productSlug: product, planSlug: plan, subscriptionIds: body.subscriptions, at: body.at }));

  addRoute(api, {
    method: 'post', path: '/api/v1/products/{product}/plans/{plan}/withdraw-move', operation: 'withdrawMove', tag: 'Plans', summary: 'Withdraw a move to other prices', description: 'Subscribers who wait for this move keep their prices, and are told. Who has moved stays moved. The details of a plan list its moves.',
    params: z.object({ product: idParam('product', 'atlas', 'Slug of the product.'), plan: idParam('plan', 'growth', 'Short name of the plan.') }),
    body: { schema: z.strictObject({ revision: z.number().int(), at: instant }), example: { revision: 2, at: '2026-12-01T00:00:00Z' } },
    answer: { description: 'How many stay.', schema: z.object({ withdrawn: z.number().int() }), example: { withdrawn: 12 } },
  }, async ({ actor, params: { product, plan }, body }) => subscriptions.withdrawPrices(actor, { productSlug: product, planSlug: plan, revision: body.revision, at: body.at }));
}
