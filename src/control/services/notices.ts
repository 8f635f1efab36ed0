import type { Actor } from './actor.ts';

export type NoticeKind =
  | 'limit.near' | 'limit.reached' | 'key.expiring' | 'key.expired' | 'key.rolled' | 'key.revoked' | 'plan.approved' | 'plan.declined'
  | 'plan.moved' | 'subscription.ended' | 'prices.change' | 'prices.kept' | 'spend.near' | 'spend.reached' | 'case.approved'
  | 'invoice.finalised' | 'invoice.credited' | 'payment.failed' | 'payment.uncollectible' | 'payment.refunded'
  | 'version.deprecated' | 'version.sunset' | 'developer.joined' | 'consumer.blocked' | 'consumer.unblocked';
/** `detail` holds the names that the words need: `src/control/notices/notice-words.ts` writes them. `path` is the page that it is about. */
export interface NoticeRow { id: string; at: number; kind: NoticeKind; detail: Record<string, unknown>; title: string; text: string; path: string; readAt: number | null }
export interface Notices {
  /** Newest first. */
  list(actor: Actor, input: { consumerId: string; unread?: boolean; cursor?: string; limit?: number }): Promise<{ notices: NoticeRow[]; nextCursor: string | null }>;
  countUnread(actor: Actor, input: { consumerId: string }): Promise<number>;
  /** Without ids, all of the account. */
  setRead(actor: Actor, input: { consumerId: string; ids?: string[]; read: boolean }): Promise<void>;
  /** Whether the important kinds reach the developer by mail too. */
  mailWanted(actor: Actor): Promise<boolean>;
  setMailWanted(actor: Actor, wanted: boolean): Promise<void>;
}
