import { sql } from 'kysely';
import type { Query } from '../store/database.ts';
import { cohort, type CohortFilter } from './cohort.ts';

export interface TimeToFirstCall {
  /** ms from sign-up to the first success, by nearest rank: a time that a consumer really took. Null when nobody has one. */
  medianMs: number | null;
  p90Ms: number | null;
  reached: number;
  without: number;
  /** reached / all; null without any consumer. */
  share: number | null;
}

/** How long newcomers took to their first successful call from their own code, test or live, with any product. */
export async function timeToFirstCall(query: Query, filter: CohortFilter): Promise<TimeToFirstCall> {
  const count = async (rows: ReturnType<typeof cohort>): Promise<number> => Number((await rows.select((eb) => eb.fn.countAll().as('count')).executeTakeFirstOrThrow()).count);
  const those = cohort(query, filter).where('consumer.first_success_at', 'is not', null);
  const all = await count(cohort(query, filter));
  const reached = await count(those);
  const elapsed = sql<number>`case when first_success_at < created_at then 0 else first_success_at - created_at end`;
  const atRank = async (quantile: number): Promise<number | null> => {
    if (reached === 0) return null;
    const row = await those.select(elapsed.as('ms')).orderBy('ms').offset(nearestRank(quantile, reached) - 1).limit(1).executeTakeFirst();
    return row ? Number(row.ms) : null;
  };
  return { medianMs: await atRank(0.5), p90Ms: await atRank(0.9), reached, without: all - reached, share: all === 0 ? null : reached / all };
}

/** The smallest rank (from 1) that at least `quantile` of `count` values do not exceed. */
function nearestRank(quantile: number, count: number): number {
  return Math.max(1, Math.ceil(quantile * count));
}
