// Amounts as Stripe counts them: whole numbers of its own minor unit, which is not always that of ISO 4217.
import { decimalText, scaleDecimal } from '../../../domain/decimal.ts';
import { minorPlacesOf } from '../../../domain/pricing/money.ts';

/** docs.stripe.com/currencies: no minor unit there, whatever ISO 4217 says (it gives MGA two places). */
const wholeUnits = new Set(['BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'VND', 'VUV', 'XAF', 'XOF', 'XPF']);
/** Without a minor unit today, but counted in hundredths there, which must be 00. */
const hundredthsOfWhole = new Set(['ISK', 'UGX']);
/** Three places, of which cards take two: the last digit must be 0. */
const lastDigitZero = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);
const amountMax = 99_999_999_999n;

/** Decimal places that Stripe counts in. */
export function stripePlacesOf(currency: string): number {
  const code = currency.toUpperCase();
  if (wholeUnits.has(code)) return 0;
  return hundredthsOfWhole.has(code) ? 2 : minorPlacesOf(currency);
}

/** `12.34` usd is 1234, `1000` jpy is 1000, `5.120` kwd is 5120, `700` isk is 70000. @throws RangeError with the reason where Stripe cannot charge exactly this. */
export function stripeAmount(amount: string, currency: string): number {
  const code = currency.toUpperCase();
  const places = stripePlacesOf(currency);
  const minor = scaleDecimal(amount, Math.max(places, minorPlacesOf(currency)));
  const step = 10n ** BigInt(Math.max(places, minorPlacesOf(currency)) - places);
  if (minor % step !== 0n) throw new RangeError(`Stripe charges ${code} in whole units only, so it cannot charge ${amount} exactly.`);
  const whole = minor / step;
  if (lastDigitZero.has(code) && whole % 10n !== 0n) throw new RangeError(`Stripe charges ${code} in hundredths only, so it cannot charge ${amount} exactly.`);
  if (whole > amountMax || whole < -amountMax) throw new RangeError(`Stripe cannot charge ${amount} ${code} at once: that is too much.`);
  return Number(whole);
}

/** The way back: 1234 usd is `12.34`, with exactly the digits of the currency's minor unit. */
export function amountOfStripe(amount: number, currency: string): string {
  const [there, here] = [stripePlacesOf(currency), minorPlacesOf(currency)];
  const value = BigInt(amount);
  return there <= here ? decimalText(value * 10n ** BigInt(here - there), here) : decimalText(value / 10n ** BigInt(there - here), here);
}
