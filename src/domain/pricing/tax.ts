import { scaleDecimal } from '../decimal.ts';
import { roundToMinor } from './money.ts';

/** Places of a percentage at most. */
export const percentPlaces = 4;

/** The tax on an amount in minor units, rounded once, half up. `percent` is decimal text: `19`, `7.7`. */
export function taxOn(amountMinor: bigint, percent: string): bigint {
  return roundToMinor(amountMinor * scaleDecimal(percent, percentPlaces), percentPlaces + 2, 0);
}
