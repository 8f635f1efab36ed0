import type { PeriodBill } from '../../domain/pricing/bill-period.ts';
import type { Actor } from './actor.ts';
import type { SubscriptionSummary } from './plans.ts';

/** A bill as it would be. Amounts before tax and prepaid credit. */
export type BillEstimate = Pick<PeriodBill, 'currency' | 'subtotal' | 'lines'>;

export interface RunningBill {
  subscriptionId: string; period: { kind: 'trial' | 'regular'; from: number; to: number }; /** When it was reckoned. */ at: number;
  soFar: BillEstimate;
  /** At the period's end if usage goes on as it did so far in the period: linear by the time that has passed. */
  forecast: BillEstimate;
  /** Quantity by priced meter. */
  usage: { meter: string; soFar: string; forecast: string }[];
  /** Prepaid credit in this currency. */
  credit: string;
  spendCap: string | null; spendAlerts: number[];
  /** Whole per cent of the cap that is spent; null without one. */
  capUsed: number | null;
}

export interface ChangePreview {
  subscriptionId: string; planSlug: string; planName: string;
  /** Whether it waits for the producer's approval before anything changes. */
  approval: boolean;
  when: 'now' | 'period-end'; /** ms UTC */ effectiveAt: number;
  period: { from: number; to: number };
  /** The bill of this period, forecast, as it is and with the change. */
  before: BillEstimate; after: BillEstimate;
  /** What the change adds to this period's bill beside usage: the lines of fees that are not there without it. */
  added: BillEstimate['lines'];
  /** The bill of the first whole period on the plan, with the usage that is forecast; in its own currency. */
  next: BillEstimate & { from: number; to: number };
}

export interface SubscriptionHistory {
  phases: { planSlug: string; planName: string; revision: number; from: number; to: number | null; reason: 'start' | 'upgrade' | 'downgrade' | 'revision' | 'moved' }[];
  /** Newest first. At most 120. */
  periods: { id: string; kind: 'trial' | 'regular'; from: number; to: number; state: 'open' | 'ended' | 'billed'; invoiceId: string | null }[];
}

export interface Subscriptions {
  /** What this period costs so far, and is going to. @throws AppError `conflict` when it has no present period */
  getRunningBill(actor: Actor, input: { subscriptionId: string }): Promise<RunningBill>;
  /** What a change of plan would do to the bills. Changes nothing. */
  getPreview(actor: Actor, input: { subscriptionId: string; planSlug: string; when?: 'now' | 'period-end' | undefined }): Promise<ChangePreview>;
  getHistory(actor: Actor, input: { subscriptionId: string }): Promise<SubscriptionHistory>;
  /** As `plans.subscribe` does, for a subscription that is there. */
  change(actor: Actor, input: { subscriptionId: string; planSlug: string; when?: 'now' | 'period-end' | undefined }): Promise<SubscriptionSummary>;
  /** With the end of its period: a paid plan falls to the product's default plan, else it ends. */
  cancel(actor: Actor, input: { subscriptionId: string }): Promise<SubscriptionSummary>;
  /** Takes back a cancellation, or a change of plan that waits for the end of the period. */
  resume(actor: Actor, input: { subscriptionId: string }): Promise<SubscriptionSummary>;
  /** The most that the consumer wants to spend in a period, in the plan's currency and before tax; null takes it away. `alerts`: of 50, 80 and 100 per cent. */
  setSpendCap(actor: Actor, input: { subscriptionId: string; cap: string | null; alerts?: number[] | undefined }): Promise<SubscriptionSummary>;
  /** Moves subscribers who kept earlier prices of a plan to its present ones, each with the first end of a period at or after `at` (ms UTC), and tells them. */
  schedulePrices(actor: Actor, input: { productSlug: string; planSlug: string; subscriptionIds: string[] | 'all'; at: number }): Promise<{ scheduled: number }>;
  /** Takes back the moves to one revision (its number) of a plan from one moment on (ms UTC), and tells those who were told of it. `not_found` when nobody waits for it. */
  withdrawPrices(actor: Actor, input: { productSlug: string; planSlug: string; revision: number; at: number }): Promise<{ withdrawn: number }>;
}
