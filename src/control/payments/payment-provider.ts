// Port to whoever collects money. Portico keeps invoices and their numbers; a provider collects what they say is due.

/** What a provider needs to know of who pays. */
export interface PayingCustomer { consumerId: string; name: string; email: string | null; address: string; country: string | null; taxId: string | null }

/** What is to be collected. `amount` is exact decimal text with the digits of the currency's minor unit. */
export interface Collection {
  invoiceId: string; number: string; currency: string; amount: string; dueAt: number; description: string;
  /** The provider's own name of the customer. */ customer: string;
  /** The same for every attempt at the same thing: a provider that has seen it answers what it answered then. */ idempotencyKey: string;
}

export type CollectionState = 'pending' | 'processing' | 'succeeded' | 'failed' | 'cancelled';
export interface CollectionReport { /** The provider's own name of it. */ reference: string | null; state: CollectionState; error: string | null; /** Where the customer pays, or sees the state. */ url: string | null }

/** A verified report of the provider, whatever its order; the same `id` may come again. */
export interface ProviderEvent { id: string; type: string; occurredAt: number; invoiceId: string | null; report: CollectionReport | null; customer: { consumerId: string; reference: string; method: string | null } | null }

export interface PaymentProvider {
  readonly name: 'manual' | 'stripe';
  /** Null where the provider collects by itself nothing: invoices wait until a member marks them as paid. */
  readonly collects: Collecting | null;
}

export interface Collecting {
  /** Makes the customer, or brings the one of this reference up to date. Repeating it with the same key makes no second. */
  saveCustomer(customer: PayingCustomer, existing: string | null, idempotencyKey: string): Promise<{ reference: string }>;
  /** A page of the provider on which the customer enters how to pay. */
  openCheckout(input: { customer: string; returnUrl: string; idempotencyKey: string }): Promise<{ url: string }>;
  collect(collection: Collection): Promise<CollectionReport>;
  /** Asks how a collection stands, for reports that never came. */
  look(reference: string): Promise<CollectionReport>;
  cancel(reference: string, idempotencyKey: string): Promise<void>;
  /** @throws AppError `input_invalid` for a report that the provider did not sign, or that is too old. */
  readEvent(input: { headers: Headers; body: Uint8Array }): Promise<ProviderEvent>;
}
