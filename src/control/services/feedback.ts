import type { Actor } from './actor.ts';

export interface FeedbackRow { id: string; at: number; path: string; helpful: boolean; comment: string | null; product: string | null; developer: { email: string; consumerId: string } | null }
/** What readers said of one page. */
export interface FeedbackPage { path: string; product: string | null; helpful: number; notHelpful: number; comments: number; lastAt: number }
export interface Feedback {
  /** What a reader says of a page. A developer's newer word takes the place of the older one. `address` is the client's. @throws `input_invalid`, `too_many_attempts` */
  send(actor: Actor | undefined, input: { path: string; helpful: boolean; comment?: string; address: string }): Promise<void>;
  /** Newest first. */
  list(actor: Actor, input: { product?: string; path?: string; helpful?: boolean; comments?: boolean; cursor?: string; limit?: number }): Promise<{ entries: FeedbackRow[]; nextCursor: string | null }>;
  /** Those that helped least first; at most `limit`. */
  listPages(actor: Actor, input: { product?: string; cursor?: string; limit?: number }): Promise<{ pages: FeedbackPage[]; nextCursor: string | null }>;
}
