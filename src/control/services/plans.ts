import type { PlanConfig } from '../../domain/config.ts';
import type { Limit } from '../../domain/limit.ts';
import type { ErrorPlace } from '../../errors.ts';
import type { Actor } from './actor.ts';

/** `subscribers` is 0 for who is not of the producer: it is not theirs to know. */
export interface PlanSummary extends PlanConfig { id: string; revisionId: string; productSlug: string; subscribers: number }
export interface SubscriptionSummary {
  id: string; consumerId: string; productId: string; productSlug: string; productName: string; planSlug: string; planName: string; planRevisionId: string;
  state: 'active' | 'pending' | 'paused' | 'ended'; limits: Limit[]; anchorAt: number; createdAt: number;
  /** The revision of the plan that it is on, as quotas and bills read it: later revisions are for others until it is moved. */
  terms: PlanConfig;
  /** An approval plan that the producer has not decided on; the present plan serves until then. */
  requestedPlan: { slug: string; name: string } | null;
  /** The plan that it moves to, and when: at the end of the period. */
  scheduledPlan: { slug: string; name: string; at: number } | null;
  /** When it ends, or falls to the default plan, because it was cancelled. */
  cancelsAt: number | null;
  trialEndsAt: number | null;
  /** The present one; null while it waits for approval, and once it has ended. */
  period: { kind: 'trial' | 'regular'; from: number; to: number } | null;
  /** Null: none. In the currency of `terms`. */
  spendCap: string | null;
}
/** A plan that waits for the producer's decision. `presentPlan` is null for a subscription that is itself pending. */
export interface PlanRequest { 
  subscriptionId: string; consumerId: string; consumerName: string; productSlug: string; productName: string; planSlug: string; planName: string; presentPlan: string | null;
  /** Since when it waits. */
  requestedAt: number;
  /** Of whoever asked, as the account's log names them; null when it is not known. */
  requestedBy: string | null;
  /** Live calls of the last 30 days and since ever, with this subscription. */
  calls30d: string; callsEver: string;
}
/** With `-`, the greatest first. `calls` are those of the last 30 days. */
export type PlanRequestSort = `${'' | '-'}${'asked' | 'consumer' | 'plan' | 'calls'}`;
/** A plan as its editor writes it: portico.yaml's own form, with `null` for what is absent. */
export type PlanEdit = PlanConfig;
/** A plan with what its editor must know. Revisions with subscribers and the present one, newest first. */
export interface PlanDetail extends PlanSummary {
  position: number;
  archivedAt: number | null;
  revisions: { id: string; number: number; createdAt: number; subscribers: number; current: boolean }[];
  /** Subscribers that are on the way to a revision (its number), each with the first end of a period at or after `at` (ms UTC). */
  moves: { revision: number; at: number; subscribers: number }[];
}
export interface Plans {
  list(actor: Actor | undefined, productSlug: string): Promise<PlanSummary[]>;
  /**
   * Subscribes the developer's consumer, or moves its subscription. Without a plan, the product's default. An approval plan is `pending`, or for who has a plan already `requestedPlan`.
   * Who moves to a lower fee per month does at the end of the period (`scheduledPlan`), and so does every change of currency; `when` may say otherwise. The present plan takes back what was to change.
   * `startedAt`: a beginning in the past (ms UTC, at most 10 years ago), for the producer.
   */
  subscribe(actor: Actor, input: { consumerId?: string; productSlug: string; planSlug?: string; when?: 'now' | 'period-end'; startedAt?: number }): Promise<SubscriptionSummary>;
  listSubscriptions(actor: Actor, input: { consumerId: string }): Promise<SubscriptionSummary[]>;
  /** Approves or declines a subscription that is `pending` or that requested a plan. */
  decide(actor: Actor, input: { subscriptionId: string; approve: boolean; /** Goes to the account's developers. */ message?: string }): Promise<SubscriptionSummary>;
  /** What waits for a decision, oldest first unless sorted otherwise; `total` counts all that match. At most 200 at once. */
  listRequests(actor: Actor, input?: { productSlug?: string | undefined; sort?: PlanRequestSort | undefined; cursor?: string | undefined; limit?: number | undefined }): Promise<{ requests: PlanRequest[]; total: number; nextCursor: string | null }>;
  /** For the producer: archived plans too, at the end. */
  listDetails(actor: Actor, productSlug: string): Promise<PlanDetail[]>;
  /** What would be wrong with this plan, by the rules of portico.yaml; pointers are into the plan. Changes nothing. */
  check(actor: Actor, input: { productSlug: string; planSlug: string | null; plan: PlanEdit }): Promise<ErrorPlace[]>;
  /** Adds a plan (`planSlug` null) or makes its next revision; an archived one stays archived. Who subscribes keeps theirs unless `moveSubscribers`. A new default takes the place of the former. `revisionId`: the revision that was edited; refused with `conflict` when somebody has saved another since. */
  save(actor: Actor, input: { productSlug: string; planSlug: string | null; plan: PlanEdit; moveSubscribers: boolean; revisionId?: string | undefined }): Promise<PlanDetail>;
  /** An archived plan takes no new subscribers; those that it has stay. The default plan cannot be archived. */
  archive(actor: Actor, input: { productSlug: string; planSlug: string; archived: boolean }): Promise<PlanDetail>;
  /** All plans that are not archived, in the order that the portal shows them. */
  order(actor: Actor, input: { productSlug: string; planSlugs: string[] }): Promise<void>;
}
