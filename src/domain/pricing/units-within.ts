import { one, type Price } from './price.ts';
import { priceUsage } from './price-usage.ts';

/** A count beyond it is none: shared counters have 32 bits. */
const countMax = 2 ** 32 - 2;

/**
 * How many whole units cost no more than `roomMinor`, counted up from 0 until their cost first passes it: past a volume tier's end a bill may fall again, but
 * who has got there has passed it. 0 when already nothing costs more; Infinity when no count that can be reached does.
 */
export function unitsWithin(price: Price, roomMinor: bigint, minorPlaces: number): number {
  const fits = (count: number): boolean => costOf(price, count, minorPlaces) <= roomMinor;
  if (!fits(0)) return 0;
  let passed = 0;
  for (const end of risingStretches(price)) {
    // From `passed` + 1 to `end` the cost never falls.
    if (end <= passed) continue;
    if (!fits(passed + 1)) return passed;
    if (!fits(end)) return lastThatFits(fits, passed + 1, end);
    passed = end;
  }
  return Infinity;
}

function costOf(price: Price, count: number, minorPlaces: number): bigint {
  return priceUsage(price, BigInt(count) * one, minorPlaces).reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}

/** Only between two volume tiers can a cost fall. */
function risingStretches(price: Price): number[] {
  if (price.model !== 'volume') return [countMax];
  const ends = price.tiers.flatMap(({ upTo }) => (upTo === null ? [] : [Number((upTo + price.included) / one)]));
  return [...ends.filter((end) => end < countMax), countMax];
}

/** @param low fits @param high does not */
function lastThatFits(fits: (count: number) => boolean, low: number, high: number): number {
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}
