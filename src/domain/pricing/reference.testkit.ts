// A second, slow reckoning of prices in fractions of bigints, which shares no code with the first: what both say is likely right.
import type { PriceConfig } from '../config.ts';

export interface Fraction { n: bigint; d: bigint }

export function fraction(text: string): Fraction {
  const [whole, places = ''] = text.split('.');
  return { n: BigInt(whole + places), d: 10n ** BigInt(places.length) };
}

const zero = fraction('0');
const plus = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
const minus = (a: Fraction, b: Fraction): Fraction => plus(a, { n: -b.n, d: b.d });
const less = (a: Fraction, b: Fraction): boolean => a.n * b.d < b.n * a.d;
const least = (a: Fraction, b: Fraction): Fraction => (less(a, b) ? a : b);
export const times = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.n, d: a.d * b.d });

/** Half up, in whole minor units; below zero half down. */
export function toMinor({ n, d }: Fraction, places: number): bigint {
  if (n < 0n) return -toMinor({ n: -n, d }, places);
  return (2n * n * 10n ** BigInt(places) + d) / (2n * d);
}

/** What a quantity costs on a price, in minor units. */
export function referenceCost(price: PriceConfig, quantity: string, places: number): bigint {
  const given = fraction(quantity);
  const rest = minus(given, least(given, fraction(price.included)));
  let cost = exactParts(price, rest).reduce((sum, part) => sum + toMinor(part, places), 0n);
  const minimum = price.minimum === null ? cost : toMinor(fraction(price.minimum), places);
  cost = cost < minimum ? minimum : cost;
  const maximum = price.maximum === null ? cost : toMinor(fraction(price.maximum), places);
  return cost > maximum ? maximum : cost;
}

function exactParts(price: PriceConfig, quantity: Fraction): Fraction[] {
  if (price.model === 'unit') return [times(quantity, fraction(price.unitPrice!))];
  if (price.model === 'package') {
    let packages = quantity.n / (quantity.d * BigInt(price.packageSize!));
    if (less({ n: packages * BigInt(price.packageSize!), d: 1n }, quantity)) packages += 1n;
    return [times({ n: packages, d: 1n }, fraction(price.packagePrice!))];
  }
  const reached = price.tiers.findIndex(({ upTo }) => upTo === null || !less(fraction(upTo), quantity));
  if (price.model === 'volume') return [times(quantity, fraction(price.tiers[reached]!.unitPrice)), fraction(price.tiers[reached]!.flatFee)];
  return price.tiers.slice(0, reached + 1).flatMap(({ upTo, unitPrice, flatFee }, index) => {
    const below = index === 0 ? zero : fraction(price.tiers[index - 1]!.upTo!);
    const top = upTo === null ? quantity : least(quantity, fraction(upTo));
    return [times(minus(top, below), fraction(unitPrice)), fraction(flatFee)];
  });
}
