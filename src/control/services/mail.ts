import type { Actor } from './actor.ts';

export interface Mail {
  /** One letter to the member who asks: sent at once, or kept in the outbox where no server is set. */
  sendTest(actor: Actor): Promise<{ to: string; outcome: 'sent' | 'kept' | 'refused'; /** What the mail server said. */ reason: string | null }>;
  /** Newest first; only in development without SMTP. */
  outbox(): Promise<{ id: string; to: string; subject: string; text: string; html: string; createdAt: number; sentAt: number | null }[]>;
}
