// A plan enters once; what leaves tells what any period costs on it: as `billPeriod` does for one phase and no coupon, without its lines.
import type { PlanConfig } from '../config.ts';
import { scaleDecimal } from '../decimal.ts';
import { addQuantity, type Quantity } from '../quantity.ts';
import { billPeriod } from './bill-period.ts';
import { addMinor, compilePrice, type Minor } from './compile-price.ts';
import { minorPlacesOf } from './money.ts';

/** What was used, by meter of the ledger. */
export type MeterSums = Readonly<Record<string, Quantity>>;

export interface CompiledPlan {
  slug: string;
  currency: string;
  minorPlaces: number;
  /** Whether a price counts named operations, which sums by meter do not know. */
  byOperation: boolean;
  /** Of a regular period. `usage` holds what the ledger counts, or for a plan `byOperation` what `meterQuantities` made of it. */
  bill(period: { from: number; to: number; anchorAt: number }, usage: MeterSums, derived?: boolean): Minor;
}

const feesKeptMax = 4_096;

/** @throws as `billPeriod` */
export function compilePlan(plan: PlanConfig): CompiledPlan {
  const minorPlaces = minorPlacesOf(plan.currency);
  const prices = plan.prices.map((config) => ({ meter: config.meter, source: config.source === undefined || config.source.operations !== null ? null : config.source.meter, cost: compilePrice(config, minorPlaces) }));
  const feeOf = compileFee(plan, minorPlaces);
  return {
    slug: plan.slug, currency: plan.currency, minorPlaces,
    byOperation: plan.prices.some(({ source }) => source !== undefined && source.operations !== null),
    bill: (period, usage, derived = false) => {
      let minor = feeOf(period);
      for (const { meter, source, cost } of prices) {
        const own = usage[meter] ?? 0;
        minor = addMinor(minor, cost(source === null || derived ? own : addQuantity(own, usage[source] ?? 0)));
      }
      return minor;
    },
  };
}

/** By `billPeriod` itself, once for each stretch between the same days. */
function compileFee(plan: PlanConfig, minorPlaces: number): (period: { from: number; to: number; anchorAt: number }) => Minor {
  if (/^[0.]*$/.test(plan.fee)) return () => 0;
  const priceless = { ...plan, prices: [] };
  const kept = new Map<number, Map<number, Minor>>();
  let count = 0;
  return ({ from, to, anchorAt }) => {
    const days = kept.get(from) ?? new Map<number, Minor>();
    // The anchor counts by its day of the month; `to` is of the same day, or cut at a moment of its own.
    const key = (to - from) * 32 + new Date(anchorAt).getUTCDate();
    const known = days.get(key);
    if (known !== undefined) return known;
    const { subtotal } = billPeriod({ period: { kind: 'regular', from, to, anchorAt }, phases: [{ plan: priceless, from, to: null }], usage: [], coupons: [] });
    const minor = scaleDecimal(subtotal, minorPlaces);
    const fee = Number.isSafeInteger(Number(minor)) ? Number(minor) : minor;
    if (++count > feesKeptMax) {
      kept.clear();
      count = 0;
    }
    kept.set(from, days.set(key, fee));
    return fee;
  };
}
