import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';

/** A lock held through an open SQLite file: the system releases it when the process dies, so it is never stale. */
export interface Lock {
  /** Grows by one with each holder. */
  turn: number;
  release(): void;
}

/** Undefined when another process still holds the lock after `waitMs`. @param leastTurn the turn is at least this */
export async function acquireLock(file: string, { waitMs = 0, leastTurn = 1 } = {}): Promise<Lock | undefined> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const lock = tryLock(file, leastTurn);
    if (lock || performance.now() >= deadline) return lock;
    await wait(25);
  }
}

function tryLock(file: string, leastTurn: number): Lock | undefined {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    // In exclusive mode the connection keeps the file lock after its first write until it is closed.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS turn (number INTEGER NOT NULL)');
    const row = database.prepare('SELECT max(number) AS number FROM turn').get() as { number: number | null };
    const turn = Math.max(leastTurn, (row.number ?? 0) + 1);
    database.exec('DELETE FROM turn');
    database.prepare('INSERT INTO turn VALUES (?)').run(turn);
    database.exec('COMMIT');
    return { turn, release: () => database.close() };
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === 5) return undefined; // SQLITE_BUSY
    throw error;
  }
}

/** How long the children of a killed supervisor may still hold their locks, ms. */
export const predecessorMs = 5_000;
