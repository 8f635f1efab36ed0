import type { Actor } from './actor.ts';

/** As they were when the invoice was finalised; of a draft, as they are. */
export interface Party { name: string; address: string; /** ISO 3166-1 alpha-2, upper case. */ country: string | null; taxId: string | null; email: string | null }

export type InvoiceKind = 'invoice' | 'credit-note';
export type InvoiceState = 'draft' | 'finalised' | 'paid' | 'void';
/** How a provider stands with the invoice: `failed` is tried again, or waits for somebody; `uncollectible` is not. */
export type PaymentState = 'none' | 'pending' | 'processing' | 'failed' | 'paid' | 'uncollectible';
/** `overdue`: finalised, and past its due date. */
export type InvoiceFilterState = InvoiceState | 'overdue';

/** Amounts are exact decimal text with the digits of the currency's minor unit; those of a credit note are below zero. */
export interface InvoiceSummary {
  id: string; /** Null until it is finalised. */ number: string | null; kind: InvoiceKind; state: InvoiceState; overdue: boolean; paymentState: PaymentState;
  consumerId: string; consumerName: string; subscriptionId: string | null; productSlug: string | null; productName: string | null;
  /** ISO 4217, lower case. */ currency: string; total: string; /** `total` less prepaid credit. */ due: string; /** What is still to be paid: `due` less payments and what credit notes took off. */ open: string;
  period: { id: string; from: number; to: number } | null; createdAt: number; finalisedAt: number | null; dueAt: number | null; paidAt: number | null; voidedAt: number | null;
}
/** `detail` says how it came about. `credited`: what credit notes have taken off it. `periodId` names another period than the invoice's own for late usage. */
export interface InvoiceLine {
  position: number; kind: 'fee' | 'proration' | 'usage' | 'late-usage' | 'coupon' | 'reversal'; description: string; meter: string | null; quantity: string; unitPrice: string; amount: string; credited: string;
  from: number; to: number; periodId: string | null; detail: Record<string, unknown>;
}
export interface InvoicePayment { id: string; provider: string; reference: string | null; state: 'pending' | 'processing' | 'succeeded' | 'failed' | 'cancelled'; /** Below zero: paid back. */ amount: string; error: string | null; url: string | null; at: number }
export interface InvoiceDetail extends InvoiceSummary {
  subtotal: string; tax: { name: string | null; percent: string | null; amount: string }; credit: string; seller: Party; buyer: Party; lines: InvoiceLine[];
  corrects: { id: string; number: string | null } | null; creditNotes: { id: string; number: string | null; total: string; finalisedAt: number | null }[]; payments: InvoicePayment[];
}

export type InvoiceSort = `${'' | '-'}${'created' | 'due' | 'consumer' | 'number'}`;
export interface InvoiceFilter {
  consumerId?: string | undefined; email?: string | undefined; productSlug?: string | undefined; state?: InvoiceFilterState | undefined; kind?: InvoiceKind | undefined;
  /** Part of a number or of a consumer's name. */ search?: string | undefined;
  /** By when they were finalised, drafts by when they were made; ms UTC, half-open. */ from?: number | undefined; to?: number | undefined;
}

/** What the run waits for: periods that are over and past their grace, but whose calls may not all be in the ledger yet. */
export interface BillingWait {
  periods: number; /** The ledger must have read what was written before this moment. */ until: number; /** What it has read; null: nothing since its start. */ readUpTo: number | null;
  /** Why the ledger takes nothing at present. */ failing: string | null; segments: { segment: string; gateway: string; bytes: number; writtenAt: number }[];
}
export interface BillingRun {
  startedAt: number; endedAt: number;
  /** Periods that began or ended. */ rolled: number; /** Periods that were billed, and how many of them with nothing to pay. */ billed: number; withoutInvoice: number;
  /** Invoices and credit notes for usage that came late, beside the lines on the periods' own invoices. */ late: number; finalised: number; numbers: { first: string; last: string } | null;
  drafts: number; /** Periods that are over, but not for as long as the grace. */ inGrace: number; waiting: BillingWait | null; failures: { subscriptionId: string; message: string }[];
}

