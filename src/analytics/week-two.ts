import { sql } from 'kysely';
import type { Query } from '../store/database.ts';
import { cohort, type CohortFilter } from './cohort.ts';

const weekMs = 7 * 86_400_000;
const hourMs = 3_600_000;

/** Of the cohort: those with a live success on days 8 to 14 after their sign-up. The ledger counts by the hour: the first hour is whole. */
export function activeInWeekTwo(query: Query, filter: CohortFilter) {
  return cohort(query, filter).where((eb) => {
    let live = eb
      .selectFrom('subscription')
      .innerJoin('usage', 'usage.subscription_id', 'subscription.id')
      .select('subscription.id')
      .whereRef('subscription.consumer_id', '=', 'consumer.id')
      .where('usage.meter', '=', 'successes')
      .where('usage.mode', '=', 'live')
      .where('usage.hour', '>', sql<number>`consumer.created_at + ${sql.lit(weekMs - hourMs)}`)
      .where('usage.hour', '<', sql<number>`consumer.created_at + ${sql.lit(2 * weekMs)}`);
    if (filter.productId !== undefined) live = live.where('subscription.product_id', '=', filter.productId);
    return eb.exists(live);
  });
}

/** Those who signed up long enough ago that their second week is over. */
export function pastWeekTwo({ productId, from, to }: CohortFilter, now: number): CohortFilter {
  return { productId, from, to: Math.max(from, Math.min(to, now - 2 * weekMs)) };
}
