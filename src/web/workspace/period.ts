const dayMs = 86_400_000;

export const periods = { '24h': { words: 'Last 24 hours', ms: dayMs, bucketMs: 3_600_000 }, '7d': { words: 'Last 7 days', ms: 7 * dayMs, bucketMs: dayMs }, '30d': { words: 'Last 30 days', ms: 30 * dayMs, bucketMs: dayMs }, '90d': { words: 'Last 90 days', ms: 90 * dayMs, bucketMs: dayMs } } as const;
export type PeriodName = keyof typeof periods;

/** The period that the address bar names, ending with the running hour or day; 30 days without one. */
export function readPeriod(url: URL, now: number): { name: PeriodName; from: number; to: number; bucketMs: number } {
  const asked = url.searchParams.get('period');
  const name = asked !== null && Object.hasOwn(periods, asked) ? (asked as PeriodName) : '30d';
  const { ms, bucketMs } = periods[name];
  const to = Math.floor(now / bucketMs) * bucketMs + bucketMs;
  return { name, from: to - ms, to, bucketMs };
}
