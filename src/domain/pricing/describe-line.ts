import { decimalText } from '../decimal.ts';
import { one, pricePlaces, type Scaled } from './price.ts';
import type { PricedLine } from './price-usage.ts';
import { amountText, roundToMinor } from './money.ts';

/** What a line is for: `requests, above 100,000 up to 1,000,000`. */
export function describeLine(meter: string, part: PricedLine['part'], minorPlaces: number): string {
  switch (part.kind) {
    case 'included': return `${meter}, included`;
    case 'units': return meter;
    case 'packages': return `${meter}, packages of ${units(part.packageSize)}`;
    case 'tier-units': return `${meter}, ${band(part)}`;
    case 'tier-fee': return `${meter}, flat fee ${band(part)}`;
    case 'volume-units': return `${meter}, all at the price ${band(part)}`;
    case 'volume-fee': return `${meter}, flat fee ${band(part)}`;
    case 'minimum': return `${meter}, raised to the minimum of ${amountText(roundToMinor(part.bound, pricePlaces, minorPlaces), minorPlaces)}`;
    case 'maximum': return `${meter}, lowered to the maximum of ${amountText(roundToMinor(part.bound, pricePlaces, minorPlaces), minorPlaces)}`;
  }
}

function band({ above, upTo }: { above: Scaled; upTo: Scaled | null }): string {
  if (upTo === null) return above === 0n ? 'for any quantity' : `above ${units(above)}`;
  return above === 0n ? `up to ${units(upTo)}` : `above ${units(above)} up to ${units(upTo)}`;
}

/** Sizes of tiers and packages are whole. */
function units(value: Scaled): string {
  return groupDigits(decimalText(value / one, 0));
}

/** `1000000.5` as people read it: `1,000,000.5`. */
export function groupDigits(decimal: string): string {
  const [whole, ...places] = decimal.split('.');
  return [whole!.replaceAll(/\B(?=(\d{3})+$)/g, ','), ...places].join('.');
}
