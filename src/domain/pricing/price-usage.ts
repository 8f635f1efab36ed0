// A price and the quantity of a whole period enter; lines with rounded amounts leave.
import { chargeGraduated } from './graduated.ts';
import { roundToMinor } from './money.ts';
import { chargePackages } from './package.ts';
import { one, pricePlaces, type Charge, type ChargePart, type Price, type Scaled } from './price.ts';
import { chargeUnits } from './unit.ts';
import { chargeVolume } from './volume.ts';

/** A line of a meter: `quantity` times `unitPrice`, rounded once. */
export interface PricedLine { part: ChargePart | { kind: 'included' } | { kind: 'minimum' | 'maximum'; bound: Scaled }; quantity: Scaled; unitPrice: Scaled; amountMinor: bigint }

/**
 * Prices one meter's usage of a whole period. Order: `included` units come off; the model prices the rest, each line rounded half up to the
 * minor unit; their sum is raised to `minimum`, also at zero usage, or lowered to `maximum`, by a line of its own.
 * `quantity` is the sum of the ledger's rows, scaled by 10^12, never below 0. There is always a line.
 */
export function priceUsage(price: Price, quantity: Scaled, minorPlaces: number): PricedLine[] {
  if (quantity < 0n) throw new RangeError(`The quantity of ${price.meter} is below zero.`);
  const included = quantity < price.included ? quantity : price.included;
  const charged = chargesOf(price, quantity - included).map((charge): PricedLine => ({ ...charge, amountMinor: roundToMinor(charge.quantity * charge.unitPrice, 2 * pricePlaces, minorPlaces) }));
  const lines: PricedLine[] = included > 0n ? [{ part: { kind: 'included' }, quantity: included, unitPrice: 0n, amountMinor: 0n }, ...charged] : charged;
  const told = lines.filter((line) => line.quantity > 0n);
  const bound = boundLine(price, charged.reduce((sum, { amountMinor }) => sum + amountMinor, 0n), minorPlaces);
  return [...(told.length > 0 ? told : lines.slice(0, 1)), ...(bound ? [bound] : [])];
}

function chargesOf(price: Price, quantity: Scaled): Charge[] {
  switch (price.model) {
    case 'unit': return chargeUnits(price, quantity);
    case 'package': return chargePackages(price, quantity);
    case 'graduated': return chargeGraduated(price, quantity);
    case 'volume': return chargeVolume(price, quantity);
  }
}

function boundLine({ minimum, maximum }: Price, sumMinor: bigint, minorPlaces: number): PricedLine | null {
  for (const [kind, bound] of [['minimum', minimum], ['maximum', maximum]] as const) {
    if (bound === null) continue;
    const difference = roundToMinor(bound, pricePlaces, minorPlaces) - sumMinor;
    if (kind === 'minimum' ? difference <= 0n : difference >= 0n) continue;
    return { part: { kind, bound }, quantity: one, unitPrice: difference * 10n ** BigInt(pricePlaces - minorPlaces), amountMinor: difference };
  }
  return null;
}
