import type { QuotaPeriod } from './limit.ts';

/** A half-open stretch of time [from, to) in ms UTC; `ordinal` counts the windows of its kind and grows by one from each to the next. */
export interface Window {
  ordinal: number;
  from: number;
  to: number;
}

const dayMs = 86_400_000;

/**
 * The quota window that holds `atMs`. Days, ISO weeks (Monday), months and years are UTC calendar windows;
 * `period` is the monthly billing period that starts on the anchor's day (an anchor on the 31st keeps its day: 31 Jan, 29 Feb, 31 Mar).
 * @param anchorMs UTC midnight of the subscription's billing anchor; only `period` reads it.
 */
export function windowAt(period: QuotaPeriod, atMs: number, anchorMs: number): Window {
  const date = new Date(atMs);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  switch (period) {
    case 'day': {
      const ordinal = Math.floor(atMs / dayMs);
      return { ordinal, from: ordinal * dayMs, to: (ordinal + 1) * dayMs };
    }
    case 'week': {
      // 1970-01-01 was a Thursday, so Mondays fall on days 4, 11, ...
      const ordinal = Math.floor((atMs / dayMs + 3) / 7);
      return { ordinal, from: (ordinal * 7 - 3) * dayMs, to: (ordinal * 7 + 4) * dayMs };
    }
    case 'month':
      return { ordinal: (year - 1970) * 12 + month, from: Date.UTC(year, month, 1), to: Date.UTC(year, month + 1, 1) };
    case 'year':
      return { ordinal: year - 1970, from: Date.UTC(year, 0, 1), to: Date.UTC(year + 1, 0, 1) };
    case 'period': {
      const day = new Date(anchorMs).getUTCDate();
      const start = anchoredDay(year, month, day);
      const ordinal = (year - 1970) * 12 + month + (atMs >= start ? 0 : -1);
      return { ordinal, from: periodStart(ordinal, day), to: periodStart(ordinal + 1, day) };
    }
  }
}

function periodStart(ordinal: number, day: number): number {
  return anchoredDay(1970 + Math.floor(ordinal / 12), ((ordinal % 12) + 12) % 12, day);
}

/** UTC midnight of `day` in that month, or of the month's last day where it is shorter. */
function anchoredDay(year: number, month: number, day: number): number {
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(day, last));
}
