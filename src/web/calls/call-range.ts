// The stretch of time that a page is about, as the address bar names it: a preset that ends now, or two UTC dates.
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const longestDays = 366;

export const presets = ['24h', '7d', '30d'] as const;
export type Preset = (typeof presets)[number];

export interface CallRange {
  preset: Preset | 'custom';
  /** ms UTC, half-open; both on a bucket's edge. */
  from: number;
  to: number;
  bucketMs: number;
  /** The stretch of the same length before it. */
  previous: { from: number; to: number };
  /** As much of the stretch before as has passed of this one: only so can the two be compared. */
  comparable: { from: number; to: number };
  /** The dates of a custom range, both included; what the fields of the form hold. */
  dates: { from: string; to: string };
}

/** Reads `range`, `from` and `to`; what cannot be read is the preset. */
export function readRange(search: URLSearchParams, now: number, usual: Preset = '30d'): CallRange {
  const range = search.get('range') ?? '';
  const first = parseDate(search.get('from'));
  const last = parseDate(search.get('to'));
  if (range === 'custom' && first !== undefined && last !== undefined && last >= first) {
    const from = Math.max(first, last - (longestDays - 1) * dayMs);
    return rangeOf('custom', from, last + dayMs, last + dayMs - from <= 2 * dayMs ? hourMs : dayMs, now);
  }
  const preset = presets.find((name) => name === range) ?? usual;
  if (preset === '24h') {
    const to = (Math.floor(now / hourMs) + 1) * hourMs;
    return rangeOf(preset, to - dayMs, to, hourMs, now);
  }
  const to = (Math.floor(now / dayMs) + 1) * dayMs;
  return rangeOf(preset, to - (preset === '7d' ? 7 : 30) * dayMs, to, dayMs, now);
}

/** The start of each bucket. */
export function bucketsOf({ from, to, bucketMs }: Pick<CallRange, 'from' | 'to' | 'bucketMs'>): number[] {
  return Array.from({ length: Math.ceil((to - from) / bucketMs) }, (_, index) => from + index * bucketMs);
}

function rangeOf(preset: CallRange['preset'], from: number, to: number, bucketMs: number, now: number): CallRange {
  const length = to - from;
  const passed = Math.max(1, Math.min(now, to) - from);
  return {
    preset, from, to, bucketMs, previous: { from: from - length, to: from }, comparable: { from: from - length, to: from - length + passed },
    dates: { from: isoDate(from), to: isoDate(to - 1) },
  };
}

function parseDate(text: string | null): number | undefined {
  if (text === null || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(ms) || ms < 0 || isoDate(ms) !== text ? undefined : ms;
}

function isoDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
