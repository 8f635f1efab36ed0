import type { Actor } from './actor.ts';
import type { KeySummary } from './keys.ts';
import type { SubscriptionSummary } from './plans.ts';

export interface ConsumerSummary {
  id: string; name: string; origin: string; createdAt: number; blockedAt: number | null; verified: boolean; developers: number;
  firstKeyAt: number | null; firstSuccessAt: number | null; firstLiveSuccessAt: number | null;
  /** ms from sign-up to the first success, or null. */
  ttfcMs: number | null;
  lastActiveAt: number | null; plans: string[];
}
export type ConsumerState = 'stalled' | 'active' | 'blocked' | 'unverified';
/** With `-`, the greatest first; what is not known yet comes last in either order. */
export type ConsumerSort = `${'' | '-'}${'created' | 'active' | 'ttfc' | 'calls'}`;
export interface DeveloperSummary { id: string; email: string; name: string | null; createdAt: number; verified: boolean; you: boolean }
export interface ActivityRow { id: string; at: number; actor: string; kind: string; subject: string | null; detail: Record<string, unknown> }

export interface Consumers {
  /** Newest first unless sorted otherwise. `search` is part of a name or address, an id, or a key's last four characters; `calls` are of the last 30 days. */
  list(actor: Actor, input: { search?: string | undefined; /** Whole, of one of its developers. */ email?: string | undefined; productSlug?: string | undefined; planSlug?: string | undefined; state?: ConsumerState | undefined; origin?: string | undefined; since?: number | undefined; sort?: ConsumerSort | undefined; cursor?: string | undefined; limit?: number | undefined }): Promise<{ consumers: (ConsumerSummary & { calls: number })[]; nextCursor: string | null }>;
  /** Makes a consumer and invites its first developer by mail. */
  create(actor: Actor, input: { email: string; name?: string }): Promise<{ id: string; link: string; expiresAt: number }>;
  get(actor: Actor, id: string): Promise<ConsumerSummary & { /** Of the last 30 days. */ calls: number; subscriptions: SubscriptionSummary[]; keys: KeySummary[]; developerList: DeveloperSummary[] }>;
  /** Newest first. The producer's own notes are not there for the account's developers. */
  timeline(actor: Actor, input: { consumerId: string; before?: string; limit?: number }): Promise<ActivityRow[]>;
  /** Puts a note of a member, of at most 2,000 characters, on the timeline. */
  addNote(actor: Actor, input: { consumerId: string; text: string }): Promise<void>;
  block(actor: Actor, input: { consumerId: string; blocked: boolean }): Promise<void>;
  rename(actor: Actor, input: { consumerId: string; name: string }): Promise<void>;
  listDevelopers(actor: Actor, input: { consumerId: string }): Promise<{ developers: DeveloperSummary[]; invitations: { id: string; email: string; expiresAt: number }[] }>;
  inviteDeveloper(actor: Actor, input: { consumerId: string; email: string }): Promise<{ link: string; expiresAt: number }>;
  removeDeveloper(actor: Actor, input: { consumerId: string; developerId: string }): Promise<void>;
  cancelInvitation(actor: Actor, input: { invitationId: string }): Promise<void>;
}
