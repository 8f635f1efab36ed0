import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Kysely, sql } from 'kysely';
import { migrate } from './migrate.ts';
import { isLocked, sqliteDialect } from './sqlite-dialect.ts';
import { openSqlite } from './sqlite.ts';
import type { Tables } from './tables.ts';

const run = promisify(execFile);

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'portico-sqlite-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('processes that open a new file at once and write to it lose nothing', async (t) => {
  const file = join(await folder(t), 'portico.db');
  const program = `
    import { openSqlite } from ${JSON.stringify(new URL('sqlite.ts', import.meta.url).href)};
    const database = await openSqlite({ file: ${JSON.stringify(file)} });
    for (let i = 0; i < 40; i++) {
      await database.transaction(async (query) => {
        const row = await query.selectFrom('attempt').select('count').where('key', '=', 'k').executeTakeFirst();
        if (row) await query.updateTable('attempt').set({ count: row.count + 1 }).where('key', '=', 'k').execute();
        else await query.insertInto('attempt').values({ key: 'k', count: 1, since: 0 }).execute();
      });
    }
    await database.close();`;
  await Promise.all([1, 2, 3].map(() => run(process.execPath, ['--input-type=module', '--eval', program])));
  const database = await openSqlite({ file });
  t.after(() => database.close());
  assert.deepEqual(await database.kysely.selectFrom('attempt').select('count').execute(), [{ count: 120 }]);
});

test('a file that is no store, and a folder that is not there, are refused with the path', async (t) => {
  const path = await folder(t);
  await writeFile(join(path, 'notes.db'), 'these are my notes, and not a database at all. '.repeat(100));
  for (const file of [join(path, 'notes.db'), join(path, 'missing', 'portico.db')]) {
    await assert.rejects(openSqlite({ file }), (error: { code: string; message: string }) => error.code === 'start_refused' && error.message.includes(file));
  }
});

test('writes are durable and readers do not wait: write-ahead log, full sync, foreign keys', async (t) => {
  const file = join(await folder(t), 'portico.db');
  const database = await openSqlite({ file });
  t.after(() => database.close());
  const pragma = async (name: string) => Object.values((await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(database.kysely)).rows[0]!)[0];
  assert.deepEqual([await pragma('journal_mode'), await pragma('synchronous'), await pragma('foreign_keys')], ['wal', 2, 1]);
});

test('a large ledger is summed by the one that migrates: killed in the middle it leaves the store as it was, and whoever opens it meanwhile waits for it', { timeout: 60_000 }, async (t) => {
  const file = join(await folder(t), 'portico.db');
  const former = new DatabaseSync(file);
  former.exec('pragma journal_mode = wal; pragma synchronous = off');
  const kysely = new Kysely<Tables>({ dialect: sqliteDialect(former) });
  await migrate(kysely, 'sqlite', { now: 1, upTo: 4 });
  const subscriptions = 8_000;
  former.exec(`insert into usage (subscription_id, meter, operation, version, mode, hour, quantity) with recursive n(i) as (select 0 union all select i + 1 from n where i < ${subscriptions - 1})
    select printf('sub_%06d', i), 'requests', 'a', 'v1', 'live', month * 2678400000, i from n, (select 1 as month union all select 2 union all select 3)`);
  await kysely.destroy();
  const watcher = new DatabaseSync(file, { timeout: 0 });
  t.after(() => watcher.close());
  const isHeld = (): boolean => {
    try {
      watcher.exec('begin immediate; rollback');
      return false;
    } catch (error) {
      if (!isLocked(error)) throw error;
      return true;
    }
  };
  const migrating = async () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', `import { openSqlite } from ${JSON.stringify(new URL('sqlite.ts', import.meta.url).href)}; await (await openSqlite({ file: ${JSON.stringify(file)} })).close();`], { stdio: ['ignore', 'ignore', 'inherit'] });
    const over = once(child, 'exit') as Promise<[number | null, string | null]>;
    while (!isHeld() && child.exitCode === null) await delay(5);
    return { child, over };
  };
  const schema = (): number => Number(watcher.prepare('select max(number) as number from schema_migration').get()!['number']);
  for (let round = 0; round < 4; round++) {
    const { child, over } = await migrating();
    await delay(round * 40);
    child.kill('SIGKILL');
    assert.deepEqual(await over, [null, 'SIGKILL']);
    assert.deepEqual([schema(), watcher.prepare("select count(*) as tables from sqlite_master where name in ('usage_month', 'invoice')").get()!['tables']], [4, 0]);
  }
  const { over } = await migrating();
  // Far shorter than the migration takes.
  const second = await openSqlite({ file, lockWaitMs: 5 });
  t.after(() => second.close());
  assert.deepEqual(await over, [0, null]);
  assert.ok(schema() > 4);
  const months = await second.kysely.selectFrom('usage_month').select((eb) => [eb.fn.countAll<number>().as('rows'), sql<number>`sum(sums ->> '$.requests')`.as('requests')]).executeTakeFirstOrThrow();
  assert.deepEqual({ ...months }, { rows: 3 * subscriptions, requests: 3 * (subscriptions * (subscriptions - 1)) / 2 });
});
