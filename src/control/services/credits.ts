import type { Actor } from './actor.ts';

/** Prepaid money. Amounts are exact decimal text with the digits of the currency's minor unit. */
export interface CreditGrant { id: string; consumerId: string; currency: string; amount: string; remaining: string; reason: string; grantedAt: number; grantedBy: string; /** Null: never. */ expiresAt: number | null; expired: boolean }

export interface Credits {
  /** In the order that they are drawn in: what expires first comes first; spent and expired ones last. At most 200. */
  list(actor: Actor, input: { consumerId: string }): Promise<{ grants: CreditGrant[]; /** What may be drawn now, by currency. */ left: { currency: string; amount: string }[] }>;
  grant(actor: Actor, input: { consumerId: string; currency: string; amount: string; reason: string; expiresAt?: number | null | undefined }): Promise<CreditGrant>;
  /** Ends a grant now: what was drawn stays drawn, the rest is gone. */
  withdraw(actor: Actor, input: { grantId: string }): Promise<CreditGrant>;
}
