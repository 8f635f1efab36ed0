// The main thread's side of spend caps: gives each subscription that has one its record, and restores what it has used into it.
import { scaleDecimal } from '../domain/decimal.ts';
import { isOfSource, sourceOf } from '../domain/pricing/meter-quantities.ts';
import { pricePlaces, type Scaled } from '../domain/pricing/price.ts';
import type { RebuiltCounters } from '../metering/rebuild-counters.ts';
import type { SpendCap } from '../snapshot/snapshot.ts';
import { spendMeters } from './routing/compile-spend-cap.ts';
import { createSpendCounters, SpendCounters } from './shared/spend-counters.ts';

interface Known { place: number; words: number; from: number; meters: string }

export class SpendKeeper {
  readonly buffer = createSpendCounters();
  readonly #counters = new SpendCounters(this.buffer);
  readonly #known = new Map<string, Known>();
  readonly #rebuilt = new Map<string, RebuiltCounters['spending'][number]>();
  readonly #free = new Map<number, number[]>();
  #words = 0;

  constructor(rebuilt: RebuiltCounters['spending']) {
    for (const spending of rebuilt) this.#rebuilt.set(spending.subscriptionId, spending);
  }

  /** Where what it has used is counted: since the last start exactly, for a cap that is new as far as the ledger has come. */
  placeOf(subscriptionId: string, cap: SpendCap): number {
    const meters = spendMeters(cap);
    const names = JSON.stringify(meters);
    const known = this.#known.get(subscriptionId);
    if (known?.from === cap.from && known.meters === names) return known.place;
    const words = 1 + 2 * meters.length;
    const stays = known?.words === words;
    if (known && !stays) this.#release(known);
    const place = stays ? known.place : this.#allocate(words);
    this.#counters.set(place, this.#usedOf(subscriptionId, cap, meters));
    this.#known.set(subscriptionId, { place, words, from: cap.from, meters: names });
    return place;
  }

  /** Its cap was taken away. */
  forget(subscriptionId: string): void {
    const known = this.#known.get(subscriptionId);
    if (!known) return;
    this.#known.delete(subscriptionId);
    this.#release(known);
  }

  #usedOf(subscriptionId: string, cap: SpendCap, meters: ReturnType<typeof spendMeters>): Scaled[] {
    const rebuilt = this.#rebuilt.get(subscriptionId);
    const isPresent = rebuilt?.from === cap.from;
    if (isPresent) this.#rebuilt.delete(subscriptionId);
    const rows = isPresent ? rebuilt.rows : cap.used;
    return meters.map((meter) => rows.reduce((sum, row) => sum + (isOfSource(row, sourceOf(meter)) ? scaleDecimal(row.quantity, pricePlaces) : 0n), 0n));
  }

  #allocate(words: number): number {
    // The one that has been free for longest: a call that knew its former owner has ended.
    const free = this.#free.get(words)?.shift();
    if (free !== undefined) return free;
    const place = this.#words;
    this.#counters.reserve(place + words);
    this.#words += words;
    return place;
  }

  #release({ place, words }: Known): void {
    const free = this.#free.get(words);
    if (free) free.push(place);
    else this.#free.set(words, [place]);
  }
}
