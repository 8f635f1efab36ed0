// Port to whoever collects money. Portico keeps invoices and their numbers; a provider collects what they say is due.

/** What a provider needs to know of who pays. */
export interface PayingCustomer { consumerId: string; name: string; email: string | null }

/** What is to be collected. `amount` is exact decimal text with the digits of the currency's minor unit. */
export interface Collection {
  paymentId: string; invoiceNumber: string; currency: string; amount: string; description: string;
  /** The provider's own name of the customer. */ customer: string;
}

export type CollectionState = 'pending' | 'processing' | 'succeeded' | 'failed' | 'cancelled';
export interface CollectionReport { /** The provider's own name of it; '' where it never got one. */ reference: string; state: CollectionState; /** What was paid or paid back, as `amount` of a collection; null while it is not. */ amount: string | null; error: string | null }

/** How a customer pays; `label` is for people: `Visa ending in 4242, until 12/2028`. */
export interface PaymentMethod { reference: string; label: string }

/** What a report is about: one payment or refund, by Portico's id, or a customer by the provider's name. */
export type EventSubject = { kind: 'payment' | 'refund'; paymentId: string; reference: string } | { kind: 'customer'; reference: string };

/** A verified report of the provider: it may come late, twice and out of order. Null: about nothing of Portico's. */
export interface ProviderEvent { id: string; type: string; occurredAt: number; subject: EventSubject | null }

/** Pages of the provider, where customers enter what Portico never sees. */
export interface ReturnAddresses { doneUrl: string; backUrl: string }

/** `again`: unknown or refused for now, to be asked again. `never`: the provider will not do this, however often it is asked. */
export class ProviderFault extends Error {
  readonly kind: 'again' | 'never';
  constructor(kind: 'again' | 'never', message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}

export interface PaymentProvider {
  readonly name: 'manual' | 'stripe';
  /** Null where the provider collects nothing by itself: invoices wait until a member marks them as paid. */
  readonly collects: Collecting | null;
}

/** Every method may throw a `ProviderFault`. A charge needs `prepare`, whose reference is kept first, and then `collect`: what is prepared costs nothing, and is charged once, however often it is collected. */
export interface Collecting {
  /** Repeating it at once with the same customer makes no second. */
  createCustomer(customer: PayingCustomer): Promise<{ reference: string }>;
  /** The newest that the customer entered; null without one. */
  findMethod(customer: string): Promise<PaymentMethod | null>;
  /** A page on which the customer enters how to pay. */
  openMethodPage(input: { customer: string } & ReturnAddresses): Promise<{ url: string }>;
  /** A page on which the customer pays this, once, and which also keeps how they paid. */
  openPaymentPage(collection: Collection & ReturnAddresses): Promise<{ reference: string; url: string; expiresAt: number }>;
  /** Closes a page that nobody should pay on any more; answers how it stands then. */
  closePaymentPage(reference: string): Promise<CollectionReport>;
  prepare(collection: Collection, idempotencyKey: string): Promise<{ reference: string }>;
  /** What an attempt that never heard the answer has prepared; undefined for nothing of this amount. */
  findPrepared(collection: Collection, since: number): Promise<{ reference: string } | undefined>;
  /** Charges what was prepared with a stored method, the customer being away. A method that is declined is a report, not a fault. */
  collect(input: { reference: string; method: string; currency: string; idempotencyKey: string }): Promise<CollectionReport>;
  /** How a collection stands: what webhooks only hint at. */
  look(input: { reference: string; currency: string }): Promise<CollectionReport>;
  /** Pays back a part of what was paid under `reference`, or finds that it was paid back already: once by `paymentId`. */
  refund(input: { paymentId: string; of: string; currency: string; amount: string; idempotencyKey: string }): Promise<CollectionReport>;
  lookRefund(input: { reference: string; currency: string }): Promise<CollectionReport>;
  /** @throws ProviderFault `never` for a report that the provider did not sign, or that is too old. */
  readEvent(input: { signature: string | null; body: Uint8Array; receivedAt: number }): ProviderEvent;
}
