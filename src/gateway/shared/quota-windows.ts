import { quotaPeriods, type QuotaPeriod } from '../../domain/limit.ts';
import { windowAt, type Window } from '../../domain/window.ts';

/** The windows that hold an instant, in the order of `quotaPeriods`. */
export type QuotaWindows = readonly Window[];

const anchorsMax = 1_000;

interface Present { windows: QuotaWindows; /** While all of them last. */ from: number; to: number }

/** Remembers the present windows of each anchor, so that a request computes no calendar. */
export class QuotaWindowCache {
  readonly #byAnchor = new Map<number, Present>();

  at(nowMs: number, anchorMs: number): QuotaWindows {
    const known = this.#byAnchor.get(anchorMs);
    if (known !== undefined && nowMs >= known.from && nowMs < known.to) return known.windows;
    const windows = quotaPeriods.map((period) => windowAt(period, nowMs, anchorMs));
    if (known === undefined && this.#byAnchor.size >= anchorsMax) this.#byAnchor.clear();
    this.#byAnchor.set(anchorMs, { windows, from: Math.max(...windows.map(({ from }) => from)), to: Math.min(...windows.map(({ to }) => to)) });
    return windows;
  }
}

export function periodIndex(period: QuotaPeriod): number {
  return quotaPeriods.indexOf(period);
}
