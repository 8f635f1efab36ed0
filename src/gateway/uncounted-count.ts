import { joinUncounted, type UncountedCalls } from '../domain/uncounted.ts';

/** What was served and not recorded, by product, until somebody takes it. */
export class UncountedCount {
  readonly #byProduct = new Map<string, UncountedCalls>();

  add(calls: UncountedCalls): void {
    const before = this.#byProduct.get(calls.productId);
    this.#byProduct.set(calls.productId, before ? joinUncounted(before, calls) : calls);
  }

  /** Everything so far, and forgets it. */
  take(): UncountedCalls[] {
    const all = [...this.#byProduct.values()];
    this.#byProduct.clear();
    return all;
  }
}
