import type { Mode } from '../../domain/key.ts';
import type { CallOrigin } from '../../domain/request-event.ts';
import type { Actor } from './actor.ts';

export interface KeySummary {
  id: string; name: string; mode: Mode; origin: CallOrigin; masked: string; developerId: string; developerEmail: string; consumerId: string;
  createdAt: number; expiresAt: number | null; revokedAt: number | null; replacedBy: string | null; lastUsedAt: number | null;
  state: 'active' | 'revoked' | 'expired'; products: string[];
  /** Operation ids and addresses or CIDR ranges that it is limited to; null allows all. */
  scopes: string[] | null; addresses: string[] | null;
  /** The key that it took the place of. */
  replaces: { id: string; masked: string; lastUsedAt: number | null; expiresAt: number | null; revokedAt: number | null; state: KeySummary['state'] } | null;
}
export interface CreatedKey { key: string; id: string; subscription: string; consumer: string; summary: KeySummary; /** Gateways that do not know it yet: cut off, or slow. */ unconfirmed: string[] }
export interface Keys {
  /** The key opens the named product's subscription (made on the default plan when missing), or all subscriptions of the consumer. Answers once every connected gateway thread knows it. */
  create(actor: Actor, input: { consumerId?: string; name?: string; mode: Mode; productSlug?: string; planSlug?: string; expiresAt?: number; scopes?: string[]; addresses?: string[] }): Promise<CreatedKey>;
  /** For the command line: makes consumer, developer and subscription when they do not exist. */
  createFor(actor: Actor, input: { email: string; productSlug: string; planSlug?: string; mode: Mode; name?: string }): Promise<CreatedKey>;
  /** A short-lived test key for the portal's samples and try-it form. */
  mintTryIt(actor: Actor, input: { productSlug: string }): Promise<{ key: string; expiresAt: number }>;
  /** `active` are those that are neither revoked nor expired; `search` is in the name or in what is shown of the key. */
  list(actor: Actor, input: { consumerId?: string; active?: boolean; mode?: Mode; search?: string; limit?: number; cursor?: string }): Promise<{ keys: KeySummary[]; nextCursor: string | null }>;
  get(actor: Actor, id: string): Promise<KeySummary>;
  /** Changes what is given; null lifts a restriction. Answers once every connected gateway thread knows it. */
  update(actor: Actor, input: { id: string; name?: string; expiresAt?: number | null; scopes?: string[] | null; addresses?: string[] | null }): Promise<KeySummary & { unconfirmed: string[] }>;
  /** The old key works for `overlapMs` more. */
  roll(actor: Actor, input: { id: string; overlapMs: number }): Promise<CreatedKey & { previousExpiresAt: number }>;
  revoke(actor: Actor, input: { id: string }): Promise<KeySummary & { unconfirmed: string[] }>;
}
