import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { randomBytes } from 'node:crypto';
import { systemClock } from '../clock.ts';
import { openDuckdbEventStore } from '../events/duckdb/event-store.ts';
import { forEachEngine } from '../store/testkit.ts';
import type { CrashWork } from './crash-child.testkit.ts';
import { startIngest } from './ingest.ts';
import { listSegments } from './spool-segment.ts';
import { monthsAndLedger, openTestWriter, quietLog, readSegment } from './testkit.ts';

interface Child { process: ChildProcess; said(): string; kill(): Promise<void> }

function start(work: CrashWork): Child {
  const child = spawn(process.execPath, [fileURLToPath(new URL('crash-child.testkit.ts', import.meta.url)), JSON.stringify(work)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString(); });
  return { process: child, said: () => said, kill: async () => {
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  } };
}

async function untilSpoken(child: Child): Promise<void> {
  for (const deadline = Date.now() + 20_000; child.said() === ''; await delay(5)) assert.ok(Date.now() < deadline && child.process.exitCode === null, 'the child did not start');
}

forEachEngine('killed at random', (stores) => {
  it('every acknowledged record is in ledger and event store exactly once', async () => {
    const store = await stores.prepare();
    const database = await store.open();
    const folder = await stores.folder();
    const spoolFolder = join(folder, 'spool');
    const eventsFile = join(folder, 'events.duckdb');
    await mkdir(spoolFolder);
    const acknowledged: string[] = [];
    let ingests = 0;
    let stopping = false;

    const ingesting = (async () => {
      while (!stopping) {
        const child = start({ work: 'ingest', spoolFolder, eventsFile, engine: store.engine, location: store.location });
        await untilSpoken(child);
        await delay(Math.random() * 150);
        await child.kill();
        ingests++;
      }
    })();
    for (let epoch = 1; epoch <= 6; epoch++) {
      const child = start({ work: 'write', spoolFolder, epoch });
      await untilSpoken(child);
      await delay(Math.random() * 200);
      await child.kill();
      acknowledged.push(...child.said().split('\n').slice(0, -1));
    }
    stopping = true;
    await ingesting;

    await openTestWriter(spoolFolder, { epoch: 7 }).close();
    const events = await openDuckdbEventStore({ file: eventsFile, threads: 1, memoryMb: 128 });
    const ingest = startIngest({ database, events, spoolFolder, clock: systemClock, random: randomBytes, log: quietLog, eventRetentionDays: 90, spoolRetentionHours: 24 });
    await ingest.drain();
    await ingest.stop();

    const written = (await Promise.all((await listSegments(spoolFolder)).map((segment) => readSegment(spoolFolder, segment)))).flatMap(({ records }) => records.map((record) => (record as { id: string }).id));
    const stored = (await events.listRequests({ limit: 1_000_000 })).map(({ id }) => id);
    const rows = await database.kysely.selectFrom('usage').select('quantity').where('meter', '=', 'requests').execute();
    const { months, ledger } = await monthsAndLedger(database.kysely);
    await events.close();
    assert.ok(acknowledged.length > 100 && ingests >= 2, `${acknowledged.length} acknowledged, ingest killed ${ingests} times`);
    assert.equal(new Set(stored).size, stored.length, 'nothing twice in the event store');
    assert.deepEqual(stored.toSorted(), written.toSorted(), 'the event store holds what was written');
    assert.equal(rows.reduce((sum, { quantity }) => sum + Number(quantity), 0), written.length, 'the ledger counts what was written, once');
    assert.deepEqual(months, ledger, 'the months hold what the ledger counts');
    assert.ok(months.length > 0);
    const present = new Set(stored);
    assert.deepEqual(acknowledged.filter((id) => !present.has(id)), [], 'nothing acknowledged is lost');
  });
});
