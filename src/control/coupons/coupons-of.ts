// Coupons of a subscription, as billing reads them. Inside the caller's transaction.
import type { Query } from '../../store/database.ts';

/** Either `percent`, or `amount` in `currency`. `redemptionId` is what `countCoupons` takes. */
export interface HeldCoupon { redemptionId: string; code: string; percent: string | null; amount: string | null; currency: string | null; /** ms UTC */ redeemedAt: number; /** Bills that it is good for yet; null: all. */ periodsLeft: number | null }

/** Whatever a subscription has redeemed, in that order, used up or not. */
export async function listHeld(query: Query, subscriptionId: string): Promise<HeldCoupon[]> {
  const rows = await query.selectFrom('coupon_redemption').innerJoin('coupon', 'coupon.id', 'coupon_redemption.coupon_id')
    .select(['coupon_redemption.id', 'coupon.code', 'coupon.percent', 'coupon.amount', 'coupon.currency', 'coupon_redemption.at', 'coupon_redemption.periods_left'])
    .where('coupon_redemption.subscription_id', '=', subscriptionId).orderBy('coupon_redemption.id').execute();
  return rows.map(({ id, at, periods_left: periodsLeft, ...coupon }) => ({ redemptionId: id, ...coupon, redeemedAt: at, periodsLeft }));
}

/**
 * What takes something off the bill of a period: redeemed before its end, in its currency, with bills left or used up by this very period. A coupon's expiry and archiving end its redeeming, not what was
 * redeemed.
 */
export function couponsFor(held: readonly HeldCoupon[], { to, currency, counted = new Set() }: { /** End of the period, ms UTC. */ to: number; currency: string; /** Codes. */ counted?: ReadonlySet<string> }): HeldCoupon[] {
  return held.filter((coupon) => coupon.redeemedAt < to && (coupon.currency === null || coupon.currency === currency) && (coupon.periodsLeft !== 0 || counted.has(coupon.code)));
}

/** As they are once the coupons of these lines have been used for one more bill. */
export function afterBill(held: readonly HeldCoupon[], codes: ReadonlySet<string>): HeldCoupon[] {
  return held.map((coupon) => (coupon.periodsLeft !== null && coupon.periodsLeft > 0 && codes.has(coupon.code) ? { ...coupon, periodsLeft: coupon.periodsLeft - 1 } : coupon));
}

/** The codes that took something off a bill. */
export function codesOf(lines: readonly { kind: string; detail: Record<string, unknown> }[]): Set<string> {
  return new Set(lines.filter(({ kind }) => kind === 'coupon').map(({ detail }) => String(detail['code'])));
}

/** Takes a bill off each, in the transaction of the bill that it stands on. */
export async function countCoupons(query: Query, redemptionIds: readonly string[]): Promise<void> {
  if (redemptionIds.length === 0) return;
  await query.updateTable('coupon_redemption').set((eb) => ({ periods_left: eb('periods_left', '-', 1) })).where('id', 'in', redemptionIds).where('periods_left', '>', 0).execute();
}

/** Gives a bill back to each, when the one that it stood on is void. */
export async function returnCoupons(query: Query, redemptionIds: readonly string[]): Promise<void> {
  if (redemptionIds.length === 0) return;
  await query.updateTable('coupon_redemption').set((eb) => ({ periods_left: eb('periods_left', '+', 1) })).where('id', 'in', redemptionIds).where('periods_left', 'is not', null).execute();
}
