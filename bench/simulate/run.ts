// A process of its own, so that its peak memory is the simulation's: opens the store as control does, simulates, and says what that took.
import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { systemClock } from '../../src/clock.ts';
import { createSimulator } from '../../src/control/simulator/simulator.ts';
import { priceReplayer } from '../../src/process/price-replayer.ts';
import { openDatabase } from '../../src/process/open-database.ts';
import { threadStarter } from '../../src/process/threads.ts';
import { draft, now, window } from './generate.ts';

export interface SimulationTaken { seconds: number; peakRssMb: number; cpuSeconds: number; periods: number; old: string; new: string; leftOut: object }

const store = { databaseFile: process.argv[2]!, databaseUrl: process.argv[3] ?? null };
const database = await openDatabase(store);
const refuse = async (): Promise<never> => { throw new Error('nothing is rolled out here'); };
const simulator = createSimulator({ database, clock: { ...systemClock, now: () => now }, random: randomBytes, log: pino({ level: 'error' }), replayPrices: priceReplayer(threadStarter(new URL('../../src/main.ts', import.meta.url)), store) }, { plans: { save: refuse }, subscriptions: { schedulePrices: refuse } });
const cpu = process.cpuUsage();
const begun = performance.now();
const { id } = await simulator.start({ kind: 'admin-token' }, { draft, productSlug: 'atlas', ...window });
let run = await simulator.getRun({ kind: 'admin-token' }, { id });
for (; run.state === 'running'; run = await simulator.getRun({ kind: 'admin-token' }, { id })) await new Promise((resolve) => { setTimeout(resolve, 10); });
const seconds = (performance.now() - begun) / 1_000;
const { user, system } = process.cpuUsage(cpu);
if (run.result === null) throw new Error(run.error ?? 'nothing came out');
const [total] = run.result.totals;
process.stdout.write(JSON.stringify({ seconds, peakRssMb: process.resourceUsage().maxRSS / 1_024, cpuSeconds: (user + system) / 1e6, periods: total!.periods, old: total!.old, new: total!.new, leftOut: run.result.leftOut } satisfies SimulationTaken));
await database.close();
