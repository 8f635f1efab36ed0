import type { EventStore, VolumeFilter } from '../event-store.ts';
import { chosen, type Statement } from './chosen.ts';

/** Counts per bucket and class of status. */
export function selectVolume(filter: VolumeFilter): Statement {
  const { condition, values } = within(filter);
  return {
    sql: `select ${bucket} as bucket, status // 100 as class, count(*) as count from request where ${condition} group by all order by all`,
    values: { ...values, ...bucketValues(filter) },
  };
}

export function selectLatency(filter: VolumeFilter): Statement {
  const { condition, values } = within(filter);
  return { sql: `select quantile_cont(duration_ms, [0.5, 0.95, 0.99]) as quantiles from request where ${condition} and upstream_status is not null and not open`, values };
}

export function selectActiveConsumers(filter: VolumeFilter): Statement {
  const { condition, values } = within({ ...filter, mode: 'live' });
  return {
    sql: `select ${bucket} as bucket, count(distinct consumer_id) as consumers, count(distinct developer_id) as developers from request
      where ${condition} and origin = 'own' and (upstream_status between 200 and 299 or upstream_status in (101, 304)) group by all order by all`,
    values: { ...values, ...bucketValues(filter) },
  };
}

export function selectRefusals(filter: { productId?: string; from: number; to: number; limit: number }): Statement {
  const product = filter.productId === undefined ? '' : 'and product_id = $productId';
  return {
    sql: `select code, sum(count)::bigint as count, sum(stranger)::bigint as stranger from (
        select code, count(*) as count, 0 as stranger from request where code is not null and admitted_at >= $from and admitted_at < $to ${product} group by code
        union all
        select code, sum(count), sum(count) from refusal where minute >= $from and minute < $to ${product} group by code)
      group by code order by count desc, code limit $limit`,
    values: { from: whole(filter.from), to: whole(filter.to), limit: whole(filter.limit), ...(filter.productId !== undefined && { productId: filter.productId }) },
  };
}

export function selectFirstRefusals({ productId, from, to, limit, newcomers }: Parameters<EventStore['firstRefusals']>[0]): Statement {
  const endless = Number.MAX_SAFE_INTEGER;
  return {
    sql: `select code, count(*) as count, count(distinct consumer_id) as consumers
      from request join (select unnest(string_split($ids, ',')) as newcomer, unnest(cast(string_split($untils, ',') as bigint[])) as until) on consumer_id = newcomer
      where code is not null and origin = 'own' and admitted_at >= $from and admitted_at < $to and admitted_at < until ${productId === undefined ? '' : 'and product_id = $productId'}
      group by code order by count desc, code limit $limit`,
    values: {
      from: whole(from), to: whole(to), limit: whole(limit), ids: newcomers.map(({ consumerId }) => consumerId).join(','), untils: newcomers.map(({ until }) => String(Math.ceil(until ?? endless))).join(','),
      ...(productId !== undefined && { productId }),
    },
  };
}

export const bucket = '$first + (admitted_at - $first) // $width * $width';

export function bucketValues({ from, bucketMs }: VolumeFilter): Record<string, bigint> {
  return { first: whole(from), width: whole(bucketMs) };
}

export function within(filter: VolumeFilter): { condition: string; values: Statement['values'] } {
  const { conditions, values } = chosen(filter);
  return { condition: ['admitted_at >= $from', 'admitted_at < $to', ...conditions].join(' and '), values: { ...values, from: whole(filter.from), to: whole(filter.to) } };
}

function whole(value: number): bigint {
  return BigInt(Math.ceil(value));
}
