// A period of a subscription enters: its plans, its usage, its coupons. The bill that explains itself leaves, before tax and prepaid credit.
import { nextPeriod } from '../billing-period.ts';
import type { PlanConfig } from '../config.ts';
import { scaleDecimal } from '../decimal.ts';
import { priceAll, shortText, type MeteredQuantity } from './bill.ts';
import { describeLine } from './describe-line.ts';
import { amountText, minorPlacesOf, roundToMinor } from './money.ts';
import { chargePlanFee } from './plan-fee.ts';
import { one, pricePlaces, type Scaled } from './price.ts';

/** `amount` is `quantity` times `unitPrice`, rounded once, half away from zero, with the digits of the currency's minor unit; below zero for what is taken back or off. */
export interface PeriodLine { kind: 'fee' | 'proration' | 'usage' | 'coupon'; description: string; meter: string | null; quantity: string; unitPrice: string; amount: string; /** ms UTC, half-open. */ from: number; to: number; /** How it came about. */ detail: Record<string, unknown> }
/** `subtotal` is the sum of the lines. */
export interface PeriodBill { currency: string; subtotal: string; lines: PeriodLine[] }

export interface BillPeriodInput {
  /** `anchorAt` is UTC midnight, ms. `to` is before the end of the interval where the subscription ended. */
  period: { from: number; to: number; kind: 'trial' | 'regular'; anchorAt: number };
  /** The stretches on one plan that the period holds, oldest first; at least one, all in one currency. */
  phases: readonly { plan: PlanConfig; from: number; to: number | null }[];
  usage: Iterable<MeteredQuantity>;
  coupons: readonly { code: string; percent: string | null; amount: string | null }[];
}

type Period = BillPeriodInput['period'];
type Phase = BillPeriodInput['phases'][number];
type Add = (line: Omit<PeriodLine, 'quantity' | 'unitPrice' | 'amount'>, quantity: Scaled, unitPrice: Scaled, amountMinor: bigint) => void;

/**
 * The fee of the first phase is charged for the whole period, or for the share until the subscription ended; each change takes back the unused share of the fee before it and charges that share of the
 * next, by time. Usage is priced once, by the last phase's plan. A trial costs nothing. Coupons come last, and take off no more than there is.
 * @throws RangeError for phases of two currencies, and as `billPlan`
 */
export function billPeriod({ period, phases, usage, coupons }: BillPeriodInput): PeriodBill {
  const plan = phases.at(-1)!.plan;
  const { currency } = plan;
  if (phases.some((phase) => phase.plan.currency !== currency)) throw new RangeError(`A period is billed in one currency, not in ${[...new Set(phases.map((phase) => phase.plan.currency))].join(' and ')}.`);
  const places = minorPlacesOf(currency);
  const lines: PeriodLine[] = [];
  let totalMinor = 0n;
  const add: Add = ({ kind, description, meter, from, to, detail }, quantity, unitPrice, amountMinor) => {
    totalMinor += amountMinor;
    lines.push({ kind, description, meter, quantity: shortText(quantity, 0), unitPrice: shortText(unitPrice, places), amount: amountText(amountMinor, places), from, to, detail });
  };
  if (period.kind === 'regular') {
    addFees(add, period, phases, places);
    addUsage(add, period, plan, usage, places);
    for (const coupon of coupons) addCoupon(add, period, coupon, totalMinor, places);
  }
  return { currency, subtotal: amountText(totalMinor, places), lines };
}

function addFees(add: Add, period: Period, phases: readonly Phase[], places: number): void {
  const shareOf = sharesOf(period, phases[0]!.plan);
  phases.forEach(({ plan, from }, index) => {
    const before = phases[index - 1];
    const fee = chargePlanFee(plan)?.unitPrice ?? 0n;
    if (before === undefined) {
      const share = shareOf(plan, period.from);
      if (fee > 0n && share > 0n) add({ kind: 'fee', description: `${plan.name}, fee${perInterval(plan)}`, meter: null, from: period.from, to: period.to, detail: { plan: plan.slug } }, share, fee, feeAmount(share, fee, places));
      return;
    }
    // New limits change no fee.
    if (before.plan.slug === plan.slug && before.plan.fee === plan.fee && before.plan.interval === plan.interval) return;
    const formerFee = chargePlanFee(before.plan)?.unitPrice ?? 0n;
    const former = -shareOf(before.plan, from);
    const next = shareOf(plan, from);
    const at = { kind: 'proration' as const, meter: null, from, to: period.to };
    if (formerFee > 0n) add({ ...at, description: `${before.plan.name}, fee${perInterval(before.plan)}, unused share`, detail: { plan: before.plan.slug, until: from } }, former, formerFee, feeAmount(former, formerFee, places));
    if (fee > 0n) add({ ...at, description: `${plan.name}, fee${perInterval(plan)}, share of the period`, detail: { plan: plan.slug, since: from } }, next, fee, feeAmount(next, fee, places));
  });
}

function feeAmount(share: Scaled, fee: Scaled, places: number): bigint {
  return roundToMinor(share * fee, 2 * pricePlaces, places);
}

/** Says what is left of the period at a moment, in intervals of a plan's fee, to 12 places. The plan at its beginning decides how long it would be. */
function sharesOf({ from: begin, to, anchorAt }: Period, first: PlanConfig): (plan: PlanConfig, from: number) => Scaled {
  const length = (interval: 'month' | 'year'): bigint => BigInt(nextPeriod(anchorAt, interval, begin).to - begin);
  const isYear = first.interval === 'year';
  const whole = length(isYear ? 'year' : 'month');
  return ({ interval }, from) => {
    const rest = BigInt(to - Math.max(from, begin)) * one;
    if (isYear) return divided(interval === 'year' ? rest : 12n * rest, whole);
    return divided(rest, interval === 'year' ? length('year') : whole);
  };
}

/** Half up; both at least 0. */
function divided(value: bigint, by: bigint): bigint {
  return (2n * value + by) / (2n * by);
}

function addUsage(add: Add, period: Period, plan: PlanConfig, usage: Iterable<MeteredQuantity>, places: number): void {
  for (const { config, part, quantity, unitPrice, amountMinor } of priceAll(plan.prices, usage, places)) {
    add({ kind: 'usage', description: describeLine(config.meter, part, places), meter: config.meter, from: period.from, to: period.to, detail: { plan: plan.slug, model: config.model, part: part.kind } }, quantity, unitPrice, amountMinor);
  }
}

function addCoupon(add: Add, period: Period, { code, percent, amount }: BillPeriodInput['coupons'][number], totalMinor: bigint, places: number): void {
  const wanted = percent === null ? scaleDecimal(amount!, places) : roundToMinor(totalMinor * scaleDecimal(percent, pricePlaces), pricePlaces + 2, 0);
  const off = wanted < totalMinor ? wanted : totalMinor;
  if (off <= 0n) return;
  add({ kind: 'coupon', description: percent === null ? `Coupon ${code}` : `Coupon ${code}, ${percent} %`, meter: null, from: period.from, to: period.to, detail: { code, percent, amount } }, one, -off * 10n ** BigInt(pricePlaces - places), -off);
}

function perInterval({ interval }: PlanConfig): string {
  return interval === null ? '' : ` per ${interval}`;
}
