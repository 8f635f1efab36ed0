// Payments as callers see them. Without a provider that collects, there is nothing to open and nothing comes in.
import { AppError } from '../../errors.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { getInvoice } from '../billing/list-invoices.ts';
import { getInvoiceRow } from '../billing/write-invoice.ts';
import type { ControlDeps } from '../deps.ts';
import { consumerOf, requireConsumer, requireRight } from '../rights.ts';
import type { Actor, PaymentAccount, Payments } from '../services.ts';
import { manualPayments } from './manual-payments.ts';
import { ProviderFault, type PaymentProvider } from './payment-provider.ts';
import { bringForward, refreshMethod } from './payment-customers.ts';
import { openMethodPage, openPaymentPage } from './payment-pages.ts';
import { provider, type PaymentDeps } from './payment-rows.ts';
import { openPaymentsJob } from './payments-job.ts';
import { openStripePayments } from './stripe/stripe-payments.ts';
import { listEvents, receiveEvent, retryEvent } from './webhook-events.ts';

type Deps = Pick<ControlDeps, 'database' | 'clock' | 'random' | 'log' | 'config'>;

export interface OpenPayments { payments: Payments; close(): Promise<void> }

export async function findProvider({ config, clock }: Pick<Deps, 'config' | 'clock'>): Promise<PaymentProvider> {
  return config.stripe === null ? manualPayments : openStripePayments(config.stripe, () => clock.now());
}

/** Begins to collect, where a provider is set, until it is closed. */
export async function openPayments(deps: Deps): Promise<OpenPayments> {
  const { collects } = await findProvider(deps);
  const collecting: PaymentDeps | null = collects && { ...deps, collecting: collects };
  const job = collecting && openPaymentsJob(collecting);
  const { kysely } = deps.database;
  const requireCollecting = (): PaymentDeps => {
    if (collecting === null) throw new AppError('not_found', 'No payment provider is set here: invoices are marked as paid by hand.');
    return collecting;
  };
  /** What the consumer may do for themselves, and the producer with the right. */
  const ownInvoice = async (actor: Actor, idOrNumber: string) => {
    const invoice = await getInvoiceRow(kysely, idOrNumber);
    requireConsumer(actor, invoice.consumer_id, 'billing.change');
    return invoice;
  };
  const payments: Payments = {
    getAccount: async (actor, input) => readAccount(deps, consumerOf(actor, input.consumerId, 'workspace.read')),
    openMethodPage: (actor, { returnPath, ...input }) => answered(openMethodPage(requireCollecting(), actor, { consumerId: consumerOf(actor, input.consumerId, 'billing.change'), returnPath })),
    openPaymentPage: async (actor, { invoice, returnPath }) => answered(openPaymentPage(requireCollecting(), actor, { invoiceId: (await ownInvoice(actor, invoice)).id, returnPath })),
    async refresh(actor, input) {
      const consumerId = consumerOf(actor, input.consumerId, 'billing.change');
      const customer = await kysely.selectFrom('payment_customer').select('reference').where('consumer_id', '=', consumerId).where('provider', '=', provider).executeTakeFirst();
      if (customer) await answered(refreshMethod(requireCollecting(), customer.reference));
      void job?.wake();
      return readAccount(deps, consumerId);
    },
    async collect(actor, input) {
      requireRight(actor, 'billing.change');
      requireCollecting();
      const { id } = await getInvoiceRow(kysely, input.invoice);
      await deps.database.transaction(async (query) => {
        const invoice = await getInvoiceRow(query, id);
        if (invoice.state !== 'finalised' || !(await bringForward(query, id, deps.clock.now()))) throw new AppError('conflict', `${invoice.number ?? 'A draft'} has no declined payment that could be tried again.`);
        await recordAudit(query, deps, actor, { action: 'collected', noun: 'invoice', subject: id, name: invoice.number!, before: { paymentState: invoice.payment_state }, after: {} });
      });
      await job?.wake();
      return getInvoice(kysely, id, deps.clock.now());
    },
    async receiveEvent(input) {
      await receiveEvent(requireCollecting(), input);
      void job?.wake();
    },
    async listEvents(actor, { failed = false } = {}) {
      requireRight(actor, 'workspace.read');
      return listEvents(kysely, { failed });
    },
    async retryEvent(actor, { id }) {
      requireRight(actor, 'billing.change');
      await retryEvent(requireCollecting(), actor, id);
      await job?.wake();
    },
  };
  return { payments, close: async () => job?.close() };
}

async function readAccount({ config, database }: Pick<Deps, 'config' | 'database'>, consumerId: string): Promise<PaymentAccount> {
  const row = config.stripe && await database.kysely.selectFrom('payment_customer').select(['method_label', 'updated_at']).where('consumer_id', '=', consumerId).where('provider', '=', provider).executeTakeFirst();
  return { consumerId, provider: config.stripe === null ? 'manual' : provider, method: row?.method_label ?? null, methodSince: row?.method_label ? row.updated_at : null };
}

/** What the provider refuses or cannot do now, in the words of an error. */
async function answered<Answer>(work: Promise<Answer>): Promise<Answer> {
  try {
    return await work;
  } catch (cause) {
    if (!(cause instanceof ProviderFault)) throw cause;
    throw new AppError(cause.kind === 'again' ? 'payment_provider_unavailable' : 'conflict', cause.message, { cause });
  }
}
