import type { PriceConfig } from '../../domain/config.ts';
import { scaleDecimal } from '../../domain/decimal.ts';
import { minorPlacesOf } from '../../domain/pricing/money.ts';
import { readPrice, type Price, type Scaled } from '../../domain/pricing/price.ts';
import { priceUsage } from '../../domain/pricing/price-usage.ts';
import { unitsWithin } from '../../domain/pricing/units-within.ts';
import type { SpendCap } from '../../snapshot/snapshot.ts';
import type { SpendCounters } from '../shared/spend-counters.ts';

/** A priced meter whose quantity is known once a call is answered. `source` only where it is a sum over others. */
export type SpendMeter = Pick<PriceConfig, 'meter' | 'source'>;

/** As it stands in the credential table: what it began with is in its record. */
export type StoredSpendCap = Omit<SpendCap, 'used'> & { place: number };

export interface CompiledSpendCap {
  cap: StoredSpendCap;
  meters: readonly SpendMeter[];
  /** Requests that fit into the period with all else that it has used; Infinity without a bound. Asked again only when something was added. */
  requestsMax(counters: SpendCounters): number;
  /** In the period that follows, before control has told of it. */
  nextRequestsMax(): number;
}

export function spendMeters({ prices }: Pick<SpendCap, 'prices'>): SpendMeter[] {
  return prices.filter(({ meter }) => meter !== 'requests').map(({ meter, source }) => (source === undefined ? { meter } : { meter, source }));
}

export function compileSpendCap(cap: StoredSpendCap): CompiledSpendCap {
  const places = minorPlacesOf(cap.currency);
  const minor = (amount: string): bigint => scaleDecimal(amount, places);
  const prices = cap.prices.map(readPrice);
  const requests = prices.find(({ meter }) => meter === 'requests');
  const others = prices.filter((price) => price !== requests);
  const meters = spendMeters(cap);
  const costOf = (quantityOf: (meter: number) => Scaled): bigint => others.reduce((sum, price, meter) => sum + costAt(price, quantityOf(meter), places), 0n);
  const unused = costOf(() => 0n);
  let seen: bigint | null = null;
  let room: bigint | null = null;
  let most = Infinity;
  return {
    cap, meters,
    requestsMax: (counters) => {
      if (cap.fees === null) return Infinity;
      const version = counters.version(cap.place);
      if (version === seen) return most;
      const spent = costOf((meter) => counters.read(cap.place, meter));
      const left = minor(cap.amount) - minor(cap.fees) - spent;
      // What a call reports is known too late to be kept within the last of it.
      if (left !== room) most = left <= 0n && spent > unused ? 0 : fitting(requests, left, places);
      room = left;
      seen = version;
      return most;
    },
    nextRequestsMax: () => fitting(requests, minor(cap.amount) - minor(cap.nextFees) - unused, places),
  };
}

function costAt(price: Price, quantity: Scaled, places: number): bigint {
  return priceUsage(price, quantity, places).reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}

function fitting(requests: Price | undefined, room: bigint, places: number): number {
  if (room < 0n) return 0;
  return requests === undefined ? Infinity : unitsWithin(requests, room, places);
}
