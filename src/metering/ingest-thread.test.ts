import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import type { RequestEvent } from '../domain/request-event.ts';
import { openDuckdbEventStore } from '../events/duckdb/event-store.ts';
import { openSqlite } from '../store/sqlite.ts';
import { connectIngestThread, runIngestThread } from './ingest-thread.ts';
import type { IngestWorker } from './ingest-thread.ts';
import { requestRecord } from './sample-records.testkit.ts';
import { openTestWriter, quietLog, temporaryFolder, writeAll } from './testkit.ts';

it('the ingest thread tells calls, answers for the event store, backs up and stops', async () => {
  const folder = await temporaryFolder();
  const backup = await temporaryFolder();
  const spoolFolder = join(folder, 'spool');
  const eventsFile = join(folder, 'events.duckdb');
  await mkdir(spoolFolder);
  const { port1, port2 } = new MessageChannel();
  const calls: RequestEvent[] = [];
  const callers: string[] = [];
  const readable: string[] = [];
  const running = runIngestThread(
    { spoolFolder, eventsFile, eventRetentionDays: 36_500, spoolRetentionHours: 24 },
    { openDatabase: () => openSqlite({ file: join(folder, 'portico.db') }), openEvents: () => openDuckdbEventStore({ file: eventsFile, threads: 1, memoryMb: 128 }) },
    port1,
  );
  const thread = await connectIngestThread(port2 as unknown as IngestWorker, { log: quietLog, onCalls: ({ consumerIds, events }) => {
    callers.push(...consumerIds);
    calls.push(...events);
  }, onReadable: (consumerIds) => readable.push(...consumerIds) });
  await running;

  const writer = openTestWriter(spoolFolder);
  const record = requestRecord();
  await thread.watch({ consumerIds: [record.consumerId] });
  await writeAll(writer, [record, requestRecord({ consumerId: 'con_2' })]);
  for (const deadline = Date.now() + 2_000; calls.length === 0; await delay(10)) assert.ok(Date.now() < deadline, 'a call is told within two seconds');
  assert.deepEqual([calls.map(({ id }) => id), callers.sort()], [[record.id], [record.consumerId, 'con_2']], 'whole are those of who is watched');
  await thread.drain();
  assert.deepEqual(readable.sort(), [record.consumerId, 'con_2']);
  assert.equal((await thread.events.findRequest(record.id))?.id, record.id);
  assert.equal((await thread.status()).lagBytes, 0);
  assert.equal((await thread.backup({ folder: backup })).format, 1);
  assert.deepEqual((await readdir(backup)).sort(), ['backup.json', 'events.duckdb', 'portico.db', 'spool']);
  await assert.rejects(thread.backup({ folder: backup }), { code: 'conflict' });
  await thread.stop();
  await writer.close();
  port2.close();
});
