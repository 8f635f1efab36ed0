/** `second`, `minute`, `hour` make a rate (GCRA); the others make a quota over a UTC calendar window or the billing period. */
export const ratePeriods = ['second', 'minute', 'hour'] as const;
export const quotaPeriods = ['day', 'week', 'month', 'year', 'period'] as const;
export type RatePeriod = (typeof ratePeriods)[number];
export type QuotaPeriod = (typeof quotaPeriods)[number];

export interface Limit {
  name: string;
  /** Requests that pass per period: a positive whole number. */
  requests: number;
  per: RatePeriod | QuotaPeriod;
}

/** A plan has at most this many rates: the shared counters of a subscription have a fixed place for each. */
export const ratesPerPlanMax = 8;

export const ratePeriodMs: Record<RatePeriod, number> = { second: 1_000, minute: 60_000, hour: 3_600_000 };

export function isRate(limit: Limit): limit is Limit & { per: RatePeriod } {
  return (ratePeriods as readonly string[]).includes(limit.per);
}

/** A consumer whose developer has not verified an e-mail address gets this many requests per UTC day and mode. */
export const unverifiedLimit: Limit = { name: 'unverified', requests: 100, per: 'day' };
