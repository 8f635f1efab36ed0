// Quota reservations of the calls that one thread has in flight, in shared memory: when the thread dies, the main thread gives them back.
//
//   entry, 8 words of 32 bits:  slot + 1 (0: free) | consumer slot + 1 (0: none) | ordinals of day, week, month, year, period | 0
import { quotaPeriods } from '../../domain/limit.ts';
import type { LimitCounters } from './limit-counters.ts';
import type { QuotaWindows } from './quota-windows.ts';

const wordsPerEntry = 8;
const dayPeriod = quotaPeriods.indexOf('day');

export function createReservations(entries: number): SharedArrayBuffer {
  return new SharedArrayBuffer(entries * wordsPerEntry * 4);
}

/** One thread's reservations. `hold` and `release` are called by that thread only. */
export class Reservations {
  readonly #words: Int32Array;
  readonly #free: number[] = [];

  constructor(buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer);
    for (let entry = this.#words.length / wordsPerEntry - 1; entry >= 0; entry--) this.#free.push(entry);
  }

  get inFlight(): number {
    return this.#words.length / wordsPerEntry - this.#free.length;
  }

  get full(): boolean {
    return this.#free.length === 0;
  }

  hold(slot: number, consumerSlot: number | null, windows: QuotaWindows): number {
    const entry = this.#free.pop();
    if (entry === undefined) throw new RangeError('more calls in flight than reservations');
    const at = entry * wordsPerEntry;
    for (let period = 0; period < windows.length; period++) this.#words[at + 2 + period] = windows[period]!.ordinal;
    this.#words[at + 1] = consumerSlot === null ? 0 : consumerSlot + 1;
    Atomics.store(this.#words, at, slot + 1);
    return entry;
  }

  /** The call counts: its reservation becomes final. */
  keep(entry: number): void {
    Atomics.store(this.#words, entry * wordsPerEntry, 0);
    this.#free.push(entry);
  }

  /** The call does not count. */
  giveBack(entry: number, counters: LimitCounters): void {
    giveBackEntry(this.#words, entry, counters);
    this.keep(entry);
  }
}

/** Gives back everything that a dead thread held. Answers how many calls that were. */
export function giveBackAll(buffer: SharedArrayBuffer, counters: LimitCounters): number {
  const words = new Int32Array(buffer);
  let given = 0;
  for (let entry = 0; entry < words.length / wordsPerEntry; entry++) {
    if (Atomics.load(words, entry * wordsPerEntry) === 0) continue;
    giveBackEntry(words, entry, counters);
    Atomics.store(words, entry * wordsPerEntry, 0);
    given++;
  }
  return given;
}

function giveBackEntry(words: Int32Array, entry: number, counters: LimitCounters): void {
  const at = entry * wordsPerEntry;
  const slot = words[at]! - 1;
  for (let period = 0; period < quotaPeriods.length; period++) counters.giveBack(slot, period, words[at + 2 + period]!);
  if (words[at + 1]! > 0) counters.giveBack(words[at + 1]! - 1, dayPeriod, words[at + 2 + dayPeriod]!);
}
