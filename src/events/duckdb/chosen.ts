import type { DuckDBValue } from '@duckdb/node-api';
import type { EventFilter } from '../event-store.ts';

export interface Statement { sql: string; values: Record<string, DuckDBValue> }

/** Columns of `request` by the name that filters and breakdowns give them. */
export const columnOf = {
  consumerId: 'consumer_id', productId: 'product_id', keyId: 'key_id', operation: 'operation', version: 'version', mode: 'mode', origin: 'origin', code: 'code', status: 'status',
} as const;

/** The conditions that a filter sets, times apart. */
export function chosen(filter: EventFilter): { conditions: string[]; values: Statement['values'] } {
  const conditions: string[] = [];
  const values: Statement['values'] = {};
  for (const field of ['consumerId', 'productId', 'keyId', 'operation', 'version', 'mode', 'origin', 'code'] as const) {
    const value = filter[field];
    if (value === undefined) continue;
    conditions.push(`${columnOf[field]} = $${field}`);
    values[field] = value;
  }
  if (filter.status !== undefined) {
    conditions.push('status between $statusFrom and $statusTo');
    Object.assign(values, statusRange(filter.status));
  }
  return { conditions, values };
}

/** `404` is itself, `4xx` its hundred; anything else matches nothing. */
function statusRange(status: string): Statement['values'] {
  if (/^[1-5]xx$/.test(status)) return { statusFrom: Number(status[0]) * 100, statusTo: Number(status[0]) * 100 + 99 };
  return /^[1-5]\d\d$/.test(status) ? { statusFrom: Number(status), statusTo: Number(status) } : { statusFrom: 1, statusTo: 0 };
}
