// Runs a suite on each engine: SQLite in a temporary folder, and a Postgres of its own that ends with the test file.
import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import type { Database } from './database.ts';
import type { Engine } from './migrate.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

const run = promisify(execFile);

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
  return { engine: 'sqlite', folder, prepare, open: async () => (await prepare()).open() };
}

function postgresStores(): Stores {
  const cleanups = cleanupsAtEnd();
  let server: PostgresServer | undefined;
  let schemas = 0;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.stop());
  const prepare = async (): Promise<Store> => {
    // A schema is empty at once, where a new database is copied file by file.
    const name = `store_${++schemas}`;
    await server!.query(`create schema ${name}`);
    const location = `${server!.url}/postgres?options=${encodeURIComponent(`-c search_path=${name}`)}`;
    return { engine: 'postgres', location, open: () => tracked(cleanups, openPostgres({ url: location, connectionsMax: 4 })) };
  };
  return { engine: 'postgres', folder: temporaryFolder(cleanups), prepare, open: async () => (await prepare()).open() };
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

export interface PostgresServer {
  /** `postgres://...:port`, without a database. */
  url: string;
  query(text: string): Promise<void>;
  stop(): Promise<void>;
}

/** The newest installed Postgres's folder of programs. */
export function findPostgres(): string | undefined {
  const root = '/usr/lib/postgresql';
  const installed = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)).map((version) => join(root, version, 'bin')) : [];
  return [...installed, ...(process.env.PATH ?? '').split(':')].find((folder) => folder !== '' && existsSync(join(folder, 'initdb')));
}

/** A throwaway server on a free port of loopback, without durability. */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = findPostgres()!;
  const folder = await mkdtemp(join(tmpdir(), 'portico-postgres-'));
  // Postgres refuses to run as root.
  const owner = process.getuid?.() === 0 ? await postgresUser() : undefined;
  if (owner) await chown(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  await run(join(programs, 'initdb'), ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C.UTF-8', '--no-sync'], { ...owner, cwd: folder });
  const port = await freePort();
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', `listen_addresses=127.0.0.1`, `port=${port}`, `unix_socket_directories=${folder}`, 'shared_buffers=32MB', 'max_connections=60'];
  const child = spawn(join(programs, 'postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], { ...owner, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  const url = `postgres://postgres@127.0.0.1:${port}`;
  const query = async (text: string): Promise<void> => {
    const client = new pg.Client({ connectionString: `${url}/postgres` });
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  };
  for (const deadline = Date.now() + 30_000; ; await delay(50)) {
    const failure = await query('select 1').then(() => undefined, (error: Error) => error);
    if (!failure) break;
    if (Date.now() > deadline || child.exitCode !== null) throw new Error(`Postgres did not start: ${failure.message}\n${said}`);
  }
  return {
    url,
    query,
    stop: async () => {
      child.kill('SIGINT');
      await ended;
      process.removeListener('exit', end);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)));
  return { uid: uid!, gid: gid! };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
