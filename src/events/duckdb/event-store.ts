// The event store in one DuckDB file, opened by one process alone.
import { stat } from 'node:fs/promises';
import type { DuckDBConnection, Json } from '@duckdb/node-api';
import type { EventStore, VolumeRow } from '../event-store.ts';
import { readBreakdown, readLatency, readQuantiles, selectBreakdown, selectLatencyByBucket } from './breakdown.ts';
import { openConnections, reopenAfterFatal } from './connections.ts';
import type { DuckdbOptions } from './connections.ts';
import { loadBatch } from './load.ts';
import { readMeterTotals, selectMeterTotals, selectUnitTotals } from './meter-totals.ts';
import { readRequest, selectRequest, selectRequests } from './request-log.ts';
import type { Statement } from './chosen.ts';
import { selectActiveConsumers, selectFirstRefusals, selectLatency, selectRefusals, selectVolume } from './volume.ts';

/**
 * Opens (or makes) the file. It may be open only once at a time.
 * @throws AppError `start_refused` when it is no event store, is in use, or was made by a newer Portico.
 */
export async function openDuckdbEventStore(options: DuckdbOptions): Promise<EventStore> {
  const { file } = options;
  const { use, close } = reopenAfterFatal(await openConnections(options), () => openConnections(options));
  const inTurn = queue();
  const write = <T>(work: (writer: DuckDBConnection) => Promise<T>): Promise<T> => inTurn(() => use(({ writer }) => work(writer)));
  const rows = ({ sql, values }: Statement): Promise<Record<string, Json>[]> => use(async ({ reader }) => (await reader.runAndReadAll(sql, values)).getRowObjectsJson());
  return {
    positions: async () => (await rows({ sql: 'select segment, position from spool_position order by segment', values: {} }))
      .map((row) => ({ segment: row['segment'] as string, offset: Number(row['position']) })),
    load: (batch) => write((writer) => loadBatch(writer, batch, `${file}.load`)),
    forgetPositions: (segments) => write(async (writer) => {
      for (const segment of segments) await writer.run('delete from spool_position where segment = $1', [segment]);
    }),
    listRequests: async (filter) => (await rows(selectRequests(filter))).map(readRequest),
    findRequest: async (id) => (await rows(selectRequest(id))).map(readRequest)[0],
    callVolume: async (filter) => (await rows(selectVolume(filter)))
      .map((row) => ({ bucket: Number(row['bucket']), statusClass: `${Number(row['class'])}xx` as VolumeRow['statusClass'], count: Number(row['count']) })),
    latency: async (filter) => readQuantiles((await rows(selectLatency(filter)))[0]!['quantiles']),
    breakdown: async (filter) => (await rows(selectBreakdown(filter))).map(readBreakdown),
    latencyByBucket: async (filter) => (await rows(selectLatencyByBucket(filter))).map(readLatency),
    refusalCounts: async (filter) => (await rows(selectRefusals(filter)))
      .map((row) => ({ code: row['code'] as string, count: Number(row['count']), stranger: Number(row['stranger']) })),
    activeConsumers: async (filter) => (await rows(selectActiveConsumers(filter))).map((row) => ({ bucket: Number(row['bucket']), consumers: Number(row['consumers']), developers: Number(row['developers']) })),
    firstRefusals: async (filter) => (filter.newcomers.length === 0 ? [] : (await rows(selectFirstRefusals(filter))).map((row) => ({ code: row['code'] as string, count: Number(row['count']), consumers: Number(row['consumers']) }))),
    meterTotals: async (filter) => (filter.subscriptionIds.length === 0 ? [] : readMeterTotals(await rows(selectMeterTotals(filter)), await rows(selectUnitTotals(filter)))),
    deleteBefore: (cutoff) => write(async (writer) => {
      let deleted = 0;
      for (const statement of ['delete from request where admitted_at < $1', 'delete from refusal where minute < $1']) {
        deleted += (await writer.run(statement, [BigInt(Math.ceil(cutoff))])).rowsChanged;
      }
      // Deleted blocks are reused only after a checkpoint.
      if (deleted > 0) await writer.run('checkpoint');
      return deleted;
    }),
    sizeBytes: async () => (await Promise.all([file, `${file}.wal`].map((path) => stat(path).then(({ size }) => size, () => 0)))).reduce((sum, size) => sum + size, 0),
    backup: (target) => write((writer) => copyTo(writer, target)),
    close: () => inTurn(close),
  };
}

/** Copies all tables as of one transaction into a new file. */
async function copyTo(connection: DuckDBConnection, target: string): Promise<void> {
  if (await stat(target).then(() => true, () => false)) throw new Error(`the file ${target} exists already`);
  const name = (await connection.runAndReadAll('select current_database()')).getRows()[0]![0] as string;
  await connection.run(`attach '${target.replaceAll("'", "''")}' as backup_target`);
  try {
    await connection.run(`copy from database "${name.replaceAll('"', '""')}" to backup_target`);
    await connection.run('checkpoint backup_target');
  } finally {
    await connection.run('detach backup_target');
  }
}

/** One transaction at a time on the writing connection. */
function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
