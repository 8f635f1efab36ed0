// The ordered change log of credentials: a change is written in the transaction that made it and read by the bridge after its commit.
import { sql } from 'kysely';
import type { Query } from '../../store/database.ts';

/** Rows kept for gateways that come back; one that is further behind gets a new base. */
export const changesKept = 100_000;

/**
 * Notes that these keys changed, inside the caller's transaction. After its commit, call `gateways.credentialsChanged()`.
 * The store keeps the order of `seq` the order of commits: a reader that has seen a number never meets a lower one later.
 */
export async function recordCredentialChanges(query: Query, keyIds: readonly string[], now: number): Promise<void> {
  if (keyIds.length === 0) return;
  for (let start = 0; start < keyIds.length; start += 500) {
    await query.insertInto('credential_change').values(keyIds.slice(start, start + 500).map((keyId) => ({ key_id: keyId, at: now }))).execute();
  }
}

/** Notes a change of every key of a consumer: blocking, verifying, subscribing. */
export async function recordConsumerCredentialChanges(query: Query, consumerId: string, now: number): Promise<void> {
  const keys = await query.selectFrom('key').select('id').where('consumer_id', '=', consumerId).execute();
  await recordCredentialChanges(query, keys.map((key) => key.id), now);
}

export async function lastChange(query: Query): Promise<number> {
  const row = await query.selectFrom('credential_change').select((eb) => eb.fn.max('seq').as('seq')).executeTakeFirst();
  return Number(row?.seq ?? 0);
}

/** Changes after `seq`, in order; undefined when the log no longer reaches back that far, or never came that far. */
export async function listChanges(query: Query, seq: number, limit: number): Promise<{ seq: number; keyIds: string[] } | undefined> {
  const bounds = await query.selectFrom('credential_change').select((eb) => [eb.fn.min('seq').as('first'), eb.fn.max('seq').as('last')]).executeTakeFirst();
  const first = Number(bounds?.first ?? 0);
  const last = Number(bounds?.last ?? 0);
  if (seq > last || seq < first - 1) return undefined;
  const rows = await query.selectFrom('credential_change').select(['seq', 'key_id']).where('seq', '>', seq).orderBy('seq').limit(limit).execute();
  return { seq: Number(rows.at(-1)?.seq ?? seq), keyIds: [...new Set(rows.map((row) => row.key_id))] };
}

export async function forgetOldChanges(query: Query): Promise<void> {
  await query.deleteFrom('credential_change').where('seq', '<', (await lastChange(query)) - changesKept).execute();
}

/** Notes a change of every key that opens one of the chosen subscriptions. */
export async function recordSubscriptionChanges(query: Query, choose: (subscriptions: SubscriptionKeys) => SubscriptionKeys, now: number): Promise<void> {
  const keys = choose(subscriptionKeys(query)).select((eb) => [eb.ref('key_subscription.key_id').as('key_id'), sql<number>`cast(${now} as bigint)`.as('at')]).distinct();
  await query.insertInto('credential_change').columns(['key_id', 'at']).expression(keys).execute();
}

function subscriptionKeys(query: Query) {
  return query.selectFrom('key_subscription').innerJoin('subscription', 'subscription.id', 'key_subscription.subscription_id');
}

type SubscriptionKeys = ReturnType<typeof subscriptionKeys>;
