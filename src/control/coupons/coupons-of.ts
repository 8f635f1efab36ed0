// Coupons of a subscription, as billing reads them. Inside the caller's transaction.
import type { Query } from '../../store/database.ts';

/** Either `percent`, or `amount` in the bill's currency. `redemptionId` is what `countCoupons` takes. */
export interface HeldCoupon { redemptionId: string; code: string; percent: string | null; amount: string | null }

/**
 * What takes something off the bill of a period: redeemed before its end, with periods left, in its currency; in the order that they were redeemed in.
 * A coupon's expiry and archiving end its redeeming, not what was redeemed.
 */
export async function couponsOf(query: Query, { subscriptionId, to, currency }: { subscriptionId: string; /** End of the period, ms UTC. */ to: number; currency: string }): Promise<HeldCoupon[]> {
  const rows = await query.selectFrom('coupon_redemption').innerJoin('coupon', 'coupon.id', 'coupon_redemption.coupon_id')
    .select(['coupon_redemption.id', 'coupon.code', 'coupon.percent', 'coupon.amount', 'coupon.currency'])
    .where('coupon_redemption.subscription_id', '=', subscriptionId).where('coupon_redemption.at', '<', to)
    .where((eb) => eb.or([eb('coupon_redemption.periods_left', 'is', null), eb('coupon_redemption.periods_left', '>', 0)]))
    .orderBy('coupon_redemption.id').execute();
  return rows.filter((row) => row.currency === null || row.currency === currency).map(({ id, code, percent, amount }) => ({ redemptionId: id, code, percent, amount }));
}

/** Takes a period off each, when the bill that they stand on is final. */
export async function countCoupons(query: Query, redemptionIds: readonly string[]): Promise<void> {
  if (redemptionIds.length === 0) return;
  await query.updateTable('coupon_redemption').set((eb) => ({ periods_left: eb('periods_left', '-', 1) })).where('id', 'in', redemptionIds).where('periods_left', '>', 0).execute();
}
