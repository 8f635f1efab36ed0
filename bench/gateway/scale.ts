// What many keys, a second thread, and changes under way cost: each beside the same Portico without them, round by round.
import { setTimeout as wait } from 'node:timers/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import { cases, type Case } from './cases.ts';
import { runLoad, type LoadResult } from './load.ts';
import { keyCount, makeManyKeys } from './many-keys.ts';
import { operationCount, startPorticoProxy, type PorticoProxy } from './portico-proxy.ts';
import { memoryMb, type Scope } from './processes.ts';
import { median, runRounds, type Measured, type RoundsOptions } from './rounds.ts';
import type { Upstream } from './yardsticks.ts';

export interface Scale {
  /** CPU a request with many keys and operations, by that with one of each. */
  manyKeysRatio: number;
  /** Gateway with two threads and all those keys, after load. */
  twoThreadsMemoryMb: number;
  /** CPU a request with two threads, by that with one. */
  twoThreadsCpuRatio: number;
  twoThreadsThroughputRatio: number;
  /** Longest latency of the rounds without and with changes, median of rounds, ms. */
  maxMsWithout: number;
  maxMsWith: number;
  configurationSwaps: number;
  keyChanges: number;
  failedWhileChanging: number;
  answeredWhileChanging: number;
}

const small = cases.find(({ name }) => name === 'small')!;
const changeEveryMs = 50;
const swapEveryMs = 1_000;

export async function measureScale(scope: Scope, upstream: Upstream, one: PorticoProxy, options: RoundsOptions): Promise<Scale> {
  await one.settled!();
  const before = await one.metered();
  const { dataFolder, drawn } = await makeManyKeys(scope, upstream, options.progress);
  const many = await startPorticoProxy(scope, upstream, { name: `${keyCount} keys`, dataFolder });
  const [few, drawing] = await alternate([[one, { ...small, path: '/group0/things0/7' }], [many, { ...small, title: `${keyCount} keys, ${operationCount} operations`, path: '', load: { ...small.load, drawn } }]], options);
  await many.portico.stop();
  const two = await startPorticoProxy(scope, upstream, { name: 'two threads', dataFolder, workers: 2 });
  await alternate([[two, { ...small, path: '', load: { ...small.load, drawn } }]], { ...options, rounds: 1 });
  const twoThreadsMemoryMb = memoryMb(two.pids());
  const [single, double] = await alternate([[one, small], [two, small]], options);
  await two.portico.stop();
  const cpu = ({ rounds }: Measured): number => median(rounds.map(({ cpuUs }) => cpuUs));
  const rate = ({ rounds }: Measured): number => median(rounds.map(({ requests, seconds }) => requests / seconds));
  const changes = await measureChanges(one, rate(single!), options);
  await checkMetered(one, before, few!.answered + single!.answered + changes.answered, 4 * (options.rounds + 1) * small.load.connections);
  return {
    manyKeysRatio: cpu(drawing!) / cpu(few!), twoThreadsMemoryMb, twoThreadsCpuRatio: cpu(double!) / cpu(single!), twoThreadsThroughputRatio: rate(double!) / rate(single!),
    ...changes.figures,
  };
}

/** Each answer is in the ledger, and beyond them only what was on its way when a round ended. */
export async function checkMetered(portico: PorticoProxy, before: number, answered: number, onTheirWayMax: number): Promise<number> {
  await portico.settled!();
  const metered = await portico.metered() - before;
  if (metered < answered || metered > answered + onTheirWayMax) throw new Error(`${answered} requests were answered, but ${metered} are metered`);
  return metered;
}

/** Each of these once, then each again. */
async function alternate(pairs: [PorticoProxy, Case][], options: RoundsOptions): Promise<Measured[]> {
  const measured = pairs.map(([proxy]): Measured => ({ proxy: proxy.name, rounds: [], memoryMb: 0, answered: 0 }));
  for (let round = 0; round <= options.rounds; round++) {
    for (const [place, [proxy, test]] of pairs.entries()) {
      const [one] = await runRounds([proxy], test, { ...options, rounds: 1, warmUp: round === 0 });
      if (round > 0) measured[place]!.rounds.push(...one!.rounds);
      measured[place]!.answered += one!.answered;
    }
  }
  return measured;
}

async function measureChanges(one: PorticoProxy, mostPerSecond: number, { folder, rounds, seconds, progress }: RoundsOptions) {
  // Each connection waits between its requests, so that half of what the gateway can do arrives.
  const pauseMs = Math.round((small.load.connections / (mostPerSecond / 2)) * 1_000);
  const load = { ...small.load, pauseMs, headers: one.headers, seconds: 2 * seconds };
  const run = (): Promise<LoadResult> => runLoad(folder, `${one.url}/small`, load);
  const still: LoadResult[] = [];
  const changed: LoadResult[] = [];
  const changes = { swaps: 0, keys: 0 };
  for (let round = 0; round < rounds; round++) {
    progress(`Half load without and with changes, round ${round + 1} of ${rounds}`);
    still.push(await run());
    const stop = new AbortController();
    const changing = Promise.all([swapConfigurations(one, changes, stop.signal), changeKeys(one, changes, stop.signal)]);
    // Whatever goes wrong meanwhile is told once the load is over.
    changing.catch(() => undefined);
    changed.push(await run());
    stop.abort();
    await changing;
  }
  const longest = (results: LoadResult[]): number => median(results.map(({ maxUs }) => maxUs)) / 1_000;
  const figures = {
    maxMsWithout: longest(still), maxMsWith: longest(changed), configurationSwaps: changes.swaps, keyChanges: changes.keys,
    failedWhileChanging: changed.reduce((sum, { errors }) => sum + errors, 0), answeredWhileChanging: changed.reduce((sum, { requests }) => sum + requests, 0),
  };
  return { figures, answered: [...still, ...changed].reduce((sum, { requests }) => sum + requests, 0) };
}

/** A plan's limit goes up and down again, by `portico apply`. */
async function swapConfigurations({ portico, configuration }: PorticoProxy, changes: { swaps: number }, stop: AbortSignal): Promise<void> {
  const text = readFileSync(configuration, 'utf8');
  while (!stop.aborted) {
    changes.swaps++;
    writeFileSync(configuration, changes.swaps % 2 === 0 ? text : text.replace('requests: 1000000,', 'requests: 2000000,'));
    await portico.cli('apply', '--file', configuration);
    await wait(swapEveryMs);
  }
  writeFileSync(configuration, text);
}

async function changeKeys({ portico }: PorticoProxy, changes: { keys: number }, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const { id } = await portico.api<{ id: string }>('POST', '/keys', { email: 'changing@example.com', product: 'bench', plan: 'standard' });
    await portico.api('POST', `/keys/${id}/revoke`);
    changes.keys += 2;
    await wait(changeEveryMs);
  }
}
