import type { Selectable } from 'kysely';
import type { Query } from '../../store/database.ts';
import type { Tables } from '../../store/tables.ts';
import type { ConsumerSummary, DeveloperSummary } from '../services.ts';

export const consumerColumns = ['id', 'name', 'origin', 'created_at', 'blocked_at', 'verified_at', 'first_key_at', 'first_success_at', 'first_live_success_at'] as const;

export async function findConsumerRow(query: Query, id: string): Promise<ConsumerRow | undefined> {
  return query.selectFrom('consumer').select(consumerColumns).where('id', '=', id).executeTakeFirst();
}

/** Adds what other tables know about these consumers, with one statement per table. */
export async function summariseConsumers(query: Query, rows: ConsumerRow[]): Promise<ConsumerSummary[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const [developers, used, plans] = await Promise.all([
    query.selectFrom('developer').select((eb) => ['consumer_id', eb.fn.countAll<number>().as('count')]).where('consumer_id', 'in', ids).where('removed_at', 'is', null).groupBy('consumer_id').execute(),
    query.selectFrom('key').select((eb) => ['consumer_id', eb.fn.max('last_used_at').as('at')]).where('consumer_id', 'in', ids).groupBy('consumer_id').execute(),
    query.selectFrom('subscription').innerJoin('plan', 'plan.id', 'subscription.plan_id').select(['subscription.consumer_id', 'plan.name']).where('subscription.consumer_id', 'in', ids).where('subscription.state', '=', 'active').orderBy('subscription.id').execute(),
  ]);
  const developersOf = new Map(developers.map((row) => [row.consumer_id, Number(row.count)]));
  const usedOf = new Map(used.map((row) => [row.consumer_id, row.at]));
  const plansOf = Map.groupBy(plans, (row) => row.consumer_id);
  return rows.map((row) => ({
    id: row.id, name: row.name, origin: row.origin, createdAt: row.created_at, blockedAt: row.blocked_at, verified: row.verified_at !== null,
    developers: developersOf.get(row.id) ?? 0,
    firstKeyAt: row.first_key_at, firstSuccessAt: row.first_success_at, firstLiveSuccessAt: row.first_live_success_at,
    // Only who signed up has a sign-up to count from.
    ttfcMs: row.origin === 'sign-up' && row.first_success_at !== null ? row.first_success_at - row.created_at : null,
    lastActiveAt: usedOf.get(row.id) ?? null,
    plans: [...new Set((plansOf.get(row.id) ?? []).map((plan) => plan.name))],
  }));
}

export async function listDeveloperRows(query: Query, consumerId: string): Promise<Omit<DeveloperSummary, 'you'>[]> {
  const rows = await query.selectFrom('developer').leftJoin('user', 'user.id', 'developer.user_id')
    .select(['developer.id', 'developer.email', 'user.name', 'user.emailVerified', 'developer.created_at']).where('consumer_id', '=', consumerId).where('removed_at', 'is', null).orderBy('developer.id').limit(1000).execute();
  return rows.map((row) => ({ id: row.id, email: row.email, name: row.name, createdAt: row.created_at, verified: Boolean(row.emailVerified) }));
}

export type ConsumerRow = Pick<Selectable<Tables['consumer']>, (typeof consumerColumns)[number]>;
