// A batch enters the event store in one transaction: staged in bulk, then merged by id.
import { LIST, VARCHAR, listValue } from '@duckdb/node-api';
import type { DuckDBAppender, DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { Completion, RequestEvent, StrangerRefusals } from '../../domain/request-event.ts';
import type { EventBatch } from '../event-store.ts';

/** Tables of this connection alone, without a trace in the file. */
export async function createStages(connection: DuckDBConnection): Promise<void> {
  await connection.run('create temp table staged_request as from request limit 0');
  await connection.run('create temp table staged_refusal as from refusal limit 0');
  await connection.run('create temp table staged_completion (id varchar, admitted_at bigint, request_bytes bigint, response_bytes bigint, duration_ms double, units varchar)');
}

export async function loadBatch(connection: DuckDBConnection, { requests, completions, refusals, positions }: EventBatch): Promise<void> {
  await connection.run('begin');
  try {
    if (requests.length > 0) await loadRequests(connection, requests);
    if (completions.length > 0) await loadCompletions(connection, completions);
    if (refusals.length > 0) await loadRefusals(connection, refusals);
    for (const { segment, offset } of positions) {
      await connection.run('insert into spool_position values ($1, $2) on conflict (segment) do update set position = excluded.position', [segment, BigInt(offset)]);
    }
    await connection.run('commit');
  } catch (error) {
    await connection.run('rollback').catch(() => undefined);
    throw error;
  }
}

async function loadRequests(connection: DuckDBConnection, requests: RequestEvent[]): Promise<void> {
  const byId = new Map(requests.map((request) => [request.id, request]));
  let from = Infinity;
  let to = -Infinity;
  await stage(connection, 'staged_request', [...byId.values()], (row, request) => {
    from = Math.min(from, request.at);
    to = Math.max(to, request.at);
    appendRequest(row, request);
  });
  // The range of admission lets DuckDB skip every block without a candidate.
  await connection.run('insert into request from staged_request where id not in (select id from request where admitted_at between $1 and $2)', [whole(from), whole(to)]);
}

async function loadCompletions(connection: DuckDBConnection, completions: Completion[]): Promise<void> {
  const byId = new Map(completions.map((completion) => [completion.id, completion]));
  let from = Infinity;
  let to = -Infinity;
  await stage(connection, 'staged_completion', [...byId.values()], (row, completion) => {
    from = Math.min(from, completion.at);
    to = Math.max(to, completion.at);
    row.appendVarchar(completion.id);
    row.appendBigInt(whole(completion.at));
    row.appendBigInt(whole(completion.requestBytes));
    row.appendBigInt(whole(completion.responseBytes));
    row.appendDouble(completion.durationMs);
    row.appendVarchar(JSON.stringify(completion.units));
  });
  await connection.run(
    `update request set request_bytes = done.request_bytes, response_bytes = done.response_bytes, duration_ms = done.duration_ms, units = done.units, open = false
     from staged_completion done where request.id = done.id and request.admitted_at between $1 and $2`,
    [whole(from), whole(to)],
  );
}

async function loadRefusals(connection: DuckDBConnection, refusals: StrangerRefusals[]): Promise<void> {
  await stage(connection, 'staged_refusal', refusals, (row, refusal) => {
    row.appendBigInt(whole(refusal.minute));
    appendText(row, refusal.productId);
    appendText(row, refusal.operation);
    row.appendVarchar(refusal.code);
    row.appendBigInt(whole(refusal.count));
  });
  await connection.run('insert into refusal from staged_refusal');
}

async function stage<T>(connection: DuckDBConnection, table: string, items: T[], append: (row: DuckDBAppender, item: T) => void): Promise<void> {
  await connection.run(`delete from ${table}`);
  const appender = await connection.createAppender(table, 'main', 'temp');
  for (const item of items) {
    append(appender, item);
    appender.endRow();
  }
  appender.closeSync();
}

function appendRequest(row: DuckDBAppender, event: RequestEvent): void {
  row.appendVarchar(event.id);
  row.appendBigInt(whole(event.at));
  row.appendVarchar(event.productId);
  appendText(row, event.version);
  appendText(row, event.operation);
  row.appendVarchar(event.method);
  row.appendSmallInt(event.status);
  appendText(row, event.code);
  if (event.upstreamStatus === null) row.appendNull();
  else row.appendSmallInt(event.upstreamStatus);
  row.appendVarchar(event.keyId);
  row.appendVarchar(event.consumerId);
  row.appendVarchar(event.developerId);
  appendText(row, event.subscriptionId);
  appendText(row, event.planRevisionId);
  row.appendVarchar(event.mode);
  row.appendVarchar(event.origin);
  row.appendBigInt(whole(event.requestBytes));
  row.appendBigInt(whole(event.responseBytes));
  row.appendDouble(event.durationMs);
  if (event.upstreamMs === null) row.appendNull();
  else row.appendDouble(event.upstreamMs);
  appendText(row, event.userAgent);
  row.appendList(listValue(event.fields as DuckDBValue[]), LIST(VARCHAR));
  row.appendVarchar(JSON.stringify(event.units));
  row.appendBoolean(event.open);
}

function appendText(row: DuckDBAppender, text: string | null): void {
  if (text === null) row.appendNull();
  else row.appendVarchar(text);
}

function whole(value: number): bigint {
  return BigInt(Math.floor(value));
}
