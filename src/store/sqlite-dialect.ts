// Kysely on node:sqlite. Kysely's own SQLite dialect expects another driver's statements and refuses DatabaseSync.
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import { CompiledQuery, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { DatabaseConnection, Dialect, Driver, QueryResult, TransactionSettings } from 'kysely';
import { refuseNul } from './refuse-nul.ts';

const statementsMax = 256;
const usualWaitMaxMs = 30_000;
const turnMaxMs = 10;

/** `waitMaxMs`: for the write lock of another connection. One connection, handed to one query or transaction at a time, in order of arrival. The connection is closed by `destroy`. */
export function sqliteDialect(connection: DatabaseSync, waitMaxMs = usualWaitMaxMs): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => sqliteDriver(connection, waitMaxMs),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function sqliteDriver(connection: DatabaseSync, waitMaxMs: number): Driver {
  const turn = queue(usualWaitMaxMs);
  const session = sqliteSession(connection, waitMaxMs);
  const run = async (sql: string): Promise<void> => {
    await session.executeQuery(CompiledQuery.raw(sql));
  };
  return {
    init: async () => {},
    acquireConnection: async () => {
      await turn.take();
      return session;
    },
    // The write lock is taken at the start: a transaction that reads first and writes later could otherwise fail half-way with SQLITE_BUSY_SNAPSHOT.
    beginTransaction: (_, settings: TransactionSettings) => run(settings.accessMode === 'read only' ? 'begin' : 'begin immediate'),
    commitTransaction: () => run('commit'),
    // SQLite has already rolled back by itself after a full disk and the like.
    rollbackTransaction: () => (connection.isTransaction ? run('rollback') : Promise.resolve()),
    releaseConnection: async () => turn.give(),
    destroy: async () => connection.close(),
  };
}

function sqliteSession(connection: DatabaseSync, waitMaxMs: number): DatabaseConnection {
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known) {
      statements.delete(sql);
      statements.set(sql, known);
      return known;
    }
    const statement = connection.prepare(sql);
    statements.set(sql, statement);
    if (statements.size > statementsMax) statements.delete(statements.keys().next().value!);
    return statement;
  };
  return {
    executeQuery: <R>(query: CompiledQuery) => whenUnlocked(connection, waitMaxMs, (): QueryResult<R> => {
      refuseNul(query.parameters);
      const statement = prepared(query.sql);
      const parameters = query.parameters as SQLInputValue[];
      // Rows come without a prototype, which other code does not expect of an object.
      if (statement.columns().length > 0) return { rows: statement.all(...parameters).map((row) => ({ ...row })) as R[] };
      const { changes, lastInsertRowid } = statement.run(...parameters);
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
    }),
    async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
      // A statement of its own: a cached one would be reset by the next query with the same text.
      for (const row of connection.prepare(query.sql).iterate(...(query.parameters as SQLInputValue[]))) yield { rows: [{ ...row } as R] };
    },
  };
}

/**
 * Waits for the write lock of another connection without blocking the thread: SQLite's own busy timeout would, and for ever when
 * the holder is a transaction of this same thread. Inside a transaction the lock is already held.
 */
async function whenUnlocked<T>(connection: DatabaseSync, waitMaxMs: number, run: () => T): Promise<T> {
  await turnShared();
  const deadline = Date.now() + waitMaxMs;
  for (let waitMs = 1; ; waitMs = Math.min(waitMs * 2, 16)) {
    try {
      return run();
    } catch (error) {
      if (connection.isTransaction || !isLocked(error) || Date.now() > deadline) throw error;
      await delay(waitMs);
    }
  }
}

let turnBegun = 0;

/** Queries here finish without the event loop turning: a caller that makes one after another would keep everything else from running. */
async function turnShared(): Promise<void> {
  if (performance.now() - turnBegun < turnMaxMs) return;
  await setImmediate();
  turnBegun = performance.now();
}

const busy = 5; // SQLITE_BUSY; extended codes keep it in the low byte (sqlite.org/rescode.html)
export const isLocked = (error: unknown): boolean => error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === busy;

/** Waits in order of arrival. A wait without end means that a transaction awaited a query outside itself: that is said instead. */
function queue(waitMaxMs: number): { take(): Promise<void>; give(): void } {
  let taken = false;
  const waiting: { go: () => void; timer: NodeJS.Timeout }[] = [];
  return {
    take: () => {
      if (!taken) {
        taken = true;
        return Promise.resolve();
      }
      return new Promise((resolve, reject) => {
        const entry = {
          go: resolve,
          timer: setTimeout(() => {
            waiting.splice(waiting.indexOf(entry), 1);
            reject(new Error(`The SQLite connection was held for ${waitMaxMs} ms. Does a transaction wait for a query outside itself?`));
          }, waitMaxMs),
        };
        waiting.push(entry);
      });
    },
    give: () => {
      const next = waiting.shift();
      if (!next) {
        taken = false;
        return;
      }
      clearTimeout(next.timer);
      next.go();
    },
  };
}
