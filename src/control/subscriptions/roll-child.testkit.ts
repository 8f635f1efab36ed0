// A process of its own that ends periods until it is killed: `node roll-child.testkit.ts <store> <clock, ms UTC>`.
import { randomBytes } from 'node:crypto';
import { openSqlite } from '../../store/sqlite.ts';
import { rollPeriods } from './roll-periods.ts';

const [file, now] = process.argv.slice(2) as [string, string];
const database = await openSqlite({ file });
process.stdout.write('ready\n');
const nobody = { publishSnapshot: () => Promise.resolve({ version: 0, unconfirmed: [] }), credentialsChanged: () => Promise.resolve({ unconfirmed: [] }) };
const ended = await rollPeriods({ database, clock: { now: () => Number(now), monotonicNs: () => 0n }, random: randomBytes }, nobody);
process.stdout.write(`ended ${ended}\n`);
await database.close();
