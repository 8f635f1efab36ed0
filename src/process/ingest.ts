// The ingest thread: it alone opens the event store, reads the spool, and feeds ledger and event store.
import { openDuckdbEventStore } from '../events/duckdb/event-store.ts';
import { runIngestThread } from '../metering/ingest-thread.ts';
import type { IngestThreadData } from '../metering/ingest-thread.ts';
import { openDatabase } from './open-database.ts';

export type IngestData = IngestThreadData & { databaseFile: string; databaseUrl: string | null };

export async function runIngest(data: IngestData): Promise<void> {
  await runIngestThread(data, {
    openDatabase: () => openDatabase(data),
    openEvents: () => openDuckdbEventStore({ file: data.eventsFile, threads: 1, memoryMb: 128 }),
  });
}
