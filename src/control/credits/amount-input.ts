import { compareDecimals, decimalText, scaleDecimal } from '../../domain/decimal.ts';
import { isCurrency, minorPlacesOf } from '../../domain/pricing/money.ts';
import { AppError } from '../../errors.ts';

const digitsMax = 15;

/** ISO 4217 in lower case. @throws AppError `input_invalid` */
export function parseCurrency(text: string, pointer = '/currency'): string {
  const currency = text.trim().toLowerCase();
  if (!isCurrency(currency)) throw invalid(pointer, `"${text}" is no currency of ISO 4217`);
  return currency;
}

/** An amount with exactly the digits of the currency's minor unit. @throws AppError `input_invalid` */
export function parseAmount(text: string, currency: string, { pointer = '/amount', least }: { pointer?: string; least: 'zero' | 'above-zero' }): string {
  const amount = text.trim();
  const places = minorPlacesOf(currency);
  if (!/^\d+(\.\d+)?$/.test(amount) || amount.split('.')[0]!.length > digitsMax) throw invalid(pointer, `must be a plain amount such as ${decimalText(2500n, places)}, of at most ${digitsMax} digits before the point`);
  if ((amount.split('.')[1] ?? '').length > places) throw invalid(pointer, `${currency.toUpperCase()} has ${places === 0 ? 'no' : places} decimal places`);
  if (least === 'above-zero' && compareDecimals(amount, '0') === 0) throw invalid(pointer, 'must be above 0');
  return decimalText(scaleDecimal(amount, places), places);
}

export function invalid(pointer: string, detail: string): AppError {
  return new AppError('input_invalid', `Nothing was changed: ${pointer} ${detail}.`, { errors: [{ pointer, detail }] });
}
