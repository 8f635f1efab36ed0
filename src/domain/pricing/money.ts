// Currencies and their minor units, and the one place where an amount is rounded.
import { decimalText } from '../decimal.ts';

/** Decimal places of the minor unit by currency: ISO 4217, list one, the currencies in use. Codes without a minor unit (gold, drawing rights, tests) are no money to bill in. */
const codesByPlaces: readonly [places: number, codes: string][] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [2, `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR
    FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
    MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN
    UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG`],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
];
const placesByCode = new Map(codesByPlaces.flatMap(([places, codes]) => codes.split(/\s+/).map((code): [string, number] => [code, places])));

/** Whether ISO 4217 lists it, in either case. */
export function isCurrency(code: string): boolean {
  return placesByCode.has(code.toUpperCase());
}

/** Decimal places of its minor unit: USD 2, JPY 0, KWD 3. @throws RangeError when ISO 4217 does not list it. */
export function minorPlacesOf(currency: string): number {
  const places = placesByCode.get(currency.toUpperCase());
  if (places === undefined) throw new RangeError(`${currency} is no currency of ISO 4217.`);
  return places;
}

/**
 * `value` / 10^`places` in whole minor units of 10^-`minorPlaces`, half up. Below zero it is half away from zero, so that what reverses a
 * charge is as large as the charge.
 */
export function roundToMinor(value: bigint, places: number, minorPlaces: number): bigint {
  if (places <= minorPlaces) return value * 10n ** BigInt(minorPlaces - places);
  const step = 10n ** BigInt(places - minorPlaces);
  return value < 0n ? -((-value + step / 2n) / step) : (value + step / 2n) / step;
}

/** Exactly the digits of the minor unit: `100.00`, and `47` in yen. */
export function amountText(amountMinor: bigint, minorPlaces: number): string {
  return decimalText(amountMinor, minorPlaces);
}
