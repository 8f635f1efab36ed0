// What subscriptions with a spend cap have used of every priced meter but `requests`, in memory that every thread shares; their requests are counted by the
// quota of the billing period, whose count is exact anyway.
//
//   record, words of 64 bits:  version | whole, parts of 10^-12   for each meter
import { one, type Scaled } from '../../domain/pricing/price.ts';

const bytesMax = 1 << 28;
const firstBytes = 4_096;

export function createSpendCounters(): SharedArrayBuffer {
  return new SharedArrayBuffer(firstBytes, { maxByteLength: bytesMax });
}

/** A view on the shared records; every thread makes its own. */
export class SpendCounters {
  readonly #buffer: SharedArrayBuffer;
  #words!: BigUint64Array;

  constructor(buffer: SharedArrayBuffer) {
    this.#buffer = buffer;
    this.#look();
  }

  /** Changes with every quantity that is added. */
  version(place: number): bigint {
    this.#reach(place);
    return Atomics.load(this.#words, place);
  }

  add(place: number, meter: number, quantity: Scaled): void {
    const at = place + 1 + 2 * meter;
    this.#reach(at + 1);
    const parts = quantity % one;
    let whole = quantity / one;
    for (;;) {
      const seen = Atomics.load(this.#words, at + 1);
      const carry = seen + parts >= one;
      if (Atomics.compareExchange(this.#words, at + 1, seen, carry ? seen + parts - one : seen + parts) !== seen) continue;
      if (carry) whole += 1n;
      break;
    }
    if (whole > 0n) Atomics.add(this.#words, at, whole);
    Atomics.add(this.#words, place, 1n);
  }

  read(place: number, meter: number): Scaled {
    const at = place + 1 + 2 * meter;
    this.#reach(at + 1);
    return Atomics.load(this.#words, at) * one + Atomics.load(this.#words, at + 1);
  }

  /** Only the main thread calls it, before others know of the record. */
  set(place: number, quantities: readonly Scaled[]): void {
    quantities.forEach((quantity, meter) => {
      Atomics.store(this.#words, place + 1 + 2 * meter, quantity / one);
      Atomics.store(this.#words, place + 2 + 2 * meter, quantity % one);
    });
    Atomics.add(this.#words, place, 1n);
  }

  /** Makes room for this many words. Only the main thread calls it; the views of the others follow. @throws RangeError when there is no more */
  reserve(words: number): void {
    if (words * 8 <= this.#buffer.byteLength) return;
    if (words * 8 > bytesMax) throw new RangeError('there is no room for further spend caps');
    this.#buffer.grow(Math.min(bytesMax, Math.max(words * 8, this.#buffer.byteLength * 2)));
    this.#look();
  }

  #reach(place: number): void {
    if (place >= this.#words.length) this.#look();
  }

  #look(): void {
    this.#words = new BigUint64Array(this.#buffer, 0, Math.floor(this.#buffer.byteLength / 8));
  }
}
