import type { Query } from '../store/database.ts';
import { cohort, type CohortFilter } from './cohort.ts';
import { activeInWeekTwo, pastWeekTwo } from './week-two.ts';

export const funnelSteps = ['signed-up', 'key-made', 'first-call', 'first-success', 'week-two'] as const;
export type FunnelStep = (typeof funnelSteps)[number];
type Cohort = ReturnType<typeof cohort>;

export interface FunnelRow {
  step: FunnelStep;
  consumers: number;
  /** To how many of the cohort the step could have happened by now: all, or for `week-two` those whose second week has begun. */
  possible: number;
}

/** Of those who signed up in the period, how many came how far by now. A call that was refused is a first call too. */
export async function funnel(query: Query, filter: CohortFilter, now: number): Promise<FunnelRow[]> {
  const all = cohort(query, filter);
  const signedUp = await countOf(all);
  const begun = { ...filter, to: Math.max(filter.from, Math.min(filter.to, now - 7 * 86_400_000)) };
  return [
    { step: 'signed-up', consumers: signedUp, possible: signedUp },
    { step: 'key-made', consumers: await countOf(all.where('consumer.first_key_at', 'is not', null)), possible: signedUp },
    { step: 'first-call', consumers: await countOf(called(all)), possible: signedUp },
    { step: 'first-success', consumers: await countOf(all.where('consumer.first_success_at', 'is not', null)), possible: signedUp },
    { step: 'week-two', consumers: await countOf(activeInWeekTwo(query, filter)), possible: await countOf(cohort(query, begun)) },
  ];
}

export interface StuckStep {
  /** The last step that they reached. */
  step: FunnelStep;
  total: number;
  /** Newest first. */
  consumers: { id: string; name: string; createdAt: number }[];
}

/** Who of the cohort came so far and no further. After a first success, who was not back in the second week, once that is over. */
export async function stuckAt(query: Query, filter: CohortFilter, { now, limit }: { now: number; limit: number }): Promise<StuckStep[]> {
  const all = cohort(query, filter);
  const noKey = all.where('consumer.first_key_at', 'is', null).where('consumer.first_success_at', 'is', null);
  const noCall = uncalled(all.where('consumer.first_key_at', 'is not', null));
  const noSuccess = called(all).where('consumer.first_success_at', 'is', null);
  const past = pastWeekTwo(filter, now);
  const notBack = cohort(query, past).where('consumer.first_success_at', 'is not', null).where('consumer.id', 'not in', activeInWeekTwo(query, past).select('consumer.id'));
  const groups: [FunnelStep, Cohort][] = [['signed-up', noKey], ['key-made', noCall], ['first-call', noSuccess], ['first-success', notBack]];
  return Promise.all(groups.map(async ([step, rows]) => ({
    step, total: await countOf(rows),
    consumers: await rows.select(['consumer.id', 'consumer.name', 'consumer.created_at as createdAt']).orderBy('consumer.created_at', 'desc').orderBy('consumer.id', 'desc').limit(limit).execute(),
  })));
}

const usedKey = (rows: Cohort, not: boolean): Cohort => rows.where((eb) => {
  const used = eb.or([
    eb('consumer.first_success_at', 'is not', null),
    eb.exists(eb.selectFrom('key').select('key.id').whereRef('key.consumer_id', '=', 'consumer.id').where('key.origin', '=', 'own').where('key.last_used_at', 'is not', null)),
  ]);
  return not ? eb.not(used) : used;
});
const called = (rows: Cohort): Cohort => usedKey(rows, false);
const uncalled = (rows: Cohort): Cohort => usedKey(rows, true);

async function countOf(rows: Cohort): Promise<number> {
  return Number((await rows.select((eb) => eb.fn.countAll().as('count')).executeTakeFirstOrThrow()).count);
}
