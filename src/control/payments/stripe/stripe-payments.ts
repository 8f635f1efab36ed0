// The only file that knows the `stripe` package, which is loaded only where Stripe is configured. Collections are PaymentIntents, pages are Checkout
// sessions; both carry Portico's own id of the payment. Invoices and their numbers stay Portico's.
import type { Stripe } from 'stripe';
import type { StripeAccount } from '../../../config.ts';
import { ProviderFault, type Collecting, type Collection, type CollectionReport, type PaymentProvider, type ProviderEvent } from '../payment-provider.ts';
import { amountOfStripe, stripeAmount } from './stripe-amount.ts';
import { readSubject } from './stripe-events.ts';

const timeoutMs = 20_000;
const toleranceSeconds = 300;
/** Stripe takes 30 minutes at least. */
const pageMs = 31 * 60_000;
const listedMax = 100;
/** Stripe repeats its answer to a key for a day, a fault too: a key of its own for each minute is tried anew soon. */
const customerKeyMs = 60_000;

interface Package { client: Stripe; errors: typeof Stripe.errors }

export async function openStripePayments({ secret, webhookSecret, apiUrl }: StripeAccount, now: () => number): Promise<PaymentProvider> {
  const { default: Client } = await import('stripe');
  const { protocol, hostname, port } = new URL(apiUrl);
  const client = new Client(secret, { host: hostname, protocol: protocol === 'http:' ? 'http' : 'https', port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port), timeout: timeoutMs, maxNetworkRetries: 0, telemetry: false });
  const stripe: Package = { client, errors: Client.errors };
  return {
    name: 'stripe',
    collects: {
      ...customersOf(stripe, now),
      ...pagesOf(stripe, now),
      ...chargesOf(stripe),
      ...refundsOf(stripe),
      readEvent: ({ signature, body, receivedAt }): ProviderEvent => {
        let event;
        try {
          event = client.webhooks.constructEvent(body, signature ?? '', webhookSecret, toleranceSeconds, undefined, receivedAt);
        } catch (cause) {
          throw new ProviderFault('never', 'This report is not signed by Stripe with the secret in PORTICO_STRIPE_WEBHOOK_SECRET, or it was signed more than five minutes ago.', { cause });
        }
        return { id: event.id, type: event.type, occurredAt: event.created * 1000, subject: readSubject(event.type, event.data.object as unknown as Record<string, unknown>) };
      },
    },
  };
}

function customersOf(stripe: Package, now: () => number): Pick<Collecting, 'createCustomer' | 'findMethod'> {
  const { client } = stripe;
  return {
    createCustomer: ({ consumerId, name, email }) => asked(stripe, async () => {
      const { id } = await client.customers.create({ name, ...(email !== null && { email }), metadata: { portico_consumer: consumerId } }, { idempotencyKey: `portico-customer-${consumerId}-${Math.floor(now() / customerKeyMs)}` });
      return { reference: id };
    }),
    findMethod: (customer) => asked(stripe, async () => {
      const [method] = (await client.customers.listPaymentMethods(customer, { limit: 1 })).data;
      return method ? { reference: method.id, label: labelOf(method) } : null;
    }),
  };
}

function labelOf({ type, card, sepa_debit: sepa }: Stripe.PaymentMethod): string {
  const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1).replaceAll('_', ' ');
  if (card) return `${capital(card.brand)} ending in ${card.last4}, until ${String(card.exp_month).padStart(2, '0')}/${card.exp_year}`;
  return sepa?.last4 ? `${capital(type)} ending in ${sepa.last4}` : capital(type);
}

function pagesOf(stripe: Package, now: () => number): Pick<Collecting, 'openMethodPage' | 'openPaymentPage' | 'closePaymentPage'> {
  const { sessions } = stripe.client.checkout;
  return {
    openMethodPage: ({ customer, doneUrl, backUrl }) => asked(stripe, async () => {
      const { url } = await sessions.create({ mode: 'setup', customer, allowed_payment_method_types: ['card'], success_url: doneUrl, cancel_url: backUrl });
      return { url: url! };
    }),
    openPaymentPage: ({ doneUrl, backUrl, ...collection }) => asked(stripe, async () => {
      const { paymentId, currency, amount, customer, description, invoiceNumber } = collection;
      const expiresAt = Math.ceil((now() + pageMs) / 1000);
      const metadata = metadataOf(collection);
      const session = await sessions.create({
        mode: 'payment', customer, success_url: doneUrl, cancel_url: backUrl, expires_at: expiresAt, metadata,
        line_items: [{ quantity: 1, price_data: { currency, unit_amount: chargeable(amount, currency), product_data: { name: invoiceNumber, description } } }],
        payment_intent_data: { setup_future_usage: 'off_session', description, metadata: { ...metadata, portico_page: 'yes' } },
      }, { idempotencyKey: `portico-${paymentId}` });
      return { reference: session.id, url: session.url!, expiresAt: expiresAt * 1000 };
    }),
    closePaymentPage: (reference) => asked(stripe, async () => {
      const session = await sessions.retrieve(reference, { expand: ['payment_intent'] });
      return reportOfSession(session.status === 'open' ? await sessions.expire(reference, { expand: ['payment_intent'] }) : session);
    }),
  };
}

