// What the tests of payments share: billing with finalised invoices, a Stripe on this machine, and the job's steps by hand.
import type { Database } from '../../store/database.ts';
import { openBilling } from '../billing/testkit.ts';
import { admin } from '../testkit.ts';
import { ensureCustomer, refreshMethod } from './payment-customers.ts';
import type { PaymentDeps } from './payment-rows.ts';
import { workPayments } from './payments-job.ts';
import { openStripePayments } from './stripe/stripe-payments.ts';
import { startStripe, stripeSecret, type Card, type Fault, type StripeServer } from './stripe/stripe-server.testkit.ts';
import { receiveEvent } from './webhook-events.ts';

export async function openPaid(database: Database) {
  const billing = await openBilling(database);
  const stripe: StripeServer = await startStripe({ now: () => billing.deps.clock.now() });
  const account = { secret: stripeSecret, webhookSecret: stripe.webhookSecret, apiUrl: stripe.url };
  const { collects } = await openStripePayments(account, () => billing.deps.clock.now());
  const deps: PaymentDeps = { ...billing.deps, config: { ...billing.deps.config, stripe: account }, collecting: collects! };
  billing.at('2026-10-01T02:00:00Z');
  return {
    ...billing, stripe, paying: deps, collecting: collects!,
    /** A consumer who owes `10.00` usd, or another plan's, since the run of October; with a card unless it is null. */
    owing: async (name: string, { plan = 'ten', card = {} as Partial<Card> | null } = {}): Promise<{ consumerId: string; invoiceId: string; customer: string | null }> => {
      const { consumerId } = await billing.consumer(name);
      await billing.subscribe(`sub_${name}`, consumerId, { plan, periods: [['2026-09-01', '2026-10-01']] });
      await database.kysely.insertInto('billing_period').values({ id: `per_${name}_open`, subscription_id: `sub_${name}`, kind: 'regular', from_at: Date.parse('2026-10-01'), to_at: Date.parse('2026-11-01'), state: 'open', invoice_id: null, billed_at: null }).execute();
      const customer = card === null ? null : await ensureCustomer(deps, consumerId);
      if (customer !== null) {
        stripe.addCard(customer, card!);
        await refreshMethod(deps, customer);
      }
      await billing.run();
      const { invoices } = await billing.invoices.list(admin, { consumerId });
      return { consumerId, invoiceId: invoices[0]!.id, customer };
    },
    /** The client repeats a request once by itself when its socket is cut: both are. */
    fail: (pattern: RegExp, fault: Fault): void => { for (let time = 0; time < (typeof fault === 'number' ? 1 : 2); time++) stripe.fail(pattern, fault); },
    work: () => workPayments(deps),
    webhook: (type: string, object: Record<string, unknown>, more?: Parameters<StripeServer['sign']>[2]) => receiveEvent(deps, stripe.sign(type, object, more)),
    /** The invoice in a line: `paid paid open 0.00: succeeded 10.00, failed 10.00`. */
    standing: async (invoiceId: string): Promise<string> => {
      const invoice = await billing.invoices.get(admin, invoiceId);
      const { payment_state: state } = await database.kysely.selectFrom('invoice').select('payment_state').where('id', '=', invoiceId).executeTakeFirstOrThrow();
      return `${invoice.state} ${state} open ${invoice.open}: ${invoice.payments.map((payment) => `${payment.state} ${payment.amount}`).sort().join(', ')}`;
    },
  };
}
