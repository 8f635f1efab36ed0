import type { Database, Reader } from '../store/database.ts';

/** Postgres where an address is set, else SQLite in the data folder. The driver that is not used is not loaded. `tell` hears how far a long migration is. */
export async function openDatabase({ databaseFile, databaseUrl }: { databaseFile: string; databaseUrl: string | null }, tell?: (line: string) => void): Promise<Database> {
  if (databaseUrl !== null) {
    const { openPostgres } = await import('../store/postgres.ts');
    return openPostgres({ url: databaseUrl, tell });
  }
  const { openSqlite } = await import('../store/sqlite.ts');
  return openSqlite({ file: databaseFile, tell });
}

/** A connection of its own that only reads, to a store that is open elsewhere. */
export async function openReader({ databaseFile, databaseUrl }: { databaseFile: string; databaseUrl: string | null }): Promise<Reader> {
  if (databaseUrl !== null) {
    const { openPostgresReader } = await import('../store/postgres.ts');
    return openPostgresReader({ url: databaseUrl });
  }
  const { openSqliteReader } = await import('../store/sqlite.ts');
  return openSqliteReader({ file: databaseFile });
}
