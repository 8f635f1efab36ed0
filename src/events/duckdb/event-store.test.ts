import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { eventStoreContract } from '../event-store.contract.ts';
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
