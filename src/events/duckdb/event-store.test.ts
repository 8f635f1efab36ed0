import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { eventStoreContract } from '../event-store.contract.ts';
import type { EventBatch } from '../event-store.ts';
import { openDuckdbEventStore } from './event-store.ts';

let folder: string;
let files = 0;
before(async () => { folder = await mkdtemp(join(tmpdir(), 'portico-events-')); });
after(() => rm(folder, { recursive: true, force: true }));
const newPlace = async (): Promise<string> => join(folder, `it's ${++files}.duckdb`);
const open = (file: string) => openDuckdbEventStore({ file, threads: 1, memoryMb: 128 });

eventStoreContract('DuckDB', { open, newPlace });

it('refuses a file that a newer Portico made', async () => {
  const file = await newPlace();
  await (await open(file)).close();
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run('insert into schema_migration values (99)');
  connection.closeSync();
  instance.closeSync();
  await assert.rejects(open(file), { code: 'start_refused', message: /schema 99/ });
});

it('refuses a file that is no event store', async () => {
  const file = await newPlace();
  await writeFile(file, 'this is something else entirely, and long enough to have a header '.repeat(200));
  await assert.rejects(open(file), { code: 'start_refused' });
});

const noMount = process.platform === 'linux' && process.getuid?.() === 0 ? false : 'needs root on Linux to mount a small tmpfs';

it('takes batches again once a full disk has space, without a restart', { skip: noMount }, async () => {
  const disk = mkdtempSync(join(tmpdir(), 'portico-full-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk]);
  try {
    // A checkpoint that finds no space is the error after which DuckDB refuses everything.
    const store = await openDuckdbEventStore({ file: join(disk, 'events.duckdb'), threads: 1, memoryMb: 128, checkpointMb: 3 });
    writeFileSync(join(disk, 'filler'), Buffer.alloc(4_800_000));
    let loaded = 0;
    let failure: Error | undefined;
    while (!failure) await store.load(noisyBatch(loaded)).then(() => { loaded++; }, (error: Error) => { failure = error; });
    assert.match(failure.message, /No space left/);
    rmSync(join(disk, 'filler'));
    const [position] = await store.positions();
    assert.ok(position!.offset === loaded - 1 || position!.offset === loaded, 'the batch that failed is there whole or not at all');
    for (let next = position!.offset + 1; next < loaded + 3; next++) await store.load(noisyBatch(next));
    const counted = await store.callVolume({ from: 0, to: 1, bucketMs: 1 });
    assert.deepEqual(counted, [{ bucket: 0, statusClass: '2xx', count: (loaded + 3) * 500 }]);
    await store.close();
  } finally {
    execFileSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true });
  }
});

function noisyBatch(number: number): EventBatch {
  const requests = Array.from({ length: 500 }, (_, index) => ({
    id: `req_${number}_${index}`, at: 0, productId: 'prd_1', version: null, operation: null, method: 'GET', status: 200, code: null, upstreamStatus: 200, keyId: 'key_1', consumerId: 'con_1', developerId: 'dev_1',
    subscriptionId: 'sub_1', planRevisionId: 'rev_1', mode: 'live' as const, origin: 'own' as const, requestBytes: 1, responseBytes: 1, durationMs: Math.random(), upstreamMs: Math.random(),
    userAgent: String(Math.random()), fields: [], units: {}, open: false,
  }));
  return { requests, completions: [], refusals: [], positions: [{ segment: 'a', offset: number }] };
}
