import type { Database } from '../store/database.ts';

/** Postgres where an address is set, else SQLite in the data folder. The driver that is not used is not loaded. */
export async function openDatabase({ databaseFile, databaseUrl }: { databaseFile: string; databaseUrl: string | null }): Promise<Database> {
  if (databaseUrl !== null) {
    const { openPostgres } = await import('../store/postgres.ts');
    return openPostgres({ url: databaseUrl });
  }
  const { openSqlite } = await import('../store/sqlite.ts');
  return openSqlite({ file: databaseFile });
}
