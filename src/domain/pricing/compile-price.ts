// A price enters once; a function leaves that tells what any quantity costs: in safe whole numbers while they hold, else through `priceUsage`.
import type { PriceConfig } from '../config.ts';
import { scaleDecimal } from '../decimal.ts';
import type { Quantity } from '../quantity.ts';
import { one, pricePlaces, readPrice, type Price, type Scaled } from './price.ts';
import { priceUsage } from './price-usage.ts';
import { roundToMinor } from './money.ts';

/** Whole minor units; a bigint only beyond the safe integers. */
export type Minor = number | bigint;

/** The sum of `priceUsage`'s lines, to the minor unit. The function throws as `priceUsage` does. */
export function compilePrice(config: PriceConfig, minorPlaces: number): (quantity: Quantity) => Minor {
  const price = readPrice(config);
  const quick = compileQuick(price, minorPlaces);
  return (quantity) => {
    if (typeof quantity === 'number' && quantity >= 0) {
      const minor = quick(quantity);
      if (Number.isSafeInteger(minor)) return minor;
    }
    const scaled = typeof quantity === 'number' ? BigInt(quantity) * one : scaleDecimal(quantity, pricePlaces);
    return narrow(priceUsage(price, scaled, minorPlaces).reduce((sum, { amountMinor }) => sum + amountMinor, 0n));
  };
}

export function addMinor(a: Minor, b: Minor): Minor {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return narrow(BigInt(a) + BigInt(b));
}

function narrow(minor: bigint): Minor {
  const number = Number(minor);
  return Number.isSafeInteger(number) ? number : minor;
}

/** NaN where a whole number cannot hold a step of it. */
type Quick = (quantity: number) => number;
const never: Quick = () => NaN;

function compileQuick(price: Price, minorPlaces: number): Quick {
  const included = wholeUnits(price.included);
  const [minimum, maximum] = [price.minimum, price.maximum].map((bound) => (bound === null ? null : Number(roundToMinor(bound, pricePlaces, minorPlaces))));
  const model = compileModel(price, minorPlaces);
  if (included === null) return never;
  return (quantity) => {
    const minor = model(quantity > included ? quantity - included : 0);
    if (minimum != null && minor < minimum) return minimum;
    return maximum != null && minor > maximum ? maximum : minor;
  };
}

function compileModel(price: Price, minorPlaces: number): Quick {
  switch (price.model) {
    case 'unit': return perUnit(price.unitPrice, minorPlaces);
    case 'package': {
      const size = wholeUnits(price.packageSize);
      const cost = perUnit(price.packagePrice, minorPlaces);
      return size === null ? never : (quantity) => cost(Math.floor(quantity / size) + (quantity % size === 0 ? 0 : 1));
    }
    default: return compileTiers(price, minorPlaces);
  }
}

function compileTiers({ model, tiers }: Extract<Price, { model: 'graduated' | 'volume' }>, minorPlaces: number): Quick {
  const bounds = tiers.map(({ above, upTo }) => ({ above: wholeUnits(above), upTo: upTo === null ? Infinity : wholeUnits(upTo) }));
  if (bounds.some(({ above, upTo }) => above === null || upTo === null) || tiers.at(-1)?.upTo !== null) return never;
  const steps = tiers.map(({ unitPrice, flatFee }, index) => ({ above: bounds[index]!.above!, upTo: bounds[index]!.upTo!, cost: perUnit(unitPrice, minorPlaces), flat: Number(roundToMinor(flatFee, pricePlaces, minorPlaces)) }));
  if (model === 'volume') return (quantity) => {
    for (const { upTo, cost, flat } of steps) if (quantity <= upTo) return flat + cost(quantity);
    return NaN;
  };
  return (quantity) => {
    let minor = 0;
    for (const { above, upTo, cost, flat } of steps) {
      if (quantity <= above && above > 0) break;
      minor += flat + cost((quantity < upTo ? quantity : upTo) - above);
    }
    return minor;
  };
}

/** `quantity` times the price, rounded half up to the minor unit, by one exact product and its remainder. */
function perUnit(unitPrice: Scaled, minorPlaces: number): Quick {
  let [numerator, step] = [unitPrice, 10n ** BigInt(pricePlaces - minorPlaces)];
  while (step > 1n && numerator % 10n === 0n) [numerator, step] = [numerator / 10n, step / 10n];
  const [factor, divisor] = [Number(numerator), Number(step)];
  if (!Number.isSafeInteger(factor)) return never;
  return (quantity) => {
    const product = quantity * factor;
    if (product > Number.MAX_SAFE_INTEGER) return NaN;
    const rest = product % divisor;
    return (product - rest) / divisor + (2 * rest >= divisor ? 1 : 0);
  };
}

/** Null where it has places or is beyond the safe integers. */
function wholeUnits(value: Scaled): number | null {
  const whole = value / one;
  return whole * one === value && whole <= Number.MAX_SAFE_INTEGER ? Number(whole) : null;
}
