// A process that the crash test kills: it writes records and says which were acknowledged, or it ingests.
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { systemClock } from '../clock.ts';
import { openDuckdbEventStore } from '../events/duckdb/event-store.ts';
import { openPostgres } from '../store/postgres.ts';
import { openSqlite } from '../store/sqlite.ts';
import { startIngest } from './ingest.ts';
import { requestRecord } from './sample-records.testkit.ts';
import { openSpoolWriter } from './spool-writer.ts';

export type CrashWork =
  | { work: 'write'; spoolFolder: string; epoch: number }
  | { work: 'ingest'; spoolFolder: string; eventsFile: string; engine: 'sqlite' | 'postgres'; location: string };

const input = JSON.parse(process.argv[2]!) as CrashWork;
if (input.work === 'write') write(input);
else await ingest(input);

function write({ spoolFolder, epoch }: Extract<CrashWork, { work: 'write' }>): void {
  const writers = [0, 1].map((thread) => openSpoolWriter({ folder: spoolFolder, epoch, thread, syncMs: 20, segmentBytes: 50_000, reserveBytes: 8_192 }));
  const turn = (): void => {
    for (const writer of writers) {
      for (let count = 0; count < 5; count++) {
        const record = requestRecord({ at: Date.now() });
        writer.write(record, (error) => { if (!error) writeSync(1, `${record.id}\n`); });
      }
    }
    setTimeout(turn, 1);
  };
  turn();
}

async function ingest({ spoolFolder, eventsFile, engine, location }: Extract<CrashWork, { work: 'ingest' }>): Promise<void> {
  const database = engine === 'sqlite' ? await openSqlite({ file: location }) : await openPostgres({ url: location });
  const events = await openDuckdbEventStore({ file: eventsFile, threads: 1, memoryMb: 128 });
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  startIngest({ database, events, spoolFolder, clock: systemClock, random: randomBytes, log, eventRetentionDays: 90, spoolRetentionHours: 24, pollMs: 5, eventsPollMs: 5, recordsMax: 20 });
  writeSync(1, 'started\n');
}
