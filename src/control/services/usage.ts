import type { Mode } from '../../domain/key.ts';
import type { Limit } from '../../domain/limit.ts';
import type { Actor } from './actor.ts';

export interface UsageRow { meter: string; operation: string; version: string; mode: Mode; quantity: string }
export interface LimitState { subscriptionId: string; productSlug: string; productName: string; planName: string; mode: Mode; limit: Limit; used: number | null; remaining: number | null; /** ms UTC; null for rates */ resetsAt: number | null }
export interface Usage {
  /** Decimal text throughout; `total` is by meter. */
  get(actor: Actor, input: { consumerId?: string; email?: string; productSlug?: string; from: number; to: number }): Promise<{ usage: UsageRow[]; total: Record<string, string> }>;
  byDay(actor: Actor, input: { consumerId?: string; productSlug?: string; from: number; to: number }): Promise<{ day: number; mode: Mode; requests: string; successes: string }[]>;
  /** Each limit of each active subscription; rates have no `used`. */
  limits(actor: Actor, input: { consumerId: string }): Promise<LimitState[]>;
}
