// Counters of quotas and rates in memory that every thread shares. A slot belongs to one (subscription, mode), or to one
// (consumer, mode) for the unverified quota. All five quota periods are always counted, so that a change of plan needs no recount.
//
//   slot, 28 words of 64 bits:  [ 5 periods x ring of 4 windows ][ 8 rates ]
//   quota word:  window ordinal (32 bits) | count (32 bits); the ring place is ordinal mod 4
//   rate word:   tag of the limit (8 bits) | theoretical arrival time in monotonic ns (56 bits)
import { quotaPeriods, ratesPerPlanMax } from '../../domain/limit.ts';

export const ringLength = 4;
const quotaWords = quotaPeriods.length * ringLength;
const wordsPerSlot = quotaWords + ratesPerPlanMax;
const bytesPerSlot = wordsPerSlot * 8;
const slotsMax = 4_000_000;

const countMask = 0xffff_ffffn;
const timeBits = 56n;
const timeMask = (1n << timeBits) - 1n;

export interface Rate {
  /** Place in the slot: 0 to `ratesPerPlanMax` - 1. */
  index: number;
  /** 1 to 255: another limit in the same place starts afresh instead of inheriting its state. */
  tag: number;
  requests: number;
  /** Emission interval in ns: the window divided by the requests, rounded up, so that no interval lets too many pass. */
  intervalNs: number;
}

export interface RateState {
  passed: boolean;
  /** Requests that would pass right now, after this one. */
  remaining: number;
  /** Until all requests of the rate are available again. */
  resetNs: number;
  /** Until the next request passes; 0 when one would pass now. */
  retryNs: number;
}

export function createLimitCounters(slots: number): SharedArrayBuffer {
  return new SharedArrayBuffer(slots * bytesPerSlot, { maxByteLength: slotsMax * bytesPerSlot });
}

/** A view on the shared counters; every thread makes its own. */
export class LimitCounters {
  readonly #buffer: SharedArrayBuffer;
  readonly #words: BigUint64Array;

  constructor(buffer: SharedArrayBuffer) {
    this.#buffer = buffer;
    this.#words = new BigUint64Array(buffer);
  }

  /** Makes room for this many slots. Only the main thread calls it; every view grows with the buffer. */
  reserveSlots(slots: number): void {
    const needed = slots * bytesPerSlot;
    if (needed <= this.#buffer.byteLength) return;
    this.#buffer.grow(Math.min(this.#buffer.maxByteLength, Math.max(needed, Math.ceil(this.#buffer.byteLength * 1.5 / bytesPerSlot) * bytesPerSlot)));
  }

  /** Counts one if the window's count is below `most`: the count after, or -1 when it is not. Exact across threads. */
  take(slot: number, period: number, ordinal: number, most: number): number {
    const place = quotaPlace(slot, period, ordinal);
    const window = BigInt(ordinal) << 32n;
    for (;;) {
      const seen = Atomics.load(this.#words, place);
      const count = Number(seen >> 32n) === ordinal ? Number(seen & countMask) : 0;
      if (count >= most) return -1;
      if (Atomics.compareExchange(this.#words, place, seen, window | BigInt(count + 1)) === seen) return count + 1;
    }
  }

  /** Takes one back from the window it was counted in; nothing happens when the ring has passed that window. */
  giveBack(slot: number, period: number, ordinal: number): void {
    const place = quotaPlace(slot, period, ordinal);
    for (;;) {
      const seen = Atomics.load(this.#words, place);
      if (Number(seen >> 32n) !== ordinal || (seen & countMask) === 0n) return;
      if (Atomics.compareExchange(this.#words, place, seen, seen - 1n) === seen) return;
    }
  }

  count(slot: number, period: number, ordinal: number): number {
    const seen = Atomics.load(this.#words, quotaPlace(slot, period, ordinal));
    return Number(seen >> 32n) === ordinal ? Number(seen & countMask) : 0;
  }

  /** Adds counts that were made before a restart. An older window never displaces a newer one. */
  restore(slot: number, period: number, ordinal: number, requests: number): void {
    const place = quotaPlace(slot, period, ordinal);
    const seen = Atomics.load(this.#words, place);
    const there = Number(seen >> 32n);
    if (there > ordinal) return;
    const before = there === ordinal ? Number(seen & countMask) : 0;
    Atomics.store(this.#words, place, (BigInt(ordinal) << 32n) | BigInt(before + requests));
  }

  /** GCRA with burst q (ITU-T I.371): passes at most q + q*T/w requests in any interval T. */
  passRate(slot: number, rate: Rate, nowNs: number): RateState {
    const place = slot * wordsPerSlot + quotaWords + rate.index;
    for (;;) {
      const seen = Atomics.load(this.#words, place);
      const arrival = Math.max(arrivalOf(seen, rate), nowNs);
      const next = arrival + rate.intervalNs;
      if (next - nowNs > rate.requests * rate.intervalNs) return rateState(false, arrival, rate, nowNs);
      const word = (BigInt(rate.tag) << timeBits) | BigInt(next);
      if (Atomics.compareExchange(this.#words, place, seen, word) === seen) return rateState(true, next, rate, nowNs);
    }
  }

  /** Takes back a pass that a later limit made useless. */
  giveBackRate(slot: number, rate: Rate): void {
    const place = slot * wordsPerSlot + quotaWords + rate.index;
    for (;;) {
      const seen = Atomics.load(this.#words, place);
      const arrival = arrivalOf(seen, rate);
      if (arrival < rate.intervalNs) return;
      if (Atomics.compareExchange(this.#words, place, seen, seen - BigInt(rate.intervalNs)) === seen) return;
    }
  }

  /** Counts a request that passed before a restart, at its own time. */
  replayRate(slot: number, rate: Rate, atNs: number): void {
    const place = slot * wordsPerSlot + quotaWords + rate.index;
    const next = Math.min(Math.max(arrivalOf(Atomics.load(this.#words, place), rate), atNs) + rate.intervalNs, atNs + rate.requests * rate.intervalNs);
    Atomics.store(this.#words, place, (BigInt(rate.tag) << timeBits) | BigInt(next));
  }

  readRate(slot: number, rate: Rate, nowNs: number): RateState {
    const seen = Atomics.load(this.#words, slot * wordsPerSlot + quotaWords + rate.index);
    return rateState(false, Math.max(arrivalOf(seen, rate), nowNs), rate, nowNs);
  }
}

function quotaPlace(slot: number, period: number, ordinal: number): number {
  return slot * wordsPerSlot + period * ringLength + (ordinal % ringLength);
}

function arrivalOf(word: bigint, rate: Rate): number {
  return Number(word >> timeBits) === rate.tag ? Number(word & timeMask) : 0;
}

function rateState(passed: boolean, arrival: number, rate: Rate, nowNs: number): RateState {
  const used = arrival - nowNs;
  const room = rate.requests * rate.intervalNs - used;
  return { passed, remaining: Math.floor(room / rate.intervalNs), resetNs: used, retryNs: Math.max(0, rate.intervalNs - room) };
}
