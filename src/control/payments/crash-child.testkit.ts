// A process that works on payments over a store and a Stripe, and kills itself before a chosen step: a statement, a request to Stripe, or what follows its answer.
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import type { KyselyPlugin } from 'kysely';
import { pino } from 'pino';
import { readConfig } from '../../config.ts';
import type { Database } from '../../store/database.ts';
import { openSqlite } from '../../store/sqlite.ts';
import type { Collecting } from './payment-provider.ts';
import { workPayments } from './payments-job.ts';
import { openStripePayments } from './stripe/stripe-payments.ts';
import { stripeSecret } from './stripe/stripe-server.testkit.ts';

export interface PaymentsCrash { file: string; apiUrl: string; now: number; killAt: number | null }

/** Works once at one moment; `beforeStep` hears of each step before it is made. */
export async function workOnce(database: Database, { apiUrl, now }: Pick<PaymentsCrash, 'apiUrl' | 'now'>, beforeStep: () => void = () => undefined): Promise<void> {
  const counting: KyselyPlugin = { transformQuery: ({ node }) => { beforeStep(); return node; }, transformResult: async ({ result }) => result };
  const counted: Database = { ...database, kysely: database.kysely.withPlugin(counting), transaction: (work) => database.transaction((query) => work(query.withPlugin(counting))) };
  const stripe = { secret: stripeSecret, webhookSecret: 'whsec_of_tests', apiUrl };
  const { collects } = await openStripePayments(stripe, () => now);
  const stepped = Object.fromEntries(Object.entries(collects!).map(([name, method]) => [name, async (...input: unknown[]) => {
    beforeStep();
    const answer: unknown = await (method as (...given: unknown[]) => unknown)(...input);
    beforeStep();
    return answer;
  }])) as unknown as Collecting;
  await workPayments({ database: counted, clock: { now: () => now, monotonicNs: () => 0n }, random: randomBytes, log: pino({ level: 'silent' }), config: { ...readConfig({}), stripe }, collecting: stepped });
}

if (process.argv[1] === import.meta.filename) {
  const { killAt, ...input } = JSON.parse(process.argv[2]!) as PaymentsCrash;
  const database = await openSqlite({ file: input.file });
  let steps = 0;
  await workOnce(database, input, () => {
    if (++steps === killAt) process.kill(process.pid, 'SIGKILL');
  });
  writeSync(1, `finished ${steps}\n`);
}
