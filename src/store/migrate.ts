// Brings a store to the newest schema. Numbered, forward-only; a store that is newer than this program is refused.
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { AppError } from '../errors.ts';
import { createFirstSchema } from './migrations/0001-first-schema.ts';
import { addRequestedPlan } from './migrations/0002-requested-plan.ts';
import { addPortalAndWorkspace } from './migrations/0003-portal-and-workspace.ts';
import { addTokenBindings } from './migrations/0004-token-bindings.ts';
import { addBilling } from './migrations/0005-billing.ts';
import { addLearn } from './migrations/0006-learn.ts';
import type { Query } from './database.ts';
import { isLocked } from './sqlite-dialect.ts';
import type { Tables } from './tables.ts';

export type Engine = 'sqlite' | 'postgres';

/** Where a migration that takes long says how far it is: a line for the operator. */
export type Tell = (line: string) => void;

export interface Migration {
  number: number;
  name: string;
  up(query: Kysely<unknown>, engine: Engine, now: number, tell: Tell): Promise<void>;
}

/** In order; frozen once released. */
export const migrations: readonly Migration[] = [
  { number: 1, name: 'first-schema', up: createFirstSchema },
  { number: 2, name: 'requested-plan', up: addRequestedPlan },
  { number: 3, name: 'portal-and-workspace', up: addPortalAndWorkspace },
  { number: 4, name: 'token-bindings', up: addTokenBindings },
  { number: 5, name: 'billing', up: addBilling },
  { number: 6, name: 'learn', up: addLearn },
];

/** Any constant that nobody else locks in the same Postgres database: "portico" as digits on a telephone. */
const advisoryLock = 7_678_426;

/** For another process that migrates the same store: a large ledger takes minutes. */
const othersMaxMs = 6 * 3_600_000;

/**
 * Runs what is missing in one transaction, safe against others that open the same store at the same time: one migrates, the others wait for it.
 * @throws AppError `start_refused` when the store was made by a newer Portico.
 */
export async function migrate(kysely: Kysely<Tables>, engine: Engine, options: MigrateOptions): Promise<void> {
  const deadline = Date.now() + othersMaxMs;
  for (;;) {
    // Without the write lock, which whoever migrates holds for as long as that takes.
    if (await schemaNumber(kysely, engine) === lastOf(options)) return;
    try {
      return await kysely.transaction().execute((query) => migrateWithin(query, engine, options));
    } catch (error) {
      if (engine !== 'sqlite' || !isLocked(error) || Date.now() > deadline) throw error;
    }
  }
}

export interface MigrateOptions { now: number; upTo?: number; known?: readonly Migration[]; tell?: Tell | undefined }

function lastOf({ upTo, known = migrations }: MigrateOptions): number {
  return upTo ?? known.at(-1)?.number ?? 0;
}

/** The same inside a transaction of the caller's, which nobody else may write beside. */
export async function migrateWithin(query: Query, engine: Engine, { now, upTo, known = migrations, tell = () => undefined }: MigrateOptions): Promise<void> {
  const newest = known.at(-1)?.number ?? 0;
  if (engine === 'postgres') await sql`select pg_advisory_xact_lock(${sql.lit(advisoryLock)})`.execute(query);
  const present = await schemaNumber(query, engine);
  if (present > newest) {
    throw new AppError('start_refused', `The store has schema ${present}, made by a newer Portico; this one knows ${newest}. Start that newer Portico, or restore a backup from before the upgrade.`);
  }
  for (const migration of known) {
    if (migration.number <= present || migration.number > (upTo ?? newest)) continue;
    await migration.up(query as unknown as Kysely<unknown>, engine, now, tell);
    await query.insertInto('schema_migration').values({ number: migration.number, name: migration.name, applied_at: now }).execute();
  }
}

/** 0 for an empty store. */
export async function schemaNumber(query: Query, engine: Engine): Promise<number> {
  const found = engine === 'sqlite'
    ? await sql`select 1 from sqlite_master where type = 'table' and name = 'schema_migration'`.execute(query)
    : await sql`select 1 from pg_tables where schemaname = current_schema() and tablename = 'schema_migration'`.execute(query);
  if (found.rows.length === 0) return 0;
  const row = await query.selectFrom('schema_migration').select((eb) => eb.fn.max('number').as('number')).executeTakeFirst();
  return row?.number ?? 0;
}
