// Plans and a month's usage enter; what each plan would cost leaves, exact, by the functions that make invoices. Runs on the server and in the browser.
import type { PlanSummary } from '../../../../control/services.ts';
import { addDecimals, compareDecimals, decimalText, scaleDecimal } from '../../../../domain/decimal.ts';
import type { Limit } from '../../../../domain/limit.ts';
import { billPlan, shortText, type Bill } from '../../../../domain/pricing/bill.ts';
import { meterQuantities } from '../../../../domain/pricing/meter-quantities.ts';
import { amountText, minorPlacesOf } from '../../../../domain/pricing/money.ts';
import { pricePlaces } from '../../../../domain/pricing/price.ts';

export type CalculatedPlan = Pick<PlanSummary, 'slug' | 'name' | 'currency' | 'interval' | 'fee' | 'prices' | 'limits' | 'default'>;
/** Exact decimal text by meter, of a month. */
export type MonthlyUsage = Readonly<Record<string, string>>;
/** `perMonth` is a twelfth of a yearly bill. `stopsAt`: requests of a month beyond which its quota refuses calls. */
export interface PlanCost { plan: CalculatedPlan; bill: Bill; perMonth: string; stopsAt: string | null; fits: boolean }

/** Parameters of the address begin with it, so that a meter may have any name. */
export const usagePrefix = 'use.';
const quantity = /^\d{1,30}(\.\d{1,12})?$/;
const monthsPerYear = 12n;

/** A meter that a reader may set: priced by a plan, and `requests` wherever a plan bounds or prices them. */
export function metersOf(plans: readonly CalculatedPlan[]): string[] {
  const priced = new Set(plans.flatMap(({ prices }) => prices.map(({ meter }) => meter)));
  const bounded = plans.some(({ limits }) => limits.some((limit) => monthly(limit) !== null));
  return [...(bounded || priced.has('requests') ? ['requests'] : []), ...[...priced].filter((meter) => meter !== 'requests')];
}

/** The values of a meter's slider: 0, then ten steps to each power of ten, to ten times the greatest number that a plan names. */
export function stepsOf(plans: readonly CalculatedPlan[], meter: string): string[] {
  const named = plans.flatMap(({ prices, limits }) => [
    ...prices.filter((price) => price.meter === meter).flatMap(({ included, packageSize, tiers }) => [included, packageSize ?? '0', ...tiers.flatMap(({ upTo }) => upTo ?? [])]),
    ...(meter === 'requests' ? limits.flatMap((limit) => monthly(limit) ?? []) : []),
  ]);
  const greatest = Math.min(1e15, Math.max(1e5, ...named.map(Number)) * 10);
  const steps = ['0'];
  for (let power = 1; power < greatest; power *= 10) for (const factor of stepFactors) steps.push(String(Math.round(power * factor * 10) / 10));
  return [...new Set([...steps.filter((step) => Number.isInteger(Number(step)) && Number(step) <= greatest), String(greatest)])];
}

const stepFactors = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8];

/** Where a slider stands for a quantity: the greatest step that is not above it. */
export function stepAt(steps: readonly string[], wanted: string): number {
  return Math.max(0, steps.findLastIndex((step) => compareDecimals(step, wanted) <= 0));
}

/** What a reader wrote: `250,000` and `250 000` are numbers too. Null where it is none. */
export function readQuantity(written: string): string | null {
  const text = written.replaceAll(/[\s,_]/g, '');
  return quantity.test(text) ? text : null;
}

export function costOn(plan: CalculatedPlan, usage: MonthlyUsage): PlanCost {
  const isYear = plan.interval === 'year';
  const bill = billPlan(plan, Object.entries(usage).map(([meter, amount]) => ({ meter, quantity: isYear ? shortText(scaleDecimal(amount, pricePlaces) * monthsPerYear, 0) : amount })));
  const stopsAt = quotaOf(plan);
  return { plan, bill, perMonth: isYear ? twelfth(bill) : bill.total, stopsAt, fits: stopsAt === null || compareDecimals(usage['requests'] ?? '0', stopsAt) <= 0 };
}

/** Half up. */
function twelfth({ total, currency }: Bill): string {
  const places = minorPlacesOf(currency);
  return amountText((2n * scaleDecimal(total, places) + monthsPerYear) / (2n * monthsPerYear), places);
}

/** The plan that costs least of those that serve so many requests; null where plans have several currencies, and where none serves. */
export function cheapestOf(costs: readonly PlanCost[]): PlanCost | null {
  if (new Set(costs.map(({ plan }) => plan.currency)).size > 1) return null;
  return costs.filter(({ fits }) => fits).reduce<PlanCost | null>((best, cost) => (best === null || compareDecimals(cost.perMonth, best.perMonth) < 0 ? cost : best), null);
}

/** The least that its quotas let through in a month of 30 days; null without one. */
export function quotaOf({ limits }: Pick<CalculatedPlan, 'limits'>): string | null {
  const quotas = limits.flatMap((limit) => monthly(limit) ?? []);
  return quotas.length === 0 ? null : String(Math.min(...quotas));
}

function monthly({ requests, per }: Limit): number | null {
  switch (per) {
    case 'day': return requests * 30;
    case 'week': return Math.floor((requests * 30) / 7);
    case 'month': case 'period': return requests;
    case 'year': return Math.floor(requests / 12);
    default: return null;
  }
}

/** What a consumer used in a month, by the meters of these plans, from rows of the ledger. */
export function usageOf(plans: readonly CalculatedPlan[], rows: readonly { meter: string; operation: string; quantity: string }[]): MonthlyUsage {
  const sums = meterQuantities(rows, plans.flatMap(({ prices }, index) => prices.filter(({ meter }) => !plans.slice(0, index).some((plan) => plan.prices.some((price) => price.meter === meter)))));
  return Object.fromEntries(metersOf(plans).map((meter) => [meter, sums.get(meter) ?? '0']));
}

/** Of the plot: quantities of one meter from 0 to twice the present one, or to the middle of the slider while there is none. */
export function pointsOf(present: string, steps: readonly string[]): string[] {
  const end = compareDecimals(present, '0') > 0 ? addDecimals(present, present) : steps[Math.floor(steps.length / 2)]!;
  const scaled = scaleDecimal(end, pricePlaces);
  return Array.from({ length: plotPoints + 1 }, (_, index) => wholeText((scaled * BigInt(index)) / BigInt(plotPoints)));
}

export const plotPoints = 48;

function wholeText(scaled: bigint): string {
  return decimalText(scaled / 10n ** BigInt(pricePlaces), 0);
}
