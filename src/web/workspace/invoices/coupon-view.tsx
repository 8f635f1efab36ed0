import type { Coupon } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { formatMoney } from '../../ui/money.ts';
import { formatCount } from '../../ui/number.ts';

const words = texts.coupons;

type CouponState = keyof typeof words.states;

/** As of `now`, ms UTC. */
export function couponState(coupon: Pick<Coupon, 'archivedAt' | 'expiresAt' | 'redeemed' | 'redemptionsMax'>, now: number): CouponState {
  if (coupon.archivedAt !== null) return 'ended';
  if (coupon.expiresAt !== null && coupon.expiresAt <= now) return 'over';
  return coupon.redemptionsMax !== null && coupon.redeemed >= coupon.redemptionsMax ? 'used-up' : 'open';
}

export function CouponBadge({ state }: { state: CouponState }) {
  return <Badge tone={state === 'open' ? 'good' : 'quiet'}>{words.states[state]}</Badge>;
}

export function couponWorth({ percent, amount, currency }: Pick<Coupon, 'percent' | 'amount' | 'currency'>): string {
  return percent === null ? formatMoney(amount!, currency!) : `${percent} %`;
}

export function redeemedText({ redeemed, redemptionsMax }: Pick<Coupon, 'redeemed' | 'redemptionsMax'>): string {
  return redemptionsMax === null ? formatCount(redeemed) : words.of(formatCount(redeemed), formatCount(redemptionsMax));
}
