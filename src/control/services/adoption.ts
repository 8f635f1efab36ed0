import type { Limit } from '../../domain/limit.ts';
import type { Actor } from './actor.ts';
import type { ConfigChange } from './configuration.ts';

export type FunnelStep = 'signed-up' | 'key-made' | 'first-call' | 'first-success' | 'week-two';
/** A live quota of an account that is used to 80 % or more. */
export interface NearLimit { consumerId: string; name: string; planName: string; productName: string; limit: Limit; used: number; resetsAt: number }
/** Whom and what a product manager should look at. */
export interface Attention {
  /** Who came to this step and no further, newest first; `total` counts all. */
  stuck: { step: FunnelStep; total: number; consumers: { id: string; name: string; createdAt: number }[] }[];
  /** What newcomers' own keys were refused with before their first success. */
  stalls: { code: string; count: number; consumers: number }[];
  nearLimits: { total: number; rows: NearLimit[] };
  /** What was changed here since the last `apply`, and that the file does not say. Empty when nothing was ever applied. */
  drift: ConfigChange[];
}
export interface AdoptionReport {
  from: number; to: number; product: string | null;
  /** `possible` is to how many the step could have happened by now: fewer than all for `week-two`, days 8 to 14 after sign-up. */
  funnel: { step: FunnelStep; consumers: number; possible: number }[];
  ttfc: { medianMs: number | null; p90Ms: number | null; reached: number; without: number; share: number | null };
  /** With at least one live success in the period. */
  active: { consumers: number; developers: number };
  /** Operations that consumers use in earnest, in the 30 days before `to`. */
  depth: { median: number | null; tagShare: number | null; distribution: { from: number; to: number | null; consumers: number }[] };
  volume: { bucketMs: number; rows: { bucket: number; statusClass: string; count: number }[] };
  errors: { total: number; failed: number; share: number | null };
  refusals: { code: string; count: number; stranger: number }[];
}
export interface Adoption {
  report(actor: Actor, input: { productSlug?: string; from: number; to: number; bucketMs?: number }): Promise<AdoptionReport>;
  attention(actor: Actor, input: { productSlug?: string; from: number; to: number }): Promise<Attention>;
}
