import type { Query } from '../store/database.ts';
import { cohort, type CohortFilter } from './cohort.ts';
import { weeklyActive } from './weekly-active.ts';

export type FunnelStep = 'signed-up' | 'key-made' | 'first-call' | 'first-success' | 'weekly-active';

/** Of those who signed up in the period, how many came how far by now. A call that was refused is a first call too. */
export async function funnel(query: Query, filter: CohortFilter): Promise<{ step: FunnelStep; consumers: number }[]> {
  const count = async (rows: ReturnType<typeof cohort>): Promise<number> => Number((await rows.select((eb) => eb.fn.countAll().as('count')).executeTakeFirstOrThrow()).count);
  const all = cohort(query, filter);
  return [
    { step: 'signed-up', consumers: await count(all) },
    { step: 'key-made', consumers: await count(all.where('consumer.first_key_at', 'is not', null)) },
    { step: 'first-call', consumers: await count(all.where((eb) => eb.or([
      eb('consumer.first_success_at', 'is not', null),
      eb.exists(eb.selectFrom('key').select('key.id').whereRef('key.consumer_id', '=', 'consumer.id').where('key.origin', '=', 'own').where('key.last_used_at', 'is not', null)),
    ]))) },
    { step: 'first-success', consumers: await count(all.where('consumer.first_success_at', 'is not', null)) },
    { step: 'weekly-active', consumers: await weeklyActive(query, filter) },
  ];
}
