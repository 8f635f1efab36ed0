// Quantities as sums keep them: small whole ones as numbers, all others as exact decimal text.
import { decimalText, scaleDecimal } from './decimal.ts';

/** A safe whole number from 0, or exact decimal text with at most 12 places. */
export type Quantity = number | string;

const places = 12;
const unit = 10n ** BigInt(places);

/** @param text exact decimal text, as the ledger has it */
export function readQuantity(text: string): Quantity {
  return /^\d{1,15}$/.test(text) ? Number(text) : addQuantity(0, text);
}

export function addQuantity(a: Quantity, b: Quantity): Quantity {
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a + b)) return a + b;
  const sum = scaleDecimal(String(a), places) + scaleDecimal(String(b), places);
  if (sum % unit !== 0n) return decimalText(sum, places).replace(/0+$/, '');
  const whole = sum / unit;
  return whole <= Number.MAX_SAFE_INTEGER ? Number(whole) : String(whole);
}
