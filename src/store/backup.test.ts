import assert from 'node:assert/strict';
import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Database } from './database.ts';
import { restorePostgres } from './postgres.ts';
import { restoreSqlite } from './sqlite.ts';
import { forEachEngine } from './testkit.ts';
import type { Store } from './testkit.ts';

const restore = (store: Store, from: string, replace = false) => (store.engine === 'sqlite' ? restoreSqlite({ from, file: store.location }) : restorePostgres({ url: store.location, file: from, replace }));

async function fill({ kysely }: Database, consumers: number): Promise<void> {
  for (let start = 0; start < consumers; start += 100) {
    await kysely.insertInto('consumer').values(Array.from({ length: Math.min(100, consumers - start) }, (_, i) => ({ id: `con_${String(start + i).padStart(6, '0')}`, name: `Ümläut "${start + i}"\n`, origin: 'import' as const, created_at: 1_700_000_000_000 + i, blocked_at: null, verified_at: 5, first_success_at: null, first_live_success_at: null, first_key_at: null }))).execute();
  }
  await kysely.insertInto('usage').values({ subscription_id: 's', meter: 'requests', operation: 'o', version: 'v1', mode: 'live', hour: 3_600_000, quantity: '0.1000' }).execute();
  await kysely.insertInto('credential_change').values([{ key_id: 'a', at: 1 }, { key_id: 'b', at: 2 }]).execute();
}

const everything = async ({ kysely }: Database) => ({
  consumers: await kysely.selectFrom('consumer').selectAll().orderBy('id').execute(), usage: await kysely.selectFrom('usage').selectAll().execute(),
  changes: await kysely.selectFrom('credential_change').selectAll().orderBy('seq').execute(), migrations: await kysely.selectFrom('schema_migration').select('number').execute(),
});

forEachEngine('backup', ({ engine, prepare, open, folder }) => {
  test('a backup made while others write is one moment, and restores to the same answers', async () => {
    const source = await prepare();
    const database = await source.open();
    await fill(database, 1200);
    let writing = true;
    const writes = (async () => {
      const other = await source.open();
      for (let i = 0; writing; i++) {
        await other.transaction(async (query) => {
          await query.insertInto('attempt').values({ key: `a${i}`, count: 1, since: 1 }).execute();
          await query.insertInto('setting').values({ name: `a${i}`, value: '1' }).execute();
        });
      }
    })();
    const file = join(await folder(), 'backup');
    await database.backup(file);
    writing = false;
    await writes;
    const target = await prepare();
    await restore(target, file);
    const restored = await target.open();
    assert.deepEqual(await everything(restored), await everything(database));
    const [attempts, settings] = await Promise.all([restored.kysely.selectFrom('attempt').select('key').execute(), restored.kysely.selectFrom('setting').select('name').execute()]);
    assert.equal(attempts.length, settings.length, 'both rows of a transaction or neither');
    assert.deepEqual(await restored.kysely.insertInto('credential_change').values({ key_id: 'c', at: 3 }).returning('seq').execute(), [{ seq: 3 }]);
    assert.ok(await restored.sizeBytes() > 10_000);
  });

  test('a damaged, foreign or newer backup is refused and changes nothing', async () => {
    const source = await prepare();
    const database = await source.open();
    await fill(database, 300);
    const good = join(await folder(), 'good');
    await database.backup(good);
    const [cut, foreign, newer] = [`${good}-cut`, `${good}-foreign`, `${good}-newer`];
    const bytes = await readFile(good);
    await writeFile(cut, bytes);
    await truncate(cut, Math.floor(bytes.length / 2));
    await writeFile(foreign, 'not a store at all\n');
    await database.kysely.insertInto('schema_migration').values({ number: 9999, name: 'future', applied_at: 1 }).execute();
    await database.backup(newer);
    const target = await prepare();
    const kept = await target.open();
    await fill(kept, 3);
    const before = await everything(kept);
    await kept.close();
    for (const bad of [cut, foreign, newer, `${good}-missing`]) await assert.rejects(restore(target, bad, true), { code: 'start_refused' }, bad);
    assert.deepEqual(await everything(await target.open()), before);
  });

  test('a backup over an old backup replaces it', async () => {
    const database = await open();
    const file = join(await folder(), 'backup');
    await appendFile(file, 'old');
    await database.backup(file);
    assert.notEqual((await readFile(file, 'latin1')).slice(0, 3), 'old');
  });

  if (engine === 'postgres') test('a database that holds a store is replaced only when told to', async () => {
    const file = join(await folder(), 'backup');
    const source = await open();
    await fill(source, 2);
    await source.backup(file);
    const target = await prepare();
    await (await target.open()).close();
    await assert.rejects(restore(target, file), { code: 'conflict' });
    await restore(target, file, true);
    assert.deepEqual(await everything(await target.open()), await everything(source));
  });
});
