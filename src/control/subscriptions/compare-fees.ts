import type { PlanConfig } from '../../domain/config.ts';
import { compareDecimals, scaleDecimal } from '../../domain/decimal.ts';
import { minorPlacesOf } from '../../domain/pricing/money.ts';
import { pricePlaces } from '../../domain/pricing/price.ts';

/** Below 0 when a's fee per month is lower than b's. Both in one currency; a fee without an interval is one per month. */
export function compareFees(a: Pick<PlanConfig, 'fee' | 'interval'>, b: Pick<PlanConfig, 'fee' | 'interval'>): number {
  const [first, second] = [perYear(a), perYear(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** Whether its fee per month is no lower, or cannot be compared. */
export function isUpgrade(plan: Pick<PlanConfig, 'fee' | 'interval' | 'currency'>, present: Pick<PlanConfig, 'fee' | 'interval' | 'currency'>): boolean {
  return plan.currency !== present.currency || compareFees(plan, present) >= 0;
}

/** Whether it can ever cost something. */
export function isPaid({ fee, prices }: Pick<PlanConfig, 'fee' | 'prices'>): boolean {
  return compareDecimals(fee, '0') > 0 || prices.length > 0;
}

const yearMs = 365n * 86_400_000n;

/** What a costs more than b over so many ms, in minor units of their currency, rounded up. */
export function feeDifference(a: Pick<PlanConfig, 'fee' | 'interval' | 'currency'>, b: Pick<PlanConfig, 'fee' | 'interval'>, ms: number): bigint {
  const scale = 10n ** BigInt(pricePlaces - minorPlacesOf(a.currency)) * yearMs;
  return ((perYear(a) - perYear(b)) * BigInt(Math.max(0, ms)) + scale - 1n) / scale;
}

function perYear({ fee, interval }: Pick<PlanConfig, 'fee' | 'interval'>): bigint {
  return scaleDecimal(fee, pricePlaces) * (interval === 'year' ? 1n : 12n);
}
