// A throwaway Postgres without durability. `npm test` starts one for all files (PORTICO_TEST_POSTGRES); a file by itself starts its own.
import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { endsWithParent } from './ends-with-parent.testkit.ts';
import { freePort } from './free-port.testkit.ts';
import { openPostgres } from './postgres.ts';

const run = promisify(execFile);

/** The database that has the newest schema and no rows, to be cloned. */
export const migrated = 'portico_migrated';
/** The database that has nothing. */
export const empty = 'template0';

export interface PostgresServer {
  /** `postgres://...:port`, without a database. */
  url: string;
  /** Ends the server, and answers when it is gone. */
  stop(): Promise<void>;
}

/** The newest installed Postgres's folder of programs. */
export function findPostgres(): string | undefined {
  const root = '/usr/lib/postgresql';
  const installed = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)).map((version) => join(root, version, 'bin')) : [];
  return [...installed, ...(process.env.PATH ?? '').split(':')].find((folder) => folder !== '' && existsSync(join(folder, 'initdb')));
}

/** On a free port of loopback, with the database `migrated`. */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = findPostgres()!;
  const folder = await mkdtemp(join(tmpdir(), 'portico-postgres-'));
  // Postgres refuses to run as root.
  const owner = process.getuid?.() === 0 ? await postgresUser() : undefined;
  if (owner) await chown(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  await run(join(programs, 'initdb'), ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C.UTF-8', '--no-sync'], { ...owner, cwd: folder });
  const port = await freePort();
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off', 'log_checkpoints=off', 'dynamic_shared_memory_type=mmap', `listen_addresses=127.0.0.1`, `port=${port}`, `unix_socket_directories=${folder}`, 'shared_buffers=64MB', 'max_connections=400'];
  const child = spawn(...endsWithParent('INT', join(programs, 'postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])]), { ...owner, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `postgres://postgres@127.0.0.1:${port}`;
  for (const deadline = Date.now() + 30_000; ; await delay(50)) {
    const failure = await query(url, 'select 1').then(() => undefined, (error: Error) => error);
    if (!failure) break;
    if (Date.now() > deadline || child.exitCode !== null) throw new Error(`Postgres did not start: ${failure.message}\n${said}`);
  }
  await makeDatabase({ url }, migrated, empty);
  await (await openPostgres({ url: `${url}/${migrated}`, connectionsMax: 1 })).close();
  return {
    url,
    stop: async () => {
      child.kill('SIGINT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A copy of the database `template`, to which nobody may be connected. */
export async function makeDatabase({ url }: Pick<PostgresServer, 'url'>, name: string, template: typeof migrated | typeof empty): Promise<void> {
  await query(url, `create database ${name} template ${template} strategy file_copy`);
}

/** Also with somebody connected to it. */
export async function dropDatabase({ url }: Pick<PostgresServer, 'url'>, name: string): Promise<void> {
  await query(url, `drop database ${name} with (force)`);
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${url}/postgres` });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)));
  return { uid: uid!, gid: gid! };
}
