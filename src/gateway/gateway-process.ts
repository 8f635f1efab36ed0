// The gateway's main thread: follows control, writes the shared memory, and looks after the threads that serve.
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { RebuiltCounters } from '../metering/rebuild-counters.ts';
import { followControl, type Follower } from '../snapshot/follow.ts';
import { LastGoodCopy } from '../snapshot/last-good.ts';
import { CredentialKeeper } from './credential-keeper.ts';
import { GatewayThreads } from './gateway-threads.ts';
import { compileRoutes, type Routes } from './routing/compile-routes.ts';
import { drainMs, type GatewayThreadData } from './thread-messages.ts';

export interface GatewayProcessDeps {
  config: Config;
  clock: Clock;
  log: Logger;
  dataFolder: string;
  /** Of the spool: greater than that of every process before. */
  epoch: number;
  startThread(name: 'gateway-thread', data: GatewayThreadData): Worker;
  bridgePath: string;
  bridgeToken: string;
  /** Metered requests since a UTC day, and admissions since a moment (both ms UTC). */
  rebuildCounters(input: { since: number; recentSince: number }): Promise<RebuiltCounters>;
}

export interface RunningGateway {
  port: number;
  /** Stops accepting, finishes what is in flight within 10 s, and closes the spool. */
  stop(): Promise<void>;
}

const hourMs = 3_600_000;
const weekMs = 7 * 24 * hourMs;
const periodMs = 32 * 24 * hourMs;
/** With a last good copy at hand, control gets this long to say what has changed since. */
const syncWaitMs = 1_000;
const watchedMax = 1_000;
const sharesPorts = new Set<NodeJS.Platform>(['linux', 'freebsd', 'aix', 'sunos']);

/** Resolves once every thread accepts. */
export async function runGatewayProcess(deps: GatewayProcessDeps): Promise<RunningGateway> {
  const { config, clock, log } = deps;
  const folder = join(deps.dataFolder, 'gateway');
  const spoolFolder = join(deps.dataFolder, 'spool');
  mkdirSync(spoolFolder, { recursive: true, mode: 0o700 });
  // Rates reach an hour back, so their time begins before this process did.
  const baseNs = clock.monotonicNs() - BigInt(2 * hourMs) * 1_000_000n;
  let routes: Routes | null = null;
  let accepting = false;
  let stopped: Promise<void> | undefined;
  const watched = new Map<string, number>();

  const keeper = new CredentialKeeper({ clock, elapsedNs: () => Number(clock.monotonicNs() - baseNs), routes: () => routes }, await rebuild(deps));
  const lastGood = new LastGoodCopy(folder);
  const known = lastGood.load();
  if (known.snapshot) routes = compileRoutes(known.snapshot);
  keeper.apply({ first: true, reset: true, last: true, entries: [...known.credentials.values()] });

  const threads = new GatewayThreads({
    log,
    counters: keeper.counters,
    startThread: deps.startThread,
    dataFor: () => ({
      epoch: deps.epoch, spoolFolder, spoolSyncMs: config.spoolSyncMs, host: config.host, reusePort: sharesPorts.has(process.platform),
      trustedProxies: config.trustedProxies, whenUnmeterable: config.whenUnmeterable, baseNs,
      credentials: keeper.table.buffer, counters: keeper.countersBuffer, snapshot: routes!.snapshot,
      watched: [...watched].map(([address, until]) => ({ address, until })),
    }),
    onStranger: (message) => follower.send(message),
    onChange: () => follower.sendState(),
  }, config.gatewayPort);

  const stop = (): Promise<void> => (stopped ??= stopAll());
  const follower: Follower = followControl({
    bridgePath: deps.bridgePath,
    bridgeToken: deps.bridgeToken,
    gatewayId: gatewayId(folder),
    lastGood,
    log,
    onSnapshot: async (snapshot) => {
      routes = compileRoutes(snapshot);
      await threads.publish(snapshot);
    },
    onCredentials: (part) => keeper.apply(part),
    onWatch: (address, until) => {
      const now = clock.now();
      for (const [other, end] of watched) if (end < now) watched.delete(other);
      if (watched.size < watchedMax) watched.set(address, until);
      threads.post({ type: 'watch', address, until });
    },
    onDrain: () => { void stop().then(() => process.exit(0)); },
    state: () => ({ threads: threads.listening, accepting: accepting && threads.listening > 0, unmeterable: threads.unmeterable }),
  }, { snapshotVersion: known.snapshot?.version ?? 0, credentialSeq: known.credentialSeq });

  async function stopAll(): Promise<void> {
    accepting = false;
    follower.sendState();
    await threads.stop(drainMs);
    follower.close();
  }

  await (known.snapshot ? Promise.race([follower.synced, delay(syncWaitMs, undefined, { ref: false })]) : follower.synced);
  try {
    const port = await threads.start(sharesPorts.has(process.platform) ? config.workers : 1);
    accepting = true;
    follower.sendState();
    return { port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The longest quota window that reaches back: the year, and the week or billing period that the year began in. */
function rebuild(deps: GatewayProcessDeps): Promise<RebuiltCounters> {
  const now = deps.clock.now();
  const yearStart = Date.UTC(new Date(now).getUTCFullYear(), 0, 1);
  return deps.rebuildCounters({ since: Math.min(yearStart, now - weekMs, now - periodMs), recentSince: now - hourMs });
}

/** Stays the same across restarts, so that control knows a gateway again. */
function gatewayId(folder: string): string {
  const file = join(folder, 'id');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    const id = randomUUID();
    writeFileSync(file, `${id}\n`, { mode: 0o600 });
    return id;
  }
}
