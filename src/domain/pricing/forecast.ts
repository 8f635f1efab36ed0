import { decimalText, scaleDecimal } from '../decimal.ts';
import { pricePlaces } from './price.ts';
import { shortText } from './bill.ts';

/** The first calls, tried in minutes, are the pace of a day and not of every minute. */
const paceMsMin = 86_400_000;

/**
 * What a quantity comes to at `to` if it grows on as it did from `since` to `at`: linear by time, of at least a day. Whole quantities stay whole, and
 * nothing becomes less. Exact decimal text.
 */
export function forecastQuantity(quantity: string, { to, since, at }: { to: number; /** When counting began. */ since: number; at: number }): string {
  if (at <= since || at >= to) return quantity;
  const passed = BigInt(Math.round(Math.max(at - since, paceMsMin)));
  const whole = passed + BigInt(Math.round(to - at));
  if (!quantity.includes('.')) return decimalText((BigInt(quantity) * whole + passed / 2n) / passed, 0);
  return shortText((scaleDecimal(quantity, pricePlaces) * whole + passed / 2n) / passed, 0);
}

/** What a quantity of so many ms comes to in another length of time, longer or shorter; a pace is of at least a day. Whole quantities stay whole. */
export function atPace(quantity: string, { passed, length }: { passed: number; length: number }): string {
  if (length >= passed) return forecastQuantity(quantity, { since: 0, at: passed, to: length });
  const [whole, part] = [BigInt(Math.round(passed)), BigInt(Math.round(length))];
  if (!quantity.includes('.')) return decimalText((BigInt(quantity) * part + whole / 2n) / whole, 0);
  return shortText((scaleDecimal(quantity, pricePlaces) * part + whole / 2n) / whole, 0);
}
