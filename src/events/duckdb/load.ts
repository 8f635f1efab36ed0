// A batch enters the event store in one transaction: new requests appended in bulk, completions merged by id.
import { BIGINT, DOUBLE, LIST, VARCHAR, listValue } from '@duckdb/node-api';
import type { DuckDBAppender, DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { Completion, RequestEvent, StrangerRefusals } from '../../domain/request-event.ts';
import type { EventBatch } from '../event-store.ts';
import { loadLines } from './load-lines.ts';

/** @param file beside the store, free to be written */
export async function loadBatch(connection: DuckDBConnection, { requests, lines, completions, refusals, positions }: EventBatch, file: string): Promise<void> {
  await connection.run('begin');
  try {
    if (lines) await loadLines(connection, lines, file);
    if (requests.length > 0) await loadRequests(connection, requests);
    if (completions.length > 0) await completeRequests(connection, completions);
    if (refusals.length > 0) await append(connection, 'refusal', refusals, appendRefusal);
    for (const { segment, offset } of positions) {
      await connection.run('insert into spool_position values ($1, $2) on conflict (segment) do update set position = excluded.position', [segment, BigInt(offset)]);
    }
    await connection.run('commit');
  } catch (error) {
    await connection.run('rollback').catch(() => undefined);
    throw error;
  }
}

/** Temporary tables are no alternative to the list of ids: DuckDB keeps the memory of rows that were deleted from them. */
async function loadRequests(connection: DuckDBConnection, requests: RequestEvent[]): Promise<void> {
  const added = new Map(requests.map((request) => [request.id, request]));
  // The range of admission lets DuckDB skip every block without a candidate.
  const known = await connection.runAndReadAll(
    'select id from request where admitted_at between $1 and $2 and id in (select unnest($3))',
    [...admissions(requests), listValue([...added.keys()])], [BIGINT, BIGINT, LIST(VARCHAR)],
  );
  for (const [id] of known.getRows()) added.delete(id as string);
  await append(connection, 'request', [...added.values()], appendRequest);
}

async function completeRequests(connection: DuckDBConnection, completions: Completion[]): Promise<void> {
  const last = [...new Map(completions.map((completion) => [completion.id, completion])).values()];
  const column = (read: (completion: Completion) => DuckDBValue): DuckDBValue => listValue(last.map(read));
  await connection.run(
    `update request set request_bytes = done.request_bytes, response_bytes = done.response_bytes, duration_ms = done.duration_ms, units = done.units, open = false
     from (select unnest($3) as id, unnest($4) as request_bytes, unnest($5) as response_bytes, unnest($6) as duration_ms, unnest($7) as units) done
     where request.id = done.id and request.admitted_at between $1 and $2`,
    [
      ...admissions(last), column(({ id }) => id), column(({ requestBytes }) => whole(requestBytes)), column(({ responseBytes }) => whole(responseBytes)),
      column(({ durationMs }) => durationMs), column(({ units }) => JSON.stringify(units)),
    ],
    [BIGINT, BIGINT, LIST(VARCHAR), LIST(BIGINT), LIST(BIGINT), LIST(DOUBLE), LIST(VARCHAR)],
  );
}

/** The first and the last moment of admission, ms UTC. */
function admissions(events: { at: number }[]): [bigint, bigint] {
  const { from, to } = events.reduce((range, { at }) => ({ from: Math.min(range.from, at), to: Math.max(range.to, at) }), { from: Infinity, to: -Infinity });
  return [whole(from), whole(to)];
}

async function append<T>(connection: DuckDBConnection, table: string, items: T[], appendColumns: (row: DuckDBAppender, item: T) => void): Promise<void> {
  const appender = await connection.createAppender(table);
  for (const item of items) {
    appendColumns(appender, item);
    appender.endRow();
  }
  appender.closeSync();
}

function appendRefusal(row: DuckDBAppender, refusal: StrangerRefusals): void {
  row.appendBigInt(whole(refusal.minute));
  appendText(row, refusal.productId);
  appendText(row, refusal.operation);
  row.appendVarchar(refusal.code);
  row.appendBigInt(whole(refusal.count));
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
