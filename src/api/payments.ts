import { z } from '@hono/zod-openapi';
import { consumerParam, idParam, time, timeOrNull } from './fields.ts';
import { addRoute } from './route.ts';
import type { Api } from './route.ts';

const tag = 'Payments';
const accountSchema = z.object({ consumerId: z.string(), provider: z.enum(['manual', 'stripe']), method: z.string().nullable().openapi({ description: 'In words; null while none is kept.' }), methodSince: timeOrNull }).openapi('PaymentAccount');
const exampleAccount = { consumerId: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z', provider: 'stripe' as const, method: 'Visa ending in 4242, until 12/2028', methodSince: '2026-08-01T09:30:00.000Z' };
const eventSchema = z.object({ id: z.string(), type: z.string(), occurredAt: time, receivedAt: time, processedAt: timeOrNull, attempts: z.number().int(), nextAttemptAt: timeOrNull, error: z.string().nullable() }).openapi('WebhookEvent');
const exampleEvent = { id: 'evt_1QyW2bLkdIwHu7ix', type: 'payment_intent.succeeded', occurredAt: '2026-08-01T09:30:00.000Z', receivedAt: '2026-08-01T09:30:01.000Z', processedAt: null, attempts: 12, nextAttemptAt: null, error: 'Stripe answered 500.' };
const page = { description: 'Where to send the person.', schema: z.object({ url: z.string() }), example: { url: 'https://checkout.stripe.com/c/pay/cs_live_a1b2' } };
const pageBody = { schema: z.strictObject({ returnPath: z.string().max(500).regex(/^\/(?![/\\])/).openapi({ description: 'Path of the portal that the page leads back to.', example: '/dashboard/payment' }) }), example: { returnPath: '/dashboard/payment' } };
const refusals = ['conflict' as const, 'payment_provider_unavailable' as const];

export function addPaymentRoutes(api: Api): void {
  const { payments, invoices } = api.services;
  const consumer = z.object({ consumer: consumerParam });
  addRoute(api, {
    method: 'get', path: '/api/v1/consumers/{consumer}/payment-method', operation: 'getPaymentMethod', tag, summary: 'Get how a consumer pays', description: 'The payment method that the provider keeps.', params: consumer,
    answer: { description: 'The provider, and the method.', schema: accountSchema, example: exampleAccount },
  }, async ({ actor, params }) => payments.getAccount(actor, { consumerId: params.consumer }));
  addRoute(api, {
    method: 'post', path: '/api/v1/consumers/{consumer}/payment-method', operation: 'openPaymentMethodPage', tag, summary: 'Open a page for a payment method', description: 'A page of the provider on which a person of the consumer enters how to pay.', params: consumer, body: pageBody, answer: page, refusals,
  }, async ({ actor, params, body }) => payments.openMethodPage(actor, { consumerId: params.consumer, ...body }));

  const invoice = z.object({ invoice: idParam('invoice', 'INV-000042', 'Number or id of the invoice.') });
  addRoute(api, {
    method: 'post', path: '/api/v1/invoices/{invoice}/payment-page', operation: 'openPaymentPage', tag, summary: 'Open a page to pay an invoice', description: 'A page of the provider over what is open of the invoice; the same one while it is open.', params: invoice, body: pageBody, answer: page, refusals,
  }, async ({ actor, params, body }) => payments.openPaymentPage(actor, { ...params, ...body }));
  addRoute(api, {
    method: 'post', path: '/api/v1/invoices/{invoice}/collect', operation: 'collectInvoice', tag, summary: 'Collect a declined invoice again', description: 'Tries the payment method that is kept once more, now.', params: invoice, refusals,
    answer: { description: 'How the invoice stands.', schema: z.object({ id: z.string(), number: z.string().nullable(), paymentState: z.string(), open: z.string(), currency: z.string() }), example: { id: 'bil_01K0G6Q8YB3V5N2M7R4T9W1X0Z', number: 'INV-000042', paymentState: 'paid', open: '0.00', currency: 'usd' } },
  }, async ({ actor, params }) => payments.collect(actor, { invoice: (await invoices.get(actor, params.invoice)).id }));

  addRoute(api, {
    method: 'get', path: '/api/v1/payments/events', operation: 'listPaymentEvents', tag, summary: 'List reports of the provider', description: 'Webhooks as they came, the newest 200.',
    query: z.strictObject({ failed: z.enum(['true', 'false']).optional().openapi({ description: 'Only those that did not work.' }) }),
    answer: { description: 'The reports.', schema: z.object({ events: z.array(eventSchema) }), example: { events: [exampleEvent] } },
  }, async ({ actor, query }) => ({ events: await payments.listEvents(actor, { failed: query.failed === 'true' }) }));
  addRoute(api, {
    method: 'post', path: '/api/v1/payments/events/{event}/retry', operation: 'retryPaymentEvent', tag, summary: 'Work a report off again', description: 'For one that was given up.', params: z.object({ event: idParam('event', exampleEvent.id, 'Id of the report, as the provider gave it.') }), refusals: ['conflict'],
  }, async ({ actor, params }) => payments.retryEvent(actor, { id: params.event }));
}
