// What a replay is told, and what it tells: plain data, so that both cross into threads.
import type { PlanConfig } from '../../domain/config.ts';
import type { Minor } from '../../domain/pricing/compile-price.ts';

export interface ReplayJob {
  /** ms UTC, half-open: periods that begin here, and have ended by `now`. */
  from: number; to: number; now: number;
  productIds: string[];
  /** Every revision of the products' plans. */
  revisions: { id: string; plan: PlanConfig }[];
  /** The drafted plans of each product. */
  drafts: { productId: string; plans: PlanConfig[] }[];
}

/** Subscriptions with `after` < id <= `upTo`; null: without that end. */
export interface ReplayRange { after: string | null; upTo: string | null; subscriptions: number }

/** Why a period, or a check of a limit, is left out. */
export type LeftOut = 'trial' | 'otherCurrency' | 'limitUnchecked';

export interface ReplayedSubscription {
  subscriptionId: string; consumerId: string;
  /** Of the last period: the plan that it was on, whose drafted prices it is put on. */
  plan: string; currency: string;
  periods: number;
  old: Minor; new: Minor;
  /** Whether the draft has no such plan, so that its prices stay. */
  kept: boolean;
  /** By limit of the drafted plan, or `spend-cap`: in how many of its windows it would be hit. */
  hits: [limit: string, windows: number][];
}

export interface ReplayedPart { subscriptions: number; rows: ReplayedSubscription[]; leftOut: Record<LeftOut, number> }
