import { quotaPeriods, type QuotaPeriod } from '../../domain/limit.ts';
import { windowAt, type Window } from '../../domain/window.ts';

/** The windows that hold an instant, in the order of `quotaPeriods`. */
export type QuotaWindows = readonly Window[];

/** Remembers the present windows of each anchor day, so that a request computes no calendar. */
export class QuotaWindowCache {
  readonly #byAnchorDay: (QuotaWindows | undefined)[] = [];

  at(nowMs: number, anchorMs: number): QuotaWindows {
    const day = new Date(anchorMs).getUTCDate();
    const known = this.#byAnchorDay[day];
    if (known?.every((window) => nowMs >= window.from && nowMs < window.to)) return known;
    const windows = quotaPeriods.map((period) => windowAt(period, nowMs, anchorMs));
    this.#byAnchorDay[day] = windows;
    return windows;
  }
}

export function periodIndex(period: QuotaPeriod): number {
  return quotaPeriods.indexOf(period);
}
