import type { Actor } from './actor.ts';

/** Amounts are exact decimal text with the digits of the currency's minor unit, before coupons, tax and prepaid credit. Shares are per cent with one place. */
export interface SimulatedTotals {
  /** ISO 4217, lower case. */ currency: string; consumers: number; subscriptions: number; periods: number;
  old: string; new: string; change: string; /** Null without anything before. */ changePercent: string | null;
  /** Consumers who pay more, less, the same. */ losers: number; winners: number; same: number;
  /** If everybody leaves whose bill rises by more than so many per cent: `rise` as chosen first, then others in their order. `percent`: what then remains of the old revenue. */
  retention: { rise: number; leaving: number; revenue: string; percent: string | null }[];
  /** Consumers by the change of their bill, per cent: `from` < change <= `to`, null without that end. Who paid nothing and pays something now is in the last. */
  spread: { from: number | null; to: number | null; consumers: number }[];
}
export interface SimulatedConsumer {
  consumerId: string; consumerName: string; currency: string; /** Of their subscriptions. */ plans: string[]; subscriptionIds: string[]; periods: number; old: string; new: string; change: string; changePercent: string | null;
  /** In how many of its windows each limit of the drafted plans, or `spend-cap`, would be hit. */
  hits: { limit: string; windows: number }[];
}
export interface SimulationResult {
  totals: SimulatedTotals[];
  /** The greatest rises, then the greatest falls: at most 1,000 in all, of each currency. */
  consumers: SimulatedConsumer[]; consumersTotal: number;
  limits: { plan: string; limit: string; subscriptions: number }[];
  /** `trial` and `otherCurrency` count periods; `keptPlan` subscriptions whose plan the draft leaves out; `limitUnchecked` subscriptions whose hours were not read for a limit. */
  leftOut: { trial: number; otherCurrency: number; keptPlan: number; limitUnchecked: number };
}
export interface Simulation {
  id: string; state: 'running' | 'done' | 'failed'; /** Subscriptions replayed, of how many. */ done: number; total: number; startedAt: number; finishedAt: number | null;
  /** ms UTC, half-open. */ from: number; to: number; /** Per cent. */ rise: number; draft: string; productSlugs: string[];
  error: string | null; result: SimulationResult | null;
}
/** What a roll-out would do to a plan: `staying` subscribe to it now and keep their prices unless they are moved. */
export interface RollOutPlan { productSlug: string; planSlug: string; planName: string; change: 'new' | 'changed'; subscribers: number; moving: number }

export interface Simulator {
  /** The present plans of a product, as YAML to be changed. */
  getDraft(actor: Actor, input: { productSlug: string }): Promise<{ text: string }>;
  /**
   * Replays the ledger on drafted prices: a whole portico.yaml, a list `plans`, or one plan. Changes nothing. Periods that begin in `[from, to)` and have ended; ms UTC. `rise`: per cent, for the retention.
   * @throws AppError `config_invalid` with the place of each mistake; `input_invalid` for a window; `conflict` while another runs
   */
  start(actor: Actor, input: { draft: string; file?: string | undefined; productSlug?: string | undefined; from: number; to: number; rise?: number | undefined }): Promise<Simulation>;
  /** Kept until Portico ends, the last 8. */
  getRun(actor: Actor, input: { id: string }): Promise<Simulation>;
  /** Every consumer's bills, of each currency the greatest rise first; at most 1,000 a page. @throws AppError `conflict` before the simulation is done, and once later ones took the room of a large one */
  listConsumers(actor: Actor, input: { id: string; cursor?: string | undefined; limit?: number | undefined }): Promise<{ consumers: SimulatedConsumer[]; nextCursor: string | null }>;
  /** What `rollOut` would do. */
  getRollOut(actor: Actor, input: { id: string; subscriptionIds: string[] | 'all' | 'none' }): Promise<RollOutPlan[]>;
  /** Makes the drafted prices those of new sign-ups; subscribers, `all` or those chosen, move with the first end of a period at or after `at` (ms UTC), and are told. */
  rollOut(actor: Actor, input: { id: string; subscriptionIds: string[] | 'all' | 'none'; at?: number | undefined }): Promise<{ plans: RollOutPlan[]; scheduled: number }>;
}
