import type { Query } from '../store/database.ts';
import { cohort, type CohortFilter } from './cohort.ts';

const weekMs = 7 * 86_400_000;

/** How many of the cohort had a live success in the 7 days before `to`. The ledger counts by the hour: the first hour is whole. */
export async function weeklyActive(query: Query, filter: CohortFilter): Promise<number> {
  const since = Math.floor((filter.to - weekMs) / 3_600_000) * 3_600_000;
  const row = await cohort(query, filter)
    .where((eb) => {
      let live = eb
        .selectFrom('subscription')
        .innerJoin('usage', 'usage.subscription_id', 'subscription.id')
        .select('subscription.id')
        .whereRef('subscription.consumer_id', '=', 'consumer.id')
        .where('usage.meter', '=', 'successes')
        .where('usage.mode', '=', 'live')
        .where('usage.hour', '>=', since)
        .where('usage.hour', '<', filter.to);
      if (filter.productId !== undefined) live = live.where('subscription.product_id', '=', filter.productId);
      return eb.exists(live);
    })
    .select((eb) => eb.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
