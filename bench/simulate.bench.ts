// The price simulator on a million subscription-months, each of 30 rows of the ledger over three meters: seconds and peak memory, beside a plain read of the same rows.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import type { Kysely } from 'kysely';
import { fillUsageMonths } from '../src/store/migrations/0005-billing.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import { generate } from './simulate/generate.ts';
import type { SimulationTaken } from './simulate/run.ts';

const rounds = 3;
const subscriptionMonths = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'portico-bench-'));
const file = join(folder, 'portico.db');
try {
  const database = await openSqlite({ file });
  await database.close();
  const generating = performance.now();
  const subscriptions = generate(file, subscriptionMonths, (done) => process.stderr.write(`\r${done} subscriptions`));
  const ledgerBytes = statSync(file).size;
  const summing = performance.now();
  const store = await openSqlite({ file });
  // In parts as large as a start sums them: one transaction.
  await store.transaction(async (query) => fillUsageMonths(query as unknown as Kysely<unknown>, (line) => process.stderr.write(`\n${line}`)));
  await store.close();
  const filledSeconds = (performance.now() - summing) / 1_000;
  process.stderr.write(`\ngenerated in ${Math.round((summing - generating) / 1_000)} s, summed by month in ${Math.round(filledSeconds)} s\n`);

  const taken: SimulationTaken[] = [];
  const plain: number[] = [];
  for (let round = 0; round < rounds; round++) {
    plain.push(readPlainly());
    taken.push(JSON.parse(execFileSync(process.execPath, [fileURLToPath(new URL('simulate/run.ts', import.meta.url)), file], { encoding: 'utf8' })) as SimulationTaken);
  }
  const middle = taken.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(rounds / 2)]!;
  const yardstick = plain.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]!;
  const result = {
    node: process.version, cores: cpus().length, subscriptions, subscriptionMonths: middle.periods, ledgerRows: middle.periods * 30, seconds: round2(middle.seconds), secondsEach: taken.map(({ seconds }) => round2(seconds)), cpuSeconds: round2(middle.cpuSeconds),
    peakRssMb: Math.round(Math.max(...taken.map(({ peakRssMb }) => peakRssMb))), plainReadSeconds: round2(yardstick), ratioToPlainRead: round2(middle.seconds / yardstick), sumByMonthSeconds: round2(filledSeconds), ledgerMb: Math.round(ledgerBytes / 1e6), monthsMb: monthsMb(), old: middle.old, new: middle.new,
  };
  mkdirSync(new URL('results/', import.meta.url), { recursive: true });
  if (subscriptionMonths >= 1_000_000) writeFileSync(new URL('results/simulate.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** One thread, one connection: every period with the sums of its month, and nothing made of them. */
function readPlainly(): number {
  const db = new DatabaseSync(file, { readOnly: true });
  const begun = performance.now();
  let characters = 0;
  for (const row of db.prepare('select billing_period.subscription_id, billing_period.from_at, billing_period.to_at, sums from billing_period join usage_month on usage_month.subscription_id = billing_period.subscription_id and usage_month.from_at = billing_period.from_at order by billing_period.subscription_id, billing_period.from_at').iterate()) characters += (row['sums'] as string).length;
  db.close();
  if (characters === 0) throw new Error('there is nothing to read');
  return (performance.now() - begun) / 1_000;
}

function monthsMb(): number {
  const db = new DatabaseSync(file, { readOnly: true });
  const { bytes } = db.prepare('select sum(length(subscription_id) + length(sums) + 12) as bytes from usage_month').get() as { bytes: number };
  db.close();
  return Math.round(bytes / 1e6);
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
