// Counters of quotas and rates in memory that every thread shares. A slot belongs to one (subscription, mode), or to one
// (consumer, mode) for the unverified quota. All five quota periods are always counted, so that a change of plan needs no recount.
//
//   slot, 28 words of 64 bits:  [ 5 periods x ring of 4 windows ][ 8 rates ]
//   quota word:  count (32 bits), window ordinal (32 bits); the ring place is ordinal mod 4
//   rate word:   tag of the limit (8 bits) | theoretical arrival time in monotonic ns (56 bits)
import { quotaPeriods, ratesPerPlanMax } from '../../domain/limit.ts';

export const ringLength = 4;
const quotaWords = quotaPeriods.length * ringLength;
const wordsPerSlot = quotaWords + ratesPerPlanMax;
const bytesPerSlot = wordsPerSlot * 8;
const slotsMax = 4_000_000;

/** In place of an ordinal while a thread sets the count of a new window to zero, which takes it two stores. */
const turning = 0xffff_ffff;
/** A word that turns for so long was left by a thread that died. */
const turningMs = 500;
const looksPerTime = 1_000;
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
  // Of the length that the buffer had when they were made: views that grow with it cost a call into the runtime for each access.
  #rates!: BigUint64Array;
  #quotas!: Uint32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.#buffer = buffer;
    this.#look();
  }

  /** Makes room for this many slots. Only the main thread calls it; the views of the others follow. */
  reserveSlots(slots: number): void {
    const needed = slots * bytesPerSlot;
    if (needed <= this.#buffer.byteLength) return;
    this.#buffer.grow(Math.min(this.#buffer.maxByteLength, Math.max(needed, Math.ceil(this.#buffer.byteLength * 1.5 / bytesPerSlot) * bytesPerSlot)));
  }

  /** Counts one if the window's count is below `most`: the count after, or -1 when it is not. Exact across threads. */
  take(slot: number, period: number, ordinal: number, most: number): number {
    const place = this.#quotaPlace(slot, period, ordinal);
    this.#turnTo(place, ordinal);
    for (;;) {
      const count = Atomics.load(this.#quotas, place);
      if (count >= most) return -1;
      if (Atomics.compareExchange(this.#quotas, place, count, count + 1) === count) return count + 1;
    }
  }

  /** Takes one back from the window it was counted in; nothing happens when the ring has passed that window. */
  giveBack(slot: number, period: number, ordinal: number): void {
    const place = this.#quotaPlace(slot, period, ordinal);
    for (;;) {
      const count = Atomics.load(this.#quotas, place);
      if (Atomics.load(this.#quotas, place + 1) !== ordinal || count === 0) return;
      if (Atomics.compareExchange(this.#quotas, place, count, count - 1) === count) return;
    }
  }

  count(slot: number, period: number, ordinal: number): number {
    const place = this.#quotaPlace(slot, period, ordinal);
    return Atomics.load(this.#quotas, place + 1) === ordinal ? Atomics.load(this.#quotas, place) : 0;
  }

  /** Adds counts that were made before a restart. An older window never displaces a newer one. */
  restore(slot: number, period: number, ordinal: number, requests: number): void {
    const place = this.#quotaPlace(slot, period, ordinal);
    const there = Atomics.load(this.#quotas, place + 1);
    if (there > ordinal && there !== turning) return;
    this.#turnTo(place, ordinal);
    Atomics.add(this.#quotas, place, requests);
  }

  /** Makes the word count for this window. */
  #turnTo(place: number, ordinal: number): void {
    const words = this.#quotas;
    let until = 0;
    for (let looks = 1; ; looks++) {
      const seen = Atomics.load(words, place + 1);
      if (seen === ordinal) return;
      if (seen !== turning && Atomics.compareExchange(words, place + 1, seen, turning) === seen) break;
      if (looks % looksPerTime > 0) continue;
      const now = performance.now();
      until ||= now + turningMs;
      if (now > until) break;
    }
    Atomics.store(words, place, 0);
    Atomics.store(words, place + 1, ordinal);
  }

  /**
   * GCRA with burst q (ITU-T I.371): passes at most q + q*T/w requests in any interval T.
   * @param atNs when the call came. Where others have passed since the counter was empty, `elapsedNs` is asked again: a call that looks
   * older than those that another thread let pass before it would be refused though there is room.
   */
  passRate(slot: number, rate: Rate, atNs: number, elapsedNs: () => number): RateState {
    const place = this.#ratePlace(slot, rate);
    for (;;) {
      const seen = Atomics.load(this.#rates, place);
      const present = arrivalOf(seen, rate);
      const nowNs = present > atNs ? elapsedNs() : atNs;
      const arrival = Math.max(present, nowNs);
      const next = arrival + rate.intervalNs;
      if (next - nowNs > rate.requests * rate.intervalNs) return rateState(false, arrival, rate, nowNs);
      const word = (BigInt(rate.tag) << timeBits) | BigInt(next);
      if (Atomics.compareExchange(this.#rates, place, seen, word) === seen) return rateState(true, next, rate, nowNs);
    }
  }

  /** Takes back a pass that a later limit made useless. */
  giveBackRate(slot: number, rate: Rate): void {
    const place = this.#ratePlace(slot, rate);
    for (;;) {
      const seen = Atomics.load(this.#rates, place);
      const arrival = arrivalOf(seen, rate);
      if (arrival < rate.intervalNs) return;
      if (Atomics.compareExchange(this.#rates, place, seen, seen - BigInt(rate.intervalNs)) === seen) return;
    }
  }

  /** Counts a request that passed before a restart, at its own time. */
  replayRate(slot: number, rate: Rate, atNs: number): void {
    const place = this.#ratePlace(slot, rate);
    const next = Math.min(Math.max(arrivalOf(Atomics.load(this.#rates, place), rate), atNs) + rate.intervalNs, atNs + rate.requests * rate.intervalNs);
    Atomics.store(this.#rates, place, (BigInt(rate.tag) << timeBits) | BigInt(next));
  }

  readRate(slot: number, rate: Rate, nowNs: number): RateState {
    const seen = Atomics.load(this.#rates, this.#ratePlace(slot, rate));
    return rateState(false, Math.max(arrivalOf(seen, rate), nowNs), rate, nowNs);
  }

  #quotaPlace(slot: number, period: number, ordinal: number): number {
    const place = slot * wordsPerSlot + period * ringLength + (ordinal % ringLength);
    if (place >= this.#rates.length) this.#look();
    return 2 * place;
  }

  #ratePlace(slot: number, rate: Rate): number {
    const place = slot * wordsPerSlot + quotaWords + rate.index;
    if (place >= this.#rates.length) this.#look();
    return place;
  }

  /** The buffer has grown. */
  #look(): void {
    const words = Math.floor(this.#buffer.byteLength / 8);
    this.#rates = new BigUint64Array(this.#buffer, 0, words);
    this.#quotas = new Uint32Array(this.#buffer, 0, 2 * words);
  }
}

function arrivalOf(word: bigint, rate: Rate): number {
  return Number(word >> timeBits) === rate.tag ? Number(word & timeMask) : 0;
}

function rateState(passed: boolean, arrival: number, rate: Rate, nowNs: number): RateState {
  const used = arrival - nowNs;
  const room = rate.requests * rate.intervalNs - used;
  return { passed, remaining: Math.floor(room / rate.intervalNs), resetNs: used, retryNs: Math.max(0, rate.intervalNs - room) };
}
