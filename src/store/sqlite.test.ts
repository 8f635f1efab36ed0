import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { openSqlite } from './sqlite.ts';

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
