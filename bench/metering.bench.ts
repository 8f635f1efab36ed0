// What metering costs: a record in the gateway's thread, and records per second that ingest takes over into both stores.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/clock.ts';
import { openDuckdbEventStore } from '../src/events/duckdb/event-store.ts';
import { startIngest } from '../src/metering/ingest.ts';
import { requestRecord } from '../src/metering/sample-records.testkit.ts';
import { openSpoolWriter } from '../src/metering/spool-writer.ts';
import { openSqlite } from '../src/store/sqlite.ts';

const count = 40_000;
const folder = mkdtempSync(join(tmpdir(), 'portico-bench-'));
const spoolFolder = join(folder, 'spool');
mkdirSync(spoolFolder);
const records = Array.from({ length: count }, (_, index) =>
  requestRecord({ at: Date.now(), operation: `operation${index % 12}`, subscriptionId: `sub_${index % 50}`, consumerId: `con_${index % 50}`, keyId: `key_${index % 50}`, units: { tokens: '1.25' } }));

const writer = openSpoolWriter({ folder: spoolFolder, epoch: 1, thread: 0, syncMs: 1_000, segmentBytes: 8 * 1024 * 1024, reserveBytes: 1024 * 1024 });
const microseconds: Record<string, number> = {};
let from = 0;
for (const perTurn of [8, 1]) {
  const part = records.slice(from, from + count / 2);
  from += count / 2;
  const cpu = process.cpuUsage();
  for (let index = 0; index < part.length; index += perTurn) {
    await new Promise<void>((resolve, reject) => {
      let left = perTurn;
      for (const record of part.slice(index, index + perTurn)) writer.write(record, (error) => (error ? reject(error) : --left || resolve()));
    });
  }
  const { user, system } = process.cpuUsage(cpu);
  microseconds[`${perTurn} per turn`] = Math.round(((user + system) / part.length) * 10) / 10;
}
await writer.close();

const database = await openSqlite({ file: join(folder, 'portico.db') });
const events = await openDuckdbEventStore({ file: join(folder, 'events.duckdb'), threads: 1, memoryMb: 128 });
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const cpu = process.cpuUsage();
const startedAt = performance.now();
const ingest = startIngest({ database, events, spoolFolder, clock: systemClock, random: randomBytes, log, eventRetentionDays: 90, spoolRetentionHours: 24 });
await ingest.drain();
const seconds = (performance.now() - startedAt) / 1_000;
const { user, system } = process.cpuUsage(cpu);
await ingest.stop();
await events.close();
await database.close();
rmSync(folder, { recursive: true });

const results = {
  node: process.version, records: count,
  writerCpuMicrosecondsPerRecord: microseconds,
  ingestRecordsPerSecond: Math.round(count / seconds), ingestCpuMicrosecondsPerRecord: Math.round((user + system) / count),
};
mkdirSync(new URL('results/', import.meta.url), { recursive: true });
writeFileSync(new URL('results/metering.json', import.meta.url), `${JSON.stringify(results, null, 2)}\n`);
process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
