// A process that runs the billing over a store and that the crash test kills: from outside, or by its own hand before a statement.
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import type { KyselyPlugin } from 'kysely';
import { pino } from 'pino';
import type { Database } from '../../store/database.ts';
import { openSqlite } from '../../store/sqlite.ts';
import { rollPeriods } from '../subscriptions/roll-periods.ts';
import { runBilling, type RunDeps } from './run-billing.ts';

export interface BillingCrash { file: string; now: number; /** Before which statement it kills itself; null: never. */ killAt: number | null }

/** Runs the billing once, over one store, at one moment; `beforeStatement` hears each statement before it is sent. */
export async function billOnce(database: Database, now: number, beforeStatement: () => void = () => undefined): Promise<Awaited<ReturnType<typeof runBilling>>> {
  const counting: KyselyPlugin = { transformQuery: ({ node }) => { beforeStatement(); return node; }, transformResult: async ({ result }) => result };
  const counted: Database = { ...database, kysely: database.kysely.withPlugin(counting), transaction: (work) => database.transaction((query) => work(query.withPlugin(counting))) };
  const deps: RunDeps = {
    database: counted, clock: { now: () => now, monotonicNs: () => 0n }, random: randomBytes, log: pino({ level: 'silent' }),
    ingestStatus: async () => ({ lagBytes: 0, lagMs: 0, corruptRecords: 0, ledger: { readUpTo: now, unread: [], failing: null } }),
  };
  const gateways = { publishSnapshot: async () => ({ unconfirmed: [] }), credentialsChanged: async () => ({ unconfirmed: [] }) };
  return runBilling(deps, { rollPeriods: () => rollPeriods(deps, gateways as never) }, { actor: { kind: 'system' }, everything: true });
}

if (process.argv[1] === import.meta.filename) {
  const { file, now, killAt } = JSON.parse(process.argv[2]!) as BillingCrash;
  const database = await openSqlite({ file });
  let statements = 0;
  writeSync(1, 'started\n');
  await billOnce(database, now, () => {
    if (++statements === killAt) process.kill(process.pid, 'SIGKILL');
  });
  writeSync(1, `finished ${statements}\n`);
}