function chargesOf(stripe: Package): Pick<Collecting, 'prepare' | 'findPrepared' | 'collect' | 'look'> {
  const { paymentIntents, checkout } = stripe.client;
  const look = async (reference: string): Promise<CollectionReport> => {
    if (reference.startsWith('cs_')) return reportOfSession(await checkout.sessions.retrieve(reference, { expand: ['payment_intent'] }));
    return reportOfIntent(await paymentIntents.retrieve(reference));
  };
  return {
    prepare: (collection, idempotencyKey) => asked(stripe, async () => {
      const { currency, amount, customer, description } = collection;
      const { id } = await paymentIntents.create({ amount: chargeable(amount, currency), currency, customer, description, metadata: metadataOf(collection), automatic_payment_methods: { enabled: true, allow_redirects: 'never' } }, { idempotencyKey });
      return { reference: id };
    }),
    findPrepared: ({ paymentId, customer, currency, amount }, since) => asked(stripe, async () => {
      const { data } = await paymentIntents.list({ customer, created: { gte: Math.floor(since / 1000) - 300 }, limit: listedMax });
      const found = data.find((intent) => intent.metadata['portico_payment'] === paymentId && intent.amount === chargeable(amount, currency) && intent.status !== 'canceled');
      return found && { reference: found.id };
    }),
    collect: ({ reference, method, idempotencyKey }) => asked(stripe, async () => {
      try {
        return reportOfIntent(await paymentIntents.confirm(reference, { payment_method: method, off_session: true, error_on_requires_action: true }, { idempotencyKey }));
      } catch (error) {
        if (error instanceof stripe.errors.StripeCardError) return { reference, state: 'failed', amount: null, error: error.message };
        // Stripe knows the method no longer: what it cannot charge is declined, and dunned like that.
        if (error instanceof stripe.errors.StripeInvalidRequestError && error.param === 'payment_method') return { reference, state: 'failed', amount: null, error: error.message };
        // Somebody was quicker: it says what it is by now.
        if (error instanceof stripe.errors.StripeInvalidRequestError && error.code === 'payment_intent_unexpected_state') return look(reference);
        throw error;
      }
    }),
    look: ({ reference }) => asked(stripe, () => look(reference)),
  };
}

function refundsOf(stripe: Package): Pick<Collecting, 'refund' | 'lookRefund'> {
  const { refunds } = stripe.client;
  return {
    refund: ({ paymentId, of, currency, amount, idempotencyKey }) => asked(stripe, async () => {
      const made = (await refunds.list({ payment_intent: of, limit: listedMax })).data.find(({ metadata }) => metadata?.['portico_payment'] === paymentId);
      return reportOfRefund(made ?? await refunds.create({ payment_intent: of, amount: chargeable(amount, currency), metadata: { portico_payment: paymentId } }, { idempotencyKey }));
    }),
    lookRefund: ({ reference }) => asked(stripe, async () => reportOfRefund(await refunds.retrieve(reference))),
  };
}

const intentStates: Partial<Record<string, CollectionReport['state']>> = {
  requires_payment_method: 'pending', requires_confirmation: 'pending', requires_action: 'failed', processing: 'processing', requires_capture: 'processing', succeeded: 'succeeded', canceled: 'cancelled',
};

function reportOfIntent({ id, status, amount_received: received, currency, last_payment_error: lastError }: Stripe.PaymentIntent): CollectionReport {
  const declined = status === 'requires_payment_method' && lastError !== null;
  const error = declined ? (lastError?.message ?? 'The payment was declined.') : status === 'requires_action' ? 'The bank wants the customer to confirm this payment.' : null;
  return { reference: id, state: declined ? 'failed' : intentStates[status] ?? 'processing', amount: status === 'succeeded' ? amountOfStripe(received, currency) : null, error };
}

/** While its page is open, whoever was declined may try again there. */
function reportOfSession({ id, status, payment_intent: intent }: Stripe.Checkout.Session): CollectionReport {
  if (status === 'expired') return { reference: id, state: 'cancelled', amount: null, error: null };
  if (status !== 'complete' || intent === null || typeof intent === 'string') return { reference: id, state: 'pending', amount: null, error: null };
  return reportOfIntent(intent);
}

function reportOfRefund({ id, status, amount, currency, failure_reason: reason }: Stripe.Refund): CollectionReport {
  const state = status === 'succeeded' ? 'succeeded' : status === 'failed' || status === 'canceled' ? 'failed' : 'processing';
  return { reference: id, state, amount: amountOfStripe(-amount, currency), error: state === 'failed' ? `The refund did not reach the customer${reason ? `: ${reason.replaceAll('_', ' ')}` : ''}.` : null };
}

function metadataOf({ paymentId, invoiceNumber }: Collection): Record<string, string> {
  return { portico_payment: paymentId, portico_invoice: invoiceNumber };
}

function chargeable(amount: string, currency: string): number {
  try {
    return stripeAmount(amount, currency);
  } catch (cause) {
    throw new ProviderFault('never', (cause as Error).message, { cause });
  }
}

/** Failures in the port's words. What Stripe says of a key is not repeated. */
async function asked<Answer>({ errors }: Package, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ProviderFault) throw cause;
    if (cause instanceof errors.StripeAuthenticationError || cause instanceof errors.StripePermissionError) throw new ProviderFault('again', 'Stripe does not accept the key in PORTICO_STRIPE_SECRET for this.');
    if (cause instanceof errors.StripeConnectionError) throw new ProviderFault('again', 'Stripe could not be reached, or the connection broke before it answered.', { cause });
    if (!(cause instanceof errors.StripeError)) throw cause;
    const status = cause.statusCode ?? 500;
    // Stripe's own words for what it cannot do now: 409 another request holds the key or the object, 424 something behind it failed, 429 too many at once.
    const again = status >= 500 || status === 409 || status === 429 || status === 424;
    throw new ProviderFault(again ? 'again' : 'never', again ? `Stripe answered ${status}.` : `Stripe refuses this: ${cause.message}`, { cause });
  }
}
