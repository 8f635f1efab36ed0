// What a billed period costs now that more of its usage is known, less what it cost then.
import type { PlanConfig } from '../config.ts';
import { scaleDecimal } from '../decimal.ts';
import { shortText } from './bill.ts';
import { minorPlacesOf } from './money.ts';
import { pricePlaces, readPrice, type Scaled } from './price.ts';
import { priceUsage } from './price-usage.ts';

/** Quantities are exact decimal text; amounts are minor units of the plan's currency. `quantity` is what came late. */
export interface LateCharge { meter: string; quantity: string; billed: string; present: string; billedMinor: bigint; presentMinor: bigint }

/** A charge per price whose meter stands elsewhere than when it was billed, also where that costs nothing. A meter that is not named counts as 0. */
export function priceLateUsage(plan: Pick<PlanConfig, 'currency' | 'prices'>, billed: ReadonlyMap<string, string>, present: ReadonlyMap<string, string>): LateCharge[] {
  const minorPlaces = minorPlacesOf(plan.currency);
  return plan.prices.flatMap((config): LateCharge[] => {
    const { meter } = config;
    const [before, after] = [billed, present].map((quantities) => scaleDecimal(quantities.get(meter) ?? '0', pricePlaces)) as [Scaled, Scaled];
    if (before === after) return [];
    const cost = (quantity: Scaled): bigint => priceUsage(readPrice(config), quantity, minorPlaces).reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
    return [{ meter, quantity: shortText(after - before, 0), billed: shortText(before, 0), present: shortText(after, 0), billedMinor: cost(before), presentMinor: cost(after) }];
  });
}
