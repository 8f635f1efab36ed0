// Plans with approval: what waits for the producer, paged by the place of its last row in the chosen order.
import { Buffer } from 'node:buffer';
import { sql, type RawBuilder } from 'kysely';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { PlanRequest, PlanRequestSort, Plans } from '../services.ts';
import { wholeSum } from '../usage/sum-usage.ts';

const pageMax = 200;
const recentMs = 30 * 86_400_000;
const askingKinds = ['plan.requested', 'subscription.created', 'subscription.moved'];
type SortKey = 'asked' | 'consumer' | 'plan' | 'calls';
type Place = [value: string | number, id: string];

/** Subscriptions that are pending, and active ones that requested another plan. */
export async function listRequests(query: Query, { productSlug, sort = 'asked', cursor, limit = pageMax }: NonNullable<Parameters<Plans['listRequests']>[1]>, now: number): ReturnType<Plans['listRequests']> {
  const size = Math.min(Math.max(Math.trunc(limit), 1), pageMax);
  const descending = sort.startsWith('-');
  const value = sortValue(sort, now);
  let waiting = waitingRows(query);
  if (productSlug !== undefined) waiting = waiting.where('product.slug', '=', productSlug);
  const { total } = await waiting.select((eb) => eb.fn.countAll().as('total')).executeTakeFirstOrThrow();
  let rows = waiting.select([
    'subscription.id', 'subscription.consumer_id', 'subscription.created_at', 'consumer.name as consumer_name', 'product.slug as product_slug', 'product.name as product_name',
    'plan.slug as plan_slug', 'plan.name as plan_name', 'requested.slug as requested_slug', 'requested.name as requested_name', value.as('sort_value'),
  ]);
  if (cursor !== undefined) {
    const [after, id] = parsePlace(cursor, value.numeric);
    const beyond = sql.raw(descending ? '<' : '>');
    rows = rows.where(sql<boolean>`(${value.expression} ${beyond} ${after} or (${value.expression} = ${after} and ${sql.ref('subscription.id')} ${beyond} ${id}))`);
  }
  const found = await rows.orderBy(value.expression, descending ? 'desc' : 'asc').orderBy('subscription.id', descending ? 'desc' : 'asc').limit(size + 1).execute();
  const page = found.slice(0, size);
  const ids = page.map(({ id }) => id);
  const [asked, calls] = [await listAsked(query, ids), await countCalls(query, ids, now)];
  const last = found.length > size ? page.at(-1)! : undefined;
  return {
    total: Number(total), nextCursor: last ? writePlace([value.numeric ? Number(last.sort_value) : String(last.sort_value), last.id]) : null,
    requests: page.map((row): PlanRequest => ({
      subscriptionId: row.id, consumerId: row.consumer_id, consumerName: row.consumer_name, productSlug: row.product_slug, productName: row.product_name,
      planSlug: row.requested_slug ?? row.plan_slug, planName: row.requested_name ?? row.plan_name, presentPlan: row.requested_slug === null ? null : row.plan_name,
      requestedAt: asked.get(row.id)?.at ?? row.created_at, requestedBy: asked.get(row.id)?.actor ?? null, ...(calls.get(row.id) ?? { calls30d: '0', callsEver: '0' }),
    })),
  };
}

function waitingRows(query: Query) {
  return query
    .selectFrom('subscription')
    .innerJoin('consumer', 'consumer.id', 'subscription.consumer_id')
    .innerJoin('product', 'product.id', 'subscription.product_id')
    .innerJoin('plan', 'plan.id', 'subscription.plan_id')
    .leftJoin('plan as requested', 'requested.id', 'subscription.requested_plan_id')
    .where((eb) => eb.or([eb('subscription.state', '=', 'pending'), eb('subscription.requested_plan_id', 'is not', null)]));
}

/** What a row is sorted by, the same in the list, its order and its cursor. */
function sortValue(sort: PlanRequestSort, now: number): { numeric: boolean; expression: RawBuilder<string | number>; as(name: 'sort_value'): ReturnType<RawBuilder<string | number>['as']> & { readonly alias: 'sort_value' } } {
  const key = sort.replace(/^-/, '') as SortKey;
  const since = Math.floor((now - recentMs) / 3_600_000) * 3_600_000;
  const expressions: Record<SortKey, RawBuilder<string | number>> = {
    asked: sql<number>`coalesce((select max(activity.at) from activity where activity.consumer_id = subscription.consumer_id and activity.subject = subscription.id and activity.kind in (${sql.join(askingKinds)})), subscription.created_at)`,
    consumer: sql<string>`lower(consumer.name)`,
    plan: sql<string>`lower(coalesce(requested.name, plan.name))`,
    calls: sql<number>`cast((select ${wholeSum} from usage where usage.subscription_id = subscription.id and usage.meter = 'requests' and usage.mode = 'live' and usage.hour >= ${since}) as bigint)`,
  };
  const expression = expressions[key];
  if (expression === undefined) throw new AppError('input_invalid', `Requests cannot be sorted by "${sort}".`, { errors: [{ pointer: '/sort', detail: `must be one of ${Object.keys(expressions).join(', ')}, with - for the greatest first` }] });
  return { numeric: key === 'asked' || key === 'calls', expression, as: (name) => expression.as(name) as never };
}

function writePlace(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

function parsePlace(cursor: string, numeric: boolean): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(place) && place.length === 2 && typeof place[0] === (numeric ? 'number' : 'string') && typeof place[1] === 'string') return place as Place;
  } catch {
    // Refused below.
  }
  throw new AppError('input_invalid', 'The cursor is not one that was given out here.', { errors: [{ pointer: '/cursor', detail: 'is not valid' }] });
}

/** When each subscription asked last, and who did, by the accounts' own logs. */
async function listAsked(query: Query, ids: string[]): Promise<Map<string, { at: number; actor: string }>> {
  if (ids.length === 0) return new Map();
  const rows = await query.selectFrom('activity').select(['subject', 'at', 'actor']).where('subject', 'in', ids).where('kind', 'in', askingKinds).orderBy('id').execute();
  return new Map(rows.map((row) => [row.subject!, { at: row.at, actor: row.actor }]));
}

async function countCalls(query: Query, ids: string[], now: number): Promise<Map<string, { calls30d: string; callsEver: string }>> {
  if (ids.length === 0) return new Map();
  const since = Math.floor((now - recentMs) / 3_600_000) * 3_600_000;
  const sums = (from: number) => query.selectFrom('usage').select(['usage.subscription_id', wholeSum.as('calls')]).where('usage.subscription_id', 'in', ids).where('usage.meter', '=', sql.lit('requests')).where('usage.mode', '=', 'live').where('usage.hour', '>=', from).groupBy('usage.subscription_id').execute();
  const [ever, recent] = [await sums(0), new Map((await sums(since)).map((row) => [row.subscription_id, row.calls]))];
  return new Map(ever.map((row) => [row.subscription_id, { callsEver: row.calls, calls30d: recent.get(row.subscription_id) ?? '0' }]));
}
