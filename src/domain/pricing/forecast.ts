import { decimalText, scaleDecimal } from '../decimal.ts';
import { pricePlaces } from './price.ts';
import { shortText } from './bill.ts';

/**
 * What a quantity comes to at the end of `[from, to)` if it grows on as it did from `since` to `at`: linear by time. Whole quantities stay whole, and
 * nothing becomes less. Exact decimal text.
 */
export function forecastQuantity(quantity: string, { to, since, at }: { to: number; /** When counting began. */ since: number; at: number }): string {
  if (at <= since || at >= to) return quantity;
  const [whole, passed] = [BigInt(Math.round(to - since)), BigInt(Math.round(at - since))];
  if (!quantity.includes('.')) return decimalText((BigInt(quantity) * whole + passed / 2n) / passed, 0);
  return shortText((scaleDecimal(quantity, pricePlaces) * whole + passed / 2n) / passed, 0);
}
