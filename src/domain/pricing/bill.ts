// A plan and the usage of one period enter; a bill that explains itself leaves.
import type { PlanConfig, PriceConfig } from '../config.ts';
import { decimalText, scaleDecimal } from '../decimal.ts';
import { describeLine } from './describe-line.ts';
import { amountText, minorPlacesOf, roundToMinor } from './money.ts';
import { chargePlanFee } from './plan-fee.ts';
import { pricePlaces, readPrice, type Scaled } from './price.ts';
import { priceUsage, type PricedLine } from './price-usage.ts';

export interface Bill {
  /** ISO 4217, lower case. */
  currency: string;
  /** With exactly the digits of the currency's minor unit; the sum of the lines' amounts. */
  total: string;
  lines: BillLine[];
}

/** Exact decimal text throughout: `amount` is `quantity` times `unitPrice`, rounded once, half up, to the currency's minor unit. */
export interface BillLine { description: string; quantity: string; unitPrice: string; amount: string }

/** A row of the ledger, as far as a price is concerned. `quantity` is exact decimal text with at most 12 places. */
export interface MeteredQuantity { meter: string; quantity: string }

/**
 * The bill of one whole interval: the plan's fee first, then each price in the plan's order. Rows of one meter are added up before they are
 * priced; a meter without a row counts as 0, one without a price costs nothing.
 * @throws RangeError when the currency is not of ISO 4217, a decimal has more than 12 places, or a meter's sum is below 0.
 */
export function billPlan(plan: Pick<PlanConfig, 'name' | 'currency' | 'interval' | 'fee' | 'prices'>, usage: Iterable<MeteredQuantity>): Bill {
  const minorPlaces = minorPlacesOf(plan.currency);
  const lines: BillLine[] = [];
  let totalMinor = 0n;
  const add = (description: string, quantity: Scaled, unitPrice: Scaled, amountMinor: bigint): void => {
    totalMinor += amountMinor;
    lines.push({ description, quantity: shortText(quantity, 0), unitPrice: shortText(unitPrice, minorPlaces), amount: amountText(amountMinor, minorPlaces) });
  };
  const fee = chargePlanFee(plan);
  if (fee) add(`${plan.name}, fee${plan.interval === null ? '' : ` per ${plan.interval}`}`, fee.quantity, fee.unitPrice, roundToMinor(fee.unitPrice, pricePlaces, minorPlaces));
  for (const { config, part, quantity, unitPrice, amountMinor } of priceAll(plan.prices, usage, minorPlaces)) {
    add(describeLine(config.meter, part, minorPlaces), quantity, unitPrice, amountMinor);
  }
  return { currency: plan.currency, total: amountText(totalMinor, minorPlaces), lines };
}

/** Each price of a plan on the sum of its meter, in the plan's order. */
export function* priceAll(prices: readonly PriceConfig[], usage: Iterable<MeteredQuantity>, minorPlaces: number): Generator<PricedLine & { config: PriceConfig }> {
  const quantities = sumByMeter(usage);
  for (const config of prices) {
    for (const line of priceUsage(readPrice(config), quantities.get(config.meter) ?? 0n, minorPlaces)) yield { config, ...line };
  }
}

function sumByMeter(usage: Iterable<MeteredQuantity>): Map<string, Scaled> {
  const sums = new Map<string, Scaled>();
  for (const { meter, quantity } of usage) sums.set(meter, (sums.get(meter) ?? 0n) + scaleDecimal(quantity, pricePlaces));
  return sums;
}

/** Without zeros at its end, but with at least so many places: `49.00`, `0.0005`. */
export function shortText(value: Scaled, placesMin: number): string {
  let places = pricePlaces;
  let rest = value;
  for (; places > placesMin && rest % 10n === 0n; places--) rest /= 10n;
  return decimalText(rest, places);
}
