import { createReadStream } from 'node:fs';
import { access, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Kysely, PostgresDialect, sql, type DatabaseConnection, type Dialect } from 'kysely';
import pg from 'pg';
import { AppError } from '../errors.ts';
import type { Database, Query, Reader } from './database.ts';
import { migrate, migrateWithin, migrations, schemaNumber, type Tell } from './migrate.ts';
import { refuseNul } from './refuse-nul.ts';
import type { Tables } from './tables.ts';

const attemptsMax = 20;
const int8 = 20;
const restoredAtOnce = 500;

/**
 * Opens the store at this address and brings it to the newest schema. `tell` hears how far a long migration is.
 * @throws AppError `start_refused` when it cannot be reached or was made by a newer Portico.
 */
export async function openPostgres({ url, connectionsMax = 10, tell }: { url: string; connectionsMax?: number; tell?: Tell | undefined }): Promise<Database> {
  const kysely = connect(url, connectionsMax);
  try {
    await sql`select 1`.execute(kysely).catch((cause: Error) => {
      throw new AppError('start_refused', `The database ${withoutPassword(url)} cannot be reached: ${cause.message || String((cause as { code?: string }).code)}.`, { cause });
    });
    await migrate(kysely, 'postgres', { now: Date.now(), tell });
  } catch (error) {
    await kysely.destroy();
    throw error;
  }
  return {
    engine: 'postgres',
    kysely,
    transaction: (work) => repeatOnCollision(() => kysely.transaction().setIsolationLevel('serializable').execute(work)),
    backup: (file) => dump(kysely, file),
    sizeBytes: async () => (await sql<{ size: number }>`select pg_database_size(current_database()) as size`.execute(kysely)).rows[0]!.size,
    close: () => kysely.destroy(),
  };
}

/** The schema must be there. */
export function openPostgresReader({ url }: { url: string }): Reader {
  const kysely = connect(url, 1);
  return { kysely, close: () => kysely.destroy() };
}

/**
 * Fills an empty database from a dump that `backup` wrote, then brings it to the newest schema.
 * @throws AppError `start_refused` when the dump is unreadable or newer than this Portico; `conflict` when the database already holds a store and `replace` is not set. Nothing is changed then.
 */
export async function restorePostgres({ url, file, replace = false }: { url: string; file: string; replace?: boolean }): Promise<void> {
  const kysely = connect(url, 2);
  try {
    const schema = await dumpSchema(file);
    await kysely.transaction().execute(async (query) => {
      if (replace) await dropTables(query);
      else if (await schemaNumber(query, 'postgres') > 0) throw new AppError('conflict', `The database ${withoutPassword(url)} already holds a store. Restore into an empty one, or say that it may be replaced.`);
      await migrateWithin(query, 'postgres', { now: Date.now(), upTo: schema });
      await load(query, file);
      await migrateWithin(query, 'postgres', { now: Date.now() });
    });
  } finally {
    await kysely.destroy();
  }
}

function connect(url: string, connectionsMax: number): Kysely<Tables> {
  const getTypeParser = (oid: number, format?: 'text' | 'binary') => (oid === int8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format as 'text'));
  const pool = new pg.Pool({ connectionString: url, max: connectionsMax, types: { getTypeParser } as pg.CustomTypesConfig });
  // An idle connection that the server closes is replaced at the next query; unheard, the event would end the process.
  pool.on('error', () => {});
  return new Kysely<Tables>({ dialect: strict(new PostgresDialect({ pool })) });
}

function strict(dialect: Dialect): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(), createIntrospector: (db) => dialect.createIntrospector(db), createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => {
      const driver = dialect.createDriver();
      const known = new WeakSet<DatabaseConnection>();
      const acquire = driver.acquireConnection.bind(driver);
      driver.acquireConnection = async (...given) => {
        const connection = await acquire(...given);
        if (known.has(connection)) return connection;
        known.add(connection);
        const run = connection.executeQuery.bind(connection);
        connection.executeQuery = (query, ...more) => {
          refuseNul(query.parameters);
          return run(query, ...more);
        };
        return connection;
      };
      return driver;
    },
  };
}

/** Serialisation failure and deadlock (PostgreSQL manual, appendix A) mean: the same again. */
async function repeatOnCollision<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      const { code } = error as { code?: string };
      if (attempt >= attemptsMax || (code !== '40001' && code !== '40P01')) throw error;
      await delay(Math.random() * 5 * attempt);
    }
  }
}

const withoutPassword = (url: string): string => url.replace(/\/\/([^:/@]*):[^@]*@/, '//$1:***@');

