// Runs a suite on each engine: SQLite in a temporary folder, and Postgres in databases of its own. Each store is a copy of one that was migrated once.
import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import type { Database } from './database.ts';
import type { Engine } from './migrate.ts';
import { openPostgres } from './postgres.ts';
import { dropDatabase, empty, findPostgres, makeDatabase, migrated, startPostgres } from './postgres-server.testkit.ts';
import { openSqlite } from './sqlite.ts';

export interface Store {
  engine: Engine;
  /** Opens the same store once more. */
  open(): Promise<Database>;
  /** File of the SQLite store or address of the Postgres database. */
  location: string;
}

export interface Stores {
  engine: Engine;
  /** A fresh, empty store, and an open connection to it that is closed at the end of the file. */
  open(): Promise<Database>;
  /** A fresh, empty store that nobody has opened yet. */
  prepare(): Promise<Store>;
  /** A temporary folder that is removed at the end of the file. */
  folder(): Promise<string>;
}

/** Defines the suite once per engine. Without Postgres it is skipped with the reason; where `CI` is `true` that is a failure. */
export function forEachEngine(name: string, define: (stores: Stores) => void): void {
  describe(`${name} (sqlite)`, () => define(sqliteStores()));
  const missing = findPostgres() === undefined ? 'Postgres is not installed: no folder /usr/lib/postgresql/*/bin and no initdb in PATH (apt-get install postgresql)' : undefined;
  if (missing && process.env.CI === 'true') throw new Error(missing);
  describe(`${name} (postgres)`, { skip: missing ?? false }, () => define(postgresStores()));
}

function sqliteStores(): Stores {
  const cleanups = cleanupsAtEnd();
  const folder = temporaryFolder(cleanups);
  const prepare = async (): Promise<Store> => {
    const file = join(await folder(), 'portico.db');
    return { engine: 'sqlite', location: file, open: () => tracked(cleanups, openSqlite({ file })) };
  };
  let template: Promise<string> | undefined;
  const migratedFile = async (): Promise<string> => {
    const file = join(await folder(), 'migrated.db');
    await (await openSqlite({ file })).close();
    return file;
  };
  const open = async (): Promise<Database> => {
    const store = await prepare();
    await copyFile(await (template ??= migratedFile()), store.location);
    return store.open();
  };
  return { engine: 'sqlite', folder, prepare, open };
}

function postgresStores(): Stores {
  const cleanups = cleanupsAtEnd();
  let url = process.env['PORTICO_TEST_POSTGRES'] ?? '';
  if (url === '') {
    before(async () => {
      const server = await startPostgres();
      ({ url } = server);
      cleanups.unshift(server.stop);
    });
  }
  const copyOf = async (template: typeof migrated | typeof empty): Promise<Store> => {
    const name = `store_${randomBytes(8).toString('hex')}`;
    await makeDatabase({ url }, name, template);
    cleanups.push(() => dropDatabase({ url }, name));
    const location = `${url}/${name}`;
    return { engine: 'postgres', location, open: () => tracked(cleanups, openPostgres({ url: location, connectionsMax: 4 })) };
  };
  return { engine: 'postgres', folder: temporaryFolder(cleanups), prepare: () => copyOf(empty), open: async () => (await copyOf(migrated)).open() };
}

type Cleanups = (() => Promise<unknown>)[];

function cleanupsAtEnd(): Cleanups {
  const cleanups: Cleanups = [];
  after(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  });
  return cleanups;
}

function temporaryFolder(cleanups: Cleanups): () => Promise<string> {
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'portico-store-'));
    cleanups.push(() => rm(folder, { recursive: true, force: true }));
    return folder;
  };
}

async function tracked(cleanups: Cleanups, opening: Promise<Database>): Promise<Database> {
  const database = await opening;
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= database.close());
  cleanups.push(close);
  return { ...database, close };
}
