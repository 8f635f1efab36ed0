import type { Actor } from './actor.ts';

/** By what was agreed (plan fees of the moment), or by what invoices say. */
export type RevenueBasis = 'contracted' | 'invoiced';

/**
 * A UTC calendar month, ms. Amounts are exact decimal text with the digits of the minor unit. Shares are null where nobody paid at the beginning. An account that
 * gets back more than it pays in a month counts below zero in `mrr` and `start`, and is not among those that pay; shares are of those that paid. `complete` is
 * false for the present month, and for months of which some period is not billed yet.
 */
export interface RevenueMonthRow {
  from: number; to: number; complete: boolean;
  mrr: string; paying: number; /** Revenue per paying consumer. */ arpu: string | null;
  start: string; created: string; returned: string; expansion: string; contraction: string; churned: string; newConsumers: number; churnedConsumers: number;
  /** Shares of the month's beginning: consumers lost, revenue lost, and revenue kept of those who paid then (with expansion). */
  consumerChurn: number | null; revenueChurn: number | null; retention: number | null;
  /** Of those who paid a year before. */
  yearRetention: number | null;
}

/** Accounts that signed up in a month, and how many of them began to pay within 30 and 90 days, and since. A number is null while some of them have not had that long. */
export interface RevenueCohort { from: number; to: number; signUps: number; within30: number | null; within90: number | null; ever: number }

export interface RevenueReport {
  at: number; productSlug: string | null; basis: RevenueBasis;
  /** Never added up across currencies. Oldest month first. */
  currencies: { currency: string; months: RevenueMonthRow[] }[];
  cohorts: RevenueCohort[];
}

export interface Revenue {
  /** @throws AppError `not_found` for a product that is not there. `months` from 1 to 36, 12 unless given; the last is the present one. */
  report(actor: Actor, input: { basis: RevenueBasis; productSlug?: string | undefined; months?: number | undefined }): Promise<RevenueReport>;
}
