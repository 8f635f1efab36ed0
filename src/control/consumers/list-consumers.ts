// The list of consumers: found, filtered and sorted by the store, a page at a time.
import { Buffer } from 'node:buffer';
import { sql } from 'kysely';
import type { RawBuilder, SqlBool } from 'kysely';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { Consumers, ConsumerSort, ConsumerState } from '../services.ts';
import { consumerColumns, type ConsumerRow } from './consumer-queries.ts';

const dayMs = 86_400_000;
/** Who signed up longer ago than this and has had no successful call is stalled. */
export const stalledAfterMs = dayMs;
/** Who called with success within this is active; calls are counted over it. */
export const activeWithinMs = 30 * dayMs;

export type ConsumerFilter = Omit<Parameters<Consumers['list']>[1], 'limit'>;
interface Position { value: number; id: string }

/** One row more than `limit` when there are more. Undefined values (no call yet) come last in either order. */
export async function listConsumerRows(query: Query, filter: ConsumerFilter, { limit, now }: { limit: number; now: number }): Promise<(ConsumerRow & { sort_value: number })[]> {
  const sort = filter.sort ?? '-created';
  const descending = sort.startsWith('-');
  const value = sortValue(sort.replace('-', '') as Exclude<ConsumerSort, `-${string}`>, descending, now);
  let matching = query.selectFrom('consumer').select(consumerColumns).select(value.as('sort_value'));
  if (filter.search) matching = matching.where(matches(filter.search));
  if (filter.email !== undefined) matching = matching.where(hasDeveloper(filter.email));
  if (filter.origin !== undefined) matching = matching.where('origin', '=', filter.origin as ConsumerRow['origin']);
  if (filter.since !== undefined) matching = matching.where('created_at', '>=', filter.since);
  if (filter.state !== undefined) matching = matching.where(isInState(filter.state, now));
  if (filter.productSlug !== undefined || filter.planSlug !== undefined) matching = matching.where(subscribes(filter));

  let rows = query.selectFrom(matching.as('found')).selectAll();
  if (filter.cursor !== undefined) {
    const { value: from, id } = readPosition(filter.cursor);
    const beyond = descending ? '<' : '>';
    rows = rows.where((eb) => eb.or([eb('sort_value', beyond, from), eb.and([eb('sort_value', '=', from), eb('id', beyond, id)])]));
  }
  const order = descending ? 'desc' : 'asc';
  return rows.orderBy('sort_value', order).orderBy('id', order).limit(limit + 1).execute();
}

/** Where the next page begins. */
export function positionAfter(row: { sort_value: number; id: string }): string {
  return Buffer.from(JSON.stringify([Number(row.sort_value), row.id])).toString('base64url');
}

function readPosition(cursor: string): Position {
  try {
    const [value, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [unknown, unknown];
    if (typeof value === 'number' && typeof id === 'string') return { value, id };
  } catch { /* not one of ours, as below */ }
  throw new AppError('input_invalid', 'This page of the list does not exist. Begin with the first one.', { errors: [{ pointer: '/cursor', detail: 'is not a cursor of this list' }] });
}

function sortValue(sort: Exclude<ConsumerSort, `-${string}`>, descending: boolean, now: number): RawBuilder<number> {
  const unknown = sql.lit(descending ? -1 : Number.MAX_SAFE_INTEGER);
  switch (sort) {
    case 'created': return sql<number>`consumer.created_at`;
    case 'active': return sql<number>`coalesce((select max(key.last_used_at) from ${sql.table('key')} where key.consumer_id = consumer.id), ${unknown})`;
    case 'ttfc': return sql<number>`case when consumer.origin = 'sign-up' and consumer.first_success_at is not null then consumer.first_success_at - consumer.created_at else ${unknown} end`;
    case 'calls': return callsSince(now - activeWithinMs);
  }
}

/** Requests by the ledger, live and test; its quantities of this meter are whole. */
function callsSince(from: number): RawBuilder<number> {
  return sql<number>`coalesce((select cast(sum(cast(usage.quantity as bigint)) as bigint) from usage inner join subscription on subscription.id = usage.subscription_id
    where subscription.consumer_id = consumer.id and usage.meter = 'requests' and usage.hour >= ${from}), 0)`;
}

export async function countCalls(query: Query, consumerIds: string[], now: number): Promise<Map<string, number>> {
  if (consumerIds.length === 0) return new Map();
  const rows = await query.selectFrom('usage').innerJoin('subscription', 'subscription.id', 'usage.subscription_id')
    .select(['subscription.consumer_id', sql<number>`cast(sum(cast(usage.quantity as bigint)) as bigint)`.as('calls')])
    .where('subscription.consumer_id', 'in', consumerIds).where('usage.meter', '=', 'requests').where('usage.hour', '>=', now - activeWithinMs)
    .groupBy('subscription.consumer_id').execute();
  return new Map(rows.map((row) => [row.consumer_id, Number(row.calls)]));
}

/** Part of a name or address, in any case; the last four characters of a key, or how a key is shown; an id. */
function matches(search: string): RawBuilder<SqlBool> {
  const escaped = search.replaceAll(/[\\%_]/g, (character) => `\\${character}`);
  const pattern = `%${escaped.toLowerCase()}%`;
  const byKey = /^[0-9A-Za-z]{4}$/.test(search) ? `%...${escaped}` : /\.\.\.[0-9A-Za-z]{4}$/.test(search) ? escaped : undefined;
  const options: RawBuilder<SqlBool>[] = [
    sql<SqlBool>`lower(consumer.name) like ${pattern} escape '\\'`,
    sql<SqlBool>`consumer.id = ${search}`,
    sql<SqlBool>`exists (select 1 from developer where developer.consumer_id = consumer.id and developer.removed_at is null and developer.email like ${pattern} escape '\\')`,
    sql<SqlBool>`exists (select 1 from ${sql.table('key')} where key.consumer_id = consumer.id and key.id = ${search})`,
  ];
  if (byKey !== undefined) options.push(sql<SqlBool>`exists (select 1 from ${sql.table('key')} where key.consumer_id = consumer.id and key.origin = 'own' and key.masked like ${byKey} escape '\\')`);
  return sql<SqlBool>`(${sql.join(options, sql` or `)})`;
}

function hasDeveloper(email: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (select 1 from developer where developer.consumer_id = consumer.id and developer.removed_at is null and developer.email = ${email.trim().toLowerCase()})`;
}

function isInState(state: ConsumerState, now: number): RawBuilder<SqlBool> {
  switch (state) {
    case 'blocked': return sql<SqlBool>`consumer.blocked_at is not null`;
    case 'unverified': return sql<SqlBool>`consumer.verified_at is null`;
    case 'stalled': return sql<SqlBool>`(consumer.first_success_at is null and consumer.created_at < ${now - stalledAfterMs})`;
    case 'active': return sql<SqlBool>`exists (select 1 from usage inner join subscription on subscription.id = usage.subscription_id
      where subscription.consumer_id = consumer.id and usage.meter = 'successes' and usage.mode = 'live' and usage.hour >= ${now - activeWithinMs})`;
  }
}

function subscribes({ productSlug, planSlug }: ConsumerFilter): RawBuilder<SqlBool> {
  const product = productSlug === undefined ? sql`` : sql` and product.slug = ${productSlug}`;
  const plan = planSlug === undefined ? sql`` : sql` and plan.slug = ${planSlug}`;
  return sql<SqlBool>`exists (select 1 from subscription inner join product on product.id = subscription.product_id inner join plan on plan.id = subscription.plan_id
    where subscription.consumer_id = consumer.id and subscription.state <> 'ended'${product}${plan})`;
}
