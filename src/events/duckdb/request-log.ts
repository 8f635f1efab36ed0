import type { Json } from '@duckdb/node-api';
import type { RequestEvent } from '../../domain/request-event.ts';
import type { RequestFilter } from '../event-store.ts';
import { chosen, type Statement } from './chosen.ts';

const columns = `id, admitted_at, product_id, version, operation, method, status, code, upstream_status, key_id, consumer_id, developer_id, subscription_id, plan_revision_id,
  mode, origin, request_bytes, response_bytes, duration_ms, upstream_ms, user_agent, fields, units, open`;

export function selectRequests(filter: RequestFilter): Statement {
  const { conditions, values } = chosen(filter);
  if (filter.from !== undefined) {
    conditions.push('admitted_at >= $from');
    values['from'] = BigInt(Math.ceil(filter.from));
  }
  if (filter.to !== undefined) {
    conditions.push('admitted_at < $to');
    values['to'] = BigInt(Math.ceil(filter.to));
  }
  if (filter.before) {
    conditions.push('(admitted_at < $beforeAt or (admitted_at = $beforeAt and id < $beforeId))');
    Object.assign(values, { beforeAt: BigInt(filter.before.at), beforeId: filter.before.id });
  }
  const condition = conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
  return { sql: `select ${columns} from request ${condition} order by admitted_at desc, id desc limit $limit`, values: { ...values, limit: BigInt(filter.limit) } };
}

export function selectRequest(id: string): Statement {
  return { sql: `select ${columns} from request where id = $id limit 1`, values: { id } };
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
