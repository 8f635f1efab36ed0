import type { Actor } from './actor.ts';

/** Takes `percent` or `amount` (in `currency`) off the bills of a subscription. Exact decimal text. */
export interface Coupon {
  id: string; code: string; /** Null: of every product. */ productSlug: string | null; percent: string | null; amount: string | null; currency: string | null;
  /** How many bills it holds for; null: for all. */ periods: number | null;
  redemptionsMax: number | null; redeemed: number; expiresAt: number | null; createdAt: number; createdBy: string; archivedAt: number | null;
}
export interface RedeemedCoupon { code: string; percent: string | null; amount: string | null; currency: string | null; at: number; /** Null: all. */ periodsLeft: number | null }
/** A subscription that redeemed a coupon. */
export interface CouponHolder {
  consumerId: string; consumerName: string; subscriptionId: string; productSlug: string; planName: string; state: string; at: number; /** Null: all. */ periodsLeft: number | null;
  /** Invoices with a line of it. */ invoices: number;
  /** What those lines take off, by currency; exact decimal text, above zero. Drafts, void invoices and what a credit note reversed are no part of it. */ tookOff: { currency: string; amount: string }[];
}
/** `holders`: newest first, at most 200. */
export interface CouponDetail extends Coupon { holders: CouponHolder[] }
export interface NewCoupon { code: string; productSlug?: string | null | undefined; percent?: string | null | undefined; amount?: string | null | undefined; currency?: string | null | undefined; periods?: number | null | undefined; redemptionsMax?: number | null | undefined; expiresAt?: number | null | undefined }

export interface Coupons {
  /** Newest first, archived ones last. At most 500. */
  list(actor: Actor): Promise<Coupon[]>;
  /** With who holds it and what it took off. @throws AppError `not_found` */
  get(actor: Actor, input: { code: string }): Promise<CouponDetail>;
  create(actor: Actor, input: NewCoupon): Promise<Coupon>;
  /** Nobody redeems it any more; who has keeps it. */
  archive(actor: Actor, input: { code: string }): Promise<Coupon>;
  /** Once per subscription, while it may be. */
  redeem(actor: Actor, input: { subscriptionId: string; code: string }): Promise<RedeemedCoupon>;
  /** Of a subscription, in the order that they were redeemed in. */
  listRedeemed(actor: Actor, input: { subscriptionId: string }): Promise<RedeemedCoupon[]>;
}