/** A line as its sources show it: by operation and day (ms UTC), and the newest requests behind it while their events are kept. `events` is null where they are gone, or where the line is no usage. */
export interface LineSources {
  line: InvoiceLine; operations: { operation: string; quantity: string }[]; days: { day: number; quantity: string }[];
  requests: { id: string; at: number; operation: string | null; version: string | null; status: number }[]; requestsKeptSince: number;
}

/** Counts of one meter in one period of one subscription. `gateway` is null where request events are no longer kept, `invoiced` until it is billed; differences are null with them. */
export interface ReconciledMeter {
  consumerId: string; consumerName: string; subscriptionId: string; productSlug: string; period: { id: string; kind: 'trial' | 'regular'; from: number; to: number; state: 'open' | 'ended' | 'billed' }; invoiceNumber: string | null;
  meter: string; gateway: string | null; ledger: string; invoiced: string | null; gatewayLessLedger: string | null; ledgerLessInvoiced: string | null;
}
/** Money of one currency: what was invoiced (credit notes off, void ones left out), paid by prepaid credit and by payments, and what is open. `difference` is what these do not explain: zero. */
export interface ReconciledMoney { currency: string; invoiced: string; credit: string; paid: string; open: string; difference: string }
export interface Reconciliation { meters: ReconciledMeter[]; money: ReconciledMoney[]; /** Rows whose counts differ, of the periods compared here. */ differing: number; /** To the next periods. */ nextCursor: string | null }

export interface Invoices {
  /** Ends periods, bills those that are over, finalises drafts. May be repeated, killed and run twice at once. */
  run(actor: Actor): Promise<BillingRun>;
  /** The last run, and what waits. */
  findRun(actor: Actor): Promise<BillingRun | null>;
  /** Developers see their own, without drafts. */
  list(actor: Actor, input: InvoiceFilter & { sort?: InvoiceSort | undefined; cursor?: string | undefined; limit?: number | undefined }): Promise<{ invoices: InvoiceSummary[]; total: number; nextCursor: string | null }>;
  /** By id or number. */
  get(actor: Actor, idOrNumber: string): Promise<InvoiceDetail>;
  getLineSources(actor: Actor, input: { id: string; position: number }): Promise<LineSources>;
  /** The document as PDF. */
  getDocument(actor: Actor, idOrNumber: string): Promise<{ fileName: string; content: Uint8Array<ArrayBuffer> }>;
  finalise(actor: Actor, input: { id: string }): Promise<InvoiceDetail>;
  /** Marks what is open as paid by other means than a payment provider. */
  markPaid(actor: Actor, input: { id: string; /** ms UTC, now when absent. */ at?: number | undefined; note?: string | undefined }): Promise<InvoiceDetail>;
  /** A draft, or an invoice on which nothing was paid or credited: its prepaid credit goes back. */
  void(actor: Actor, input: { id: string; reason: string }): Promise<InvoiceDetail>;
  /** Reverses lines, all without `lines`; `amount` reverses a part. What was paid already becomes prepaid credit; with `refund` it goes back through the provider that collected it, or was paid back by other means. */
  credit(actor: Actor, input: { id: string; lines?: { position: number; amount?: string | undefined }[] | undefined; reason: string; refund?: boolean | undefined }): Promise<InvoiceDetail>;
  /** Periods that touch [from, to), newest first, and the money of all of the range. */
  reconcile(actor: Actor, input: { consumerId?: string | undefined; email?: string | undefined; from: number; to: number; differing?: boolean | undefined; cursor?: string | undefined; /** Periods at once, at most and by default 500. */ limit?: number | undefined }): Promise<Reconciliation>;
}
