import type { Json } from '@duckdb/node-api';
import type { BreakdownFilter, BreakdownRow, LatencyRow, Quantiles, VolumeFilter } from '../event-store.ts';
import { columnOf, type Statement } from './chosen.ts';
import { bucket, bucketValues, within } from './volume.ts';

const answered = 'upstream_status is not null and not open';

/** The values with the most calls in the range keep their name; what is beyond them is summed up. */
export function selectBreakdown(filter: BreakdownFilter): Statement {
  const { condition, values } = within(filter);
  const column = columnOf[filter.by];
  return {
    sql: `with chosen as (select ${bucket} as bucket, ${column}::varchar as name, status, duration_ms, ${answered} as answered from request where ${condition}),
        ranked as (select name, row_number() over (order by count(*) desc, name nulls last) as rank from chosen group by name)
      select bucket, case when rank <= $valuesMax then chosen.name end as name, rank > $valuesMax as rest, count(*) as count, count(*) filter (where status >= 400) as failed,
        quantile_cont(duration_ms, 0.95) filter (where answered) as p95, min(least(rank, $valuesMax + 1)) as place
      from chosen join ranked on chosen.name is not distinct from ranked.name
      group by bucket, 2, 3 order by bucket, place`,
    values: { ...values, ...bucketValues(filter), valuesMax: BigInt(filter.valuesMax) },
  };
}

export function readBreakdown(row: Record<string, Json>): BreakdownRow {
  return {
    bucket: Number(row['bucket']), value: row['name'] as string | null, rest: row['rest'] as boolean, count: Number(row['count']), failed: Number(row['failed']),
    p95: row['p95'] === null ? null : Number(row['p95']),
  };
}

export function selectLatencyByBucket(filter: VolumeFilter): Statement {
  const { condition, values } = within(filter);
  const quantiles = (expression: string): string => `quantile_cont(${expression}, [0.5, 0.95, 0.99])`;
  return {
    sql: `select ${bucket} as bucket, count(*) as answered, ${quantiles('duration_ms')} as whole, ${quantiles('upstream_ms')} as upstream, ${quantiles('duration_ms - upstream_ms')} as gateway
      from request where ${condition} and ${answered} group by all order by bucket`,
    values: { ...values, ...bucketValues(filter) },
  };
}

export function readLatency(row: Record<string, Json>): LatencyRow {
  return { bucket: Number(row['bucket']), answered: Number(row['answered']), whole: readQuantiles(row['whole']), upstream: readQuantiles(row['upstream']), gateway: readQuantiles(row['gateway']) };
}

export function readQuantiles(value: Json | undefined): Quantiles {
  const [p50, p95, p99] = (value as number[] | null | undefined) ?? [];
  return { p50: p50 ?? null, p95: p95 ?? null, p99: p99 ?? null };
}
