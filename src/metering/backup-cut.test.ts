import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../clock.ts';
import { openDuckdbEventStore } from '../events/duckdb/event-store.ts';
import type { EventStore } from '../events/event-store.ts';
import type { Database } from '../store/database.ts';
import { openSqlite } from '../store/sqlite.ts';
import { createBackup, restoreBackup } from './backup-cut.ts';
import { startIngest } from './ingest.ts';
import type { Ingest } from './ingest.ts';
import { requestRecord } from './sample-records.testkit.ts';
import { listSegments, parseSegmentName } from './spool-segment.ts';
import { openTestWriter, quietLog, temporaryFolder, writeAll } from './testkit.ts';

interface Data { database: Database; events: EventStore; ingest: Ingest; spoolFolder: string; close(): Promise<void> }

async function openData(folder: string): Promise<Data> {
  const spoolFolder = join(folder, 'spool');
  await mkdir(spoolFolder, { recursive: true });
  const database = await openSqlite({ file: join(folder, 'portico.db') });
  const events = await openDuckdbEventStore({ file: join(folder, 'events.duckdb'), threads: 1, memoryMb: 128 });
  const ingest = startIngest({ database, events, spoolFolder, clock: systemClock, random: randomBytes, log: quietLog, eventRetentionDays: 36_500, spoolRetentionHours: 24, pollMs: 10, eventsPollMs: 10 });
  return { database, events, ingest, spoolFolder, close: async () => {
    await ingest.stop();
    await events.close();
    await database.close();
  } };
}

async function counts({ database, events }: Data): Promise<{ ledger: number; events: number }> {
  const rows = await database.kysely.selectFrom('usage').select('quantity').where('meter', '=', 'requests').execute();
  return { ledger: rows.reduce((sum, { quantity }) => sum + Number(quantity), 0), events: (await events.listRequests({ limit: 100_000 })).length };
}

it('a backup taken under load restores to the same count in ledger and event store', async () => {
  const [folder, backup, restored] = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()];
  const data = await openData(folder);
  const writer = openTestWriter(data.spoolFolder, { epoch: 5, segmentBytes: 20_000 });
  let acknowledged = 0;
  let writing = true;
  const load = (async () => {
    while (writing) {
      await writeAll(writer, Array.from({ length: 5 }, () => requestRecord()));
      acknowledged += 5;
      await delay(2);
    }
  })();
  while (acknowledged < 200) await delay(5);
  const before = acknowledged;
  const manifest = await createBackup({ ...data, clock: systemClock }, { folder: backup });
  const after = acknowledged;
  writing = false;
  await load;
  await writer.close();
  await data.close();
  assert.deepEqual({ format: manifest.format, engine: manifest.engine, epoch: manifest.epoch }, { format: 1, engine: 'sqlite', epoch: 5 });

  await restoreBackup({ folder: backup, dataFolder: restored });
  const copy = await openData(restored);
  await copy.ingest.drain();
  const first = await counts(copy);
  assert.equal(first.ledger, first.events);
  assert.ok(first.ledger >= before && first.ledger <= after + 5, `${first.ledger} of ${before} to ${after}`);

  const newestEpoch = Math.max(...(await listSegments(copy.spoolFolder)).map((segment) => parseSegmentName(segment)!.epoch));
  assert.equal(newestEpoch, 5);
  const next = openTestWriter(copy.spoolFolder, { epoch: newestEpoch + 1 });
  await writeAll(next, [requestRecord(), requestRecord()]);
  await next.close();
  await copy.ingest.drain();
  assert.deepEqual(await counts(copy), { ledger: first.ledger + 2, events: first.events + 2 });
  await copy.close();
});

it('a backup of a spool that is read whole still says how far epochs have come', async () => {
  const [folder, backup, restored] = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()];
  const data = await openData(folder);
  const writer = openTestWriter(data.spoolFolder, { epoch: 41 });
  await writeAll(writer, [requestRecord()]);
  await writer.close();
  await data.ingest.drain();
  await createBackup({ ...data, clock: systemClock }, { folder: backup });
  await data.close();
  await restoreBackup({ folder: backup, dataFolder: restored });
  assert.deepEqual((await listSegments(join(restored, 'spool'))).map((segment) => parseSegmentName(segment)!.epoch), [41]);
  const copy = await openData(restored);
  await copy.ingest.drain();
  assert.deepEqual(await counts(copy), { ledger: 1, events: 1 });
  await copy.close();
});

it('refuses a folder that is not empty, and one that holds no backup, and changes nothing', async () => {
  const [folder, backup, full] = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()];
  await writeFile(join(full, 'precious'), 'x');
  const data = await openData(folder);
  await assert.rejects(createBackup({ ...data, clock: systemClock }, { folder: full }), { code: 'conflict' });
  await createBackup({ ...data, clock: systemClock }, { folder: backup });
  await data.close();
  await assert.rejects(restoreBackup({ folder: backup, dataFolder: full }), { code: 'conflict' });
  await assert.rejects(restoreBackup({ folder: full, dataFolder: await temporaryFolder() }), { code: 'input_invalid' });
  assert.deepEqual(await readdir(full), ['precious']);
});
