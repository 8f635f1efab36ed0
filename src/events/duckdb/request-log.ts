import type { DuckDBValue, Json } from '@duckdb/node-api';
import type { RequestEvent } from '../../domain/request-event.ts';
import type { RequestFilter } from '../event-store.ts';

export interface Statement { sql: string; values: Record<string, DuckDBValue> }

const columns = `id, admitted_at, product_id, version, operation, method, status, code, upstream_status, key_id, consumer_id, developer_id, subscription_id, plan_revision_id,
  mode, origin, request_bytes, response_bytes, duration_ms, upstream_ms, user_agent, fields, units, open`;

export function selectRequests(filter: RequestFilter): Statement {
  const values: Record<string, DuckDBValue> = { limit: BigInt(filter.limit) };
  const conditions: string[] = [];
  const where = (condition: string, given: Record<string, DuckDBValue>): void => {
    conditions.push(condition);
    Object.assign(values, given);
  };
  for (const [field, column] of [['consumerId', 'consumer_id'], ['productId', 'product_id'], ['keyId', 'key_id'], ['operation', 'operation'], ['mode', 'mode'], ['origin', 'origin']] as const) {
    const value = filter[field];
    if (value !== undefined) where(`${column} = $${field}`, { [field]: value });
  }
  if (filter.status !== undefined) where('status between $statusFrom and $statusTo', statusRange(filter.status));
  if (filter.from !== undefined) where('admitted_at >= $from', { from: BigInt(Math.ceil(filter.from)) });
  if (filter.to !== undefined) where('admitted_at < $to', { to: BigInt(Math.ceil(filter.to)) });
  if (filter.before) where('(admitted_at < $beforeAt or (admitted_at = $beforeAt and id < $beforeId))', { beforeAt: BigInt(filter.before.at), beforeId: filter.before.id });
  const condition = conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
  return { sql: `select ${columns} from request ${condition} order by admitted_at desc, id desc limit $limit`, values };
}

export function selectRequest(id: string): Statement {
  return { sql: `select ${columns} from request where id = $id limit 1`, values: { id } };
}

/** `404` is itself, `4xx` its hundred; anything else matches nothing. */
function statusRange(status: string): Record<string, DuckDBValue> {
  if (/^[1-5]xx$/.test(status)) return { statusFrom: Number(status[0]) * 100, statusTo: Number(status[0]) * 100 + 99 };
  return /^[1-5]\d\d$/.test(status) ? { statusFrom: Number(status), statusTo: Number(status) } : { statusFrom: 1, statusTo: 0 };
}

export function readRequest(row: Record<string, Json>): RequestEvent {
  return {
    id: row['id'] as string,
    at: Number(row['admitted_at']),
    productId: row['product_id'] as string,
    version: row['version'] as string | null,
    operation: row['operation'] as string | null,
    method: row['method'] as string,
    status: Number(row['status']),
    code: row['code'] as string | null,
    upstreamStatus: row['upstream_status'] === null ? null : Number(row['upstream_status']),
    keyId: row['key_id'] as string,
    consumerId: row['consumer_id'] as string,
    developerId: row['developer_id'] as string,
    subscriptionId: row['subscription_id'] as string | null,
    planRevisionId: row['plan_revision_id'] as string | null,
    mode: row['mode'] as RequestEvent['mode'],
    origin: row['origin'] as RequestEvent['origin'],
    requestBytes: Number(row['request_bytes']),
    responseBytes: Number(row['response_bytes']),
    durationMs: Number(row['duration_ms']),
    upstreamMs: row['upstream_ms'] === null ? null : Number(row['upstream_ms']),
    userAgent: row['user_agent'] as string | null,
    fields: row['fields'] as string[],
    units: JSON.parse(row['units'] as string) as Record<string, string>,
    open: row['open'] as boolean,
  };
}
