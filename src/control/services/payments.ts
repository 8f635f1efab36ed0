import type { Actor } from './actor.ts';
import type { InvoiceDetail } from './invoices.ts';

/** How a consumer pays. `provider` is `manual` where Portico collects nothing by itself; then there is no method. */
export interface PaymentAccount { consumerId: string; provider: 'manual' | 'stripe'; /** In words, such as `Visa ending in 4242, until 12/2028`. */ method: string | null; methodSince: number | null }
/** What the provider reported. `nextAttemptAt` is null where it was worked off, or given up. */
export interface WebhookEvent { id: string; type: string; occurredAt: number; receivedAt: number; processedAt: number | null; attempts: number; nextAttemptAt: number | null; error: string | null }

export interface Payments {
  getAccount(actor: Actor, input: { consumerId?: string | undefined }): Promise<PaymentAccount>;
  /** The address of a page of the provider on which the consumer enters how to pay; it leads back to `returnPath` of the portal. */
  openMethodPage(actor: Actor, input: { consumerId?: string | undefined; returnPath: string }): Promise<{ url: string }>;
  /** The address of a page on which what is open of the invoice is paid. */
  openPaymentPage(actor: Actor, input: { invoice: string; returnPath: string }): Promise<{ url: string }>;
  /** Asks the provider how the consumer pays now, for who comes back before its report does. */
  refresh(actor: Actor, input: { consumerId?: string | undefined }): Promise<PaymentAccount>;
  /** Tries an invoice that was declined again now, with the method that is kept. */
  collect(actor: Actor, input: { invoice: string }): Promise<InvoiceDetail>;
  /** Keeps a signed report of the provider and answers at once. @throws AppError `input_invalid` for a forged or old one, `not_found` where no provider is set. */
  receiveEvent(input: { signature: string | null; body: Uint8Array }): Promise<void>;
  listEvents(actor: Actor, input?: { failed?: boolean | undefined }): Promise<WebhookEvent[]>;
  retryEvent(actor: Actor, input: { id: string }): Promise<void>;
}
