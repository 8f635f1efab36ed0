// Calls that count, as the meters count them: what the ledger can be compared with.
import type { Json } from '@duckdb/node-api';
import { addDecimals } from '../../domain/decimal.ts';
import type { EventStore, MeterTotal } from '../event-store.ts';
import type { Statement } from './chosen.ts';

type Filter = Parameters<EventStore['meterTotals']>[0];
/** Units that a sum of decimals holds exactly; the others are added up outside. */
const fits = String.raw`regexp_matches(unit.value, '^\d{1,17}(\.\d{1,12})?$')`;
const counted = `subscription_id in (select unnest(string_split($ids, ','))) and mode = 'live' and admitted_at >= $from and admitted_at < $to and upstream_status is not null and upstream_status < 500`;

export function selectMeterTotals(filter: Filter): Statement {
  return {
    sql: `select subscription_id, coalesce(operation, '') as operation, count(*)::varchar as requests,
        count(*) filter (where upstream_status between 200 and 299 or upstream_status in (101, 304))::varchar as successes, sum(request_bytes + response_bytes)::varchar as bytes
      from request where ${counted} group by all order by all`,
    values: valuesOf(filter),
  };
}

export function selectUnitTotals(filter: Filter): Statement {
  return {
    sql: `with entry as (select subscription_id, coalesce(operation, '') as operation, unnest(map_entries(cast(cast(units as json) as map(varchar, varchar)))) as pair from request where ${counted} and units <> '{}'),
      unit as (select subscription_id, operation, pair.key as name, pair.value as value from entry)
      select subscription_id, operation, name, sum(cast(unit.value as decimal(30, 12)))::varchar as quantity from unit where ${fits} group by all
      union all select subscription_id, operation, name, unit.value as quantity from unit where not ${fits}
      order by all`,
    values: valuesOf(filter),
  };
}

export function readMeterTotals(rows: Record<string, Json>[], units: Record<string, Json>[]): MeterTotal[] {
  const totals = new Map<string, MeterTotal>();
  const add = (subscriptionId: string, operation: string, meter: string, quantity: string): void => {
    if (!/^\d+(\.\d+)?$/.test(quantity)) return;
    const name = [subscriptionId, operation, meter].join('\n');
    const present = totals.get(name);
    const whole = withoutZeros(quantity);
    if (present) present.quantity = addDecimals(present.quantity, whole);
    else if (whole !== '0') totals.set(name, { subscriptionId, operation, meter, quantity: whole });
  };
  for (const row of rows) for (const meter of ['requests', 'successes', 'bytes']) add(row['subscription_id'] as string, row['operation'] as string, meter, row[meter] as string);
  for (const row of units) add(row['subscription_id'] as string, row['operation'] as string, row['name'] as string, row['quantity'] as string);
  return [...totals.values()];
}

function withoutZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

function valuesOf({ subscriptionIds, from, to }: Filter): Statement['values'] {
  return { ids: subscriptionIds.join(','), from: BigInt(Math.ceil(from)), to: BigInt(Math.ceil(to)) };
}
