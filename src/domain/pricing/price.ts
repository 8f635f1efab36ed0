// What the units of one meter cost, read once from its decimal texts into whole numbers.
import type { PriceConfig } from '../config.ts';
import { scaleDecimal } from '../decimal.ts';

/** Places of every quantity and unit price inside pricing: a bigint of 1 unit is 10^12. Their product has twice as many. */
export const pricePlaces = 12;

/** `10^-12` parts of a unit, or of the currency's major unit. */
export type Scaled = bigint;

export type Price = UnitPrice | PackagePrice | TieredPrice;
export interface UnitPrice extends PriceTerms { model: 'unit'; unitPrice: Scaled }
export interface PackagePrice extends PriceTerms { model: 'package'; packageSize: Scaled; packagePrice: Scaled }
export interface TieredPrice extends PriceTerms { model: 'graduated' | 'volume'; tiers: readonly PriceTier[] }

/** Holds more than `above` units, up to and including `upTo`; null: without end. */
export interface PriceTier { above: Scaled; upTo: Scaled | null; unitPrice: Scaled; flatFee: Scaled }

interface PriceTerms {
  meter: string;
  /** Units that come off before the model sees the rest. */
  included: Scaled;
  minimum: Scaled | null;
  maximum: Scaled | null;
}

/** An exact share of a bill, not yet rounded: `quantity` times `unitPrice`. */
export interface Charge { part: ChargePart; quantity: Scaled; unitPrice: Scaled }

export type ChargePart =
  | { kind: 'units' }
  | { kind: 'packages'; packageSize: Scaled }
  | { kind: 'tier-fee' | 'tier-units' | 'volume-fee' | 'volume-units'; above: Scaled; upTo: Scaled | null };

/** One of whatever is charged by the piece. */
export const one: Scaled = 10n ** BigInt(pricePlaces);

/** @throws RangeError when a decimal has more than 12 places; TypeError when the model lacks a field that it goes by. */
export function readPrice(config: PriceConfig): Price {
  const terms: PriceTerms = { meter: config.meter, included: scale(config.included), minimum: scaleOrNull(config.minimum), maximum: scaleOrNull(config.maximum) };
  switch (config.model) {
    case 'unit': return { ...terms, model: 'unit', unitPrice: scale(required(config, 'unitPrice')) };
    case 'package': return { ...terms, model: 'package', packageSize: scale(required(config, 'packageSize')), packagePrice: scale(required(config, 'packagePrice')) };
    default: return { ...terms, model: config.model, tiers: readTiers(config) };
  }
}

function readTiers({ tiers }: PriceConfig): PriceTier[] {
  return tiers.map(({ upTo, unitPrice, flatFee }, index) => ({ above: scale(tiers[index - 1]?.upTo ?? '0'), upTo: scaleOrNull(upTo), unitPrice: scale(unitPrice), flatFee: scale(flatFee) }));
}

function required(config: PriceConfig, field: 'unitPrice' | 'packageSize' | 'packagePrice'): string {
  const value = config[field];
  if (value === null) throw new TypeError(`A price with model ${config.model} has no ${field}.`);
  return value;
}

function scale(text: string): Scaled {
  return scaleDecimal(text, pricePlaces);
}

function scaleOrNull(text: string | null): Scaled | null {
  return text === null ? null : scale(text);
}
