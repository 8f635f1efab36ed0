import { copyFile, rename, rm, stat } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { Kysely } from 'kysely';
import { AppError } from '../errors.ts';
import type { Database, Reader } from './database.ts';
import { migrate, migrations, type Tell } from './migrate.ts';
import { isLocked, sqliteDialect } from './sqlite-dialect.ts';
import type { Tables } from './tables.ts';

const attemptsMax = 200;
const backupWaitMs = 15_000;
const readerWaitMs = 5_000;

/**
 * Opens (or makes) the store in this file and brings it to the newest schema. Several processes and threads may hold it open. `tell` hears how far a long migration is; `lockWaitMs` bounds each wait for another's transaction.
 * @throws AppError `start_refused` when the file is no store of ours or was made by a newer Portico.
 */
export async function openSqlite({ file, tell, lockWaitMs }: { file: string; tell?: Tell | undefined; lockWaitMs?: number }): Promise<Database> {
  const connection = await connect(file);
  const kysely = new Kysely<Tables>({ dialect: sqliteDialect(connection, lockWaitMs) });
  try {
    await migrate(kysely, 'sqlite', { now: Date.now(), tell });
  } catch (error) {
    await kysely.destroy();
    throw error;
  }
  return {
    engine: 'sqlite',
    kysely,
    transaction: (work) => kysely.transaction().execute(work),
    backup: async (target) => {
      await rm(target, { force: true });
      // A connection of its own, so that the copy waits for no transaction and none waits for it.
      const reader = new DatabaseSync(file, { timeout: backupWaitMs });
      try {
        reader.prepare('vacuum into ?').run(target);
      } finally {
        reader.close();
      }
    },
    sizeBytes: async () => (await Promise.all([file, `${file}-wal`].map(fileSize))).reduce((sum, size) => sum + size, 0),
    close: () => kysely.destroy(),
  };
}

/** The schema must be there. */
export function openSqliteReader({ file }: { file: string }): Reader {
  const kysely = new Kysely<Tables>({ dialect: sqliteDialect(new DatabaseSync(file, { readOnly: true, timeout: readerWaitMs })) });
  return { kysely, close: () => kysely.destroy() };
}

/**
 * Puts a backup in the place of the store `file`, which nobody may have open.
 * @throws AppError `start_refused` when the backup is damaged or from a newer Portico; nothing is changed then.
 */
export async function restoreSqlite({ from, file }: { from: string; file: string }): Promise<void> {
  await fileMustExist(from);
  inspectBackup(from);
  await copyFile(from, `${file}.restoring`);
  await rm(`${file}-wal`, { force: true });
  await rm(`${file}-shm`, { force: true });
  await rename(`${file}.restoring`, file);
}

function inspectBackup(from: string): void {
  let connection: DatabaseSync | undefined;
  try {
    connection = new DatabaseSync(from, { readOnly: true });
    const [check] = connection.prepare('pragma quick_check(1)').all();
    if (check?.quick_check !== 'ok') throw new Error(String(check?.quick_check));
    const schema = Number(connection.prepare('select max(number) as number from schema_migration').get()?.number);
    const newest = migrations.at(-1)!.number;
    if (schema > newest) throw new AppError('start_refused', `The backup ${from} has schema ${schema}; this Portico knows ${newest}. Restore it with the Portico that made it.`);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('start_refused', `${from} is not a readable backup of a Portico store: ${(error as Error).message}.`, { cause: error });
  } finally {
    connection?.close();
  }
}

async function connect(file: string): Promise<DatabaseSync> {
  let connection: DatabaseSync | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      connection = new DatabaseSync(file, { timeout: 0, enableForeignKeyConstraints: true });
      connection.exec('pragma journal_mode = wal; pragma synchronous = full;');
      return connection;
    } catch (error) {
      connection?.close();
      // Two that open a new file at once collide on the switch to WAL.
      if (attempt < attemptsMax && isLocked(error)) await delay(20);
      else throw new AppError('start_refused', `The store ${file} cannot be opened: ${(error as Error).message}.`, { cause: error });
    }
  }
}

async function fileMustExist(file: string): Promise<void> {
  await stat(file).catch((cause: unknown) => {
    throw new AppError('start_refused', `There is no file ${file}.`, { cause });
  });
}

const fileSize = (file: string): Promise<number> => stat(file).then((info) => info.size, () => 0);