/** Parents before children, so that a load in this order meets every foreign key. */
const tablesInOrder = tablesOf([
  'user', 'session', 'account', 'verification', 'rateLimit', 'setting', 'attempt', 'member', 'consumer', 'invitation', 'developer', 'activity', 'mail',
  'product', 'version', 'version_document', 'operation', 'plan', 'plan_revision', 'subscription', 'key', 'key_subscription', 'token_binding', 'credential_change', 'usage', 'usage_month', 'spool_position',
  'asset', 'article', 'document_part', 'search_index', 'sample_run', 'page_feedback', 'notice', 'product_invitation', 'audit_entry',
  'subscription_phase', 'billing_period', 'billed_usage', 'invoice', 'invoice_line', 'billing_account', 'tax_rate', 'credit_grant', 'credit_use', 'coupon', 'coupon_redemption', 'upgrade_case',
  'payment_customer', 'payment', 'webhook_event',
  'learn_term', 'learn_set', 'learn_progress', 'learn_start', 'learn_refusal',
]);

/** Does not compile when a table is missing from the list. */
function tablesOf<const List extends readonly (keyof Tables)[]>(list: Exclude<keyof Tables, List[number] | 'schema_migration'> extends never ? List : never): List {
  return list;
}

/** JSON lines: `{"portico":"store","schema":1}`, then `{"table":"user","row":{...}}` of one moment, then `{"end":true}`. */
async function dump(kysely: Kysely<Tables>, file: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await kysely.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(async (query) => {
      await handle.write(`${JSON.stringify({ portico: 'store', schema: await schemaNumber(query, 'postgres') })}\n`);
      for (const table of tablesInOrder) {
        await sql`declare dumped no scroll cursor for select row_to_json(t)::text as row from ${sql.table(table)} t`.execute(query);
        for (;;) {
          const { rows } = await sql<{ row: string }>`fetch 500 from dumped`.execute(query);
          if (rows.length === 0) break;
          await handle.write(rows.map(({ row }) => `{"table":${JSON.stringify(table)},"row":${row}}\n`).join(''));
        }
        await sql`close dumped`.execute(query);
      }
      await handle.write('{"end":true}\n');
    });
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function dumpSchema(file: string): Promise<number> {
  const newest = migrations.at(-1)!.number;
  await access(file).catch((cause: unknown) => {
    throw new AppError('start_refused', `There is no readable file ${file}.`, { cause });
  });
  for await (const line of lines(file)) {
    const head = parsed(file, line) as { portico?: unknown; schema?: unknown };
    if (head.portico !== 'store' || typeof head.schema !== 'number') break;
    if (head.schema > newest) throw new AppError('start_refused', `The backup ${file} has schema ${head.schema}; this Portico knows ${newest}. Restore it with the Portico that made it.`);
    return head.schema;
  }
  throw new AppError('start_refused', `${file} is not a backup of a Portico store on Postgres.`);
}

async function load(query: Query, file: string): Promise<void> {
  let table = '';
  let rows: unknown[] = [];
  let head = true;
  let whole = false;
  const flush = async (): Promise<void> => {
    if (rows.length > 0) await sql`insert into ${sql.table(table)} select * from json_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::json)`.execute(query);
    rows = [];
  };
  for await (const line of lines(file)) {
    const entry = parsed(file, line) as { table: string; row: unknown; end?: true };
    if (entry.end) whole = true;
    if (head || whole) {
      head = false;
      continue;
    }
    if (!(tablesInOrder as readonly string[]).includes(entry.table)) throw new AppError('start_refused', `The backup ${file} names a table that does not exist: ${entry.table}.`);
    if (entry.table !== table || rows.length >= restoredAtOnce) await flush();
    table = entry.table;
    rows.push(entry.row);
  }
  await flush();
  if (!whole) throw new AppError('start_refused', `The backup ${file} is cut off: its end is missing.`);
  await sql`select setval(pg_get_serial_sequence('credential_change', 'seq'), (select coalesce(max(seq), 0) + 1 from credential_change), false)`.execute(query);
}

async function dropTables(query: Query): Promise<void> {
  for (const table of [...tablesInOrder, 'schema_migration'].reverse()) await sql`drop table if exists ${sql.table(table)} cascade`.execute(query);
  for (const name of ['credential_change_in_turn', 'refuse_final_invoice', 'refuse_final_invoice_line']) await sql`drop function if exists ${sql.id(name)}`.execute(query);
}

const lines = (file: string) => createInterface({ input: createReadStream(file), crlfDelay: Infinity });

function parsed(file: string, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new AppError('start_refused', `${file} is not a whole backup of a Portico store on Postgres: a line is not JSON.`, { cause });
  }
}
