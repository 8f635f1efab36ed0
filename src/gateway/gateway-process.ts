// The gateway's main thread: follows control, writes the shared memory, and looks after the threads that serve.
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Config, TlsIdentity } from '../config.ts';
import type { RebuiltCounters } from '../metering/rebuild-counters.ts';
import { followControl, type Follower } from '../snapshot/follow.ts';
import { LastGoodCopy } from '../snapshot/last-good.ts';
import { collectGarbage } from './collect-garbage.ts';
import { CredentialKeeper } from './credential-keeper.ts';
import { GatewayThreads, type GatewayThreadsDeps } from './gateway-threads.ts';
import { createAddressGenerations } from './shared/address-generations.ts';
import { UncountedCount } from './uncounted-count.ts';
import { watchTlsFiles } from './watch-tls-files.ts';
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

/** So many leave garbage that is worth a collection, after a rest. */
const manyCredentials = 10_000;
const restMs = 1_000;
const hourMs = 3_600_000;
const weekMs = 7 * 24 * hourMs;
const periodMs = 32 * 24 * hourMs;
/** With a last good copy at hand, control gets this long to say what has changed since. */
const syncWaitMs = 1_000;
const watchedMax = 1_000;
const uncountedMs = 5_000;
const sharesPorts = new Set<NodeJS.Platform>(['linux', 'freebsd', 'aix', 'sunos']);

/** Resolves once every thread accepts. */
export async function runGatewayProcess(deps: GatewayProcessDeps): Promise<RunningGateway> {
  const gateway = new GatewayProcess(deps, await rebuild(deps));
  await gateway.start();
  return gateway;
}

class GatewayProcess implements RunningGateway {
  port = 0;
  readonly #deps: GatewayProcessDeps;
  /** Rates reach an hour back, so their time begins before this process did. */
  readonly #baseNs: bigint;
  readonly #keeper: CredentialKeeper;
  readonly #generations = createAddressGenerations();
  readonly #threads: GatewayThreads;
  readonly #follower: Follower;
  readonly #watched = new Map<string, number>();
  readonly #uncounted = new UncountedCount();
  #uncountedTimer: NodeJS.Timeout | undefined;
  #tls: TlsIdentity | null;
  #stopWatching: (() => void) | undefined;
  #routes: Routes | null = null;
  #accepting = false;
  /** Credentials that came since the garbage of the last ones was collected. */
  #taken = 0;
  #stopped: Promise<void> | undefined;

  constructor(deps: GatewayProcessDeps, rebuilt: RebuiltCounters) {
    this.#deps = deps;
    this.#tls = deps.config.tls;
    this.#baseNs = deps.clock.monotonicNs() - BigInt(2 * hourMs) * 1_000_000n;
    this.#keeper = new CredentialKeeper({ clock: deps.clock, elapsedNs: () => Number(deps.clock.monotonicNs() - this.#baseNs), routes: () => this.#routes }, rebuilt);
    this.#threads = new GatewayThreads({
      log: deps.log,
      counters: this.#keeper.counters,
      startThread: deps.startThread,
      dataFor: () => this.#threadData(),
      onStranger: (message) => this.#follower.send(message),
      onUncounted: (calls) => {
        for (const one of calls) this.#uncounted.add(one);
        this.#tellUncounted();
      },
      whenUnmeterable: deps.config.whenUnmeterable,
      onChange: () => this.#follower.sendState(),
    }, deps.config.gatewayPort);
    const lastGood = new LastGoodCopy(join(deps.dataFolder, 'gateway'));
    const known = this.#serveLastGood(lastGood);
    this.#follower = followControl({
      bridgePath: deps.bridgePath, bridgeToken: deps.bridgeToken, gatewayId: gatewayId(join(deps.dataFolder, 'gateway')), lastGood, log: deps.log,
      onSnapshot: async (snapshot) => {
        this.#routes = compileRoutes(snapshot);
        await this.#threads.publish(snapshot);
      },
      onCredentials: (part) => this.#take(part),
      onWatch: (address, until) => this.#watch(address, until),
      onDrain: () => { void this.stop().then(() => process.exit(0)); },
      state: () => ({ threads: this.#threads.listening, accepting: this.#accepting && this.#threads.listening > 0, unmeterable: this.#threads.unmeterable, upstreams: this.#threads.upstreams() }),
    }, known);
  }

  async start(): Promise<void> {
    mkdirSync(this.#spoolFolder, { recursive: true, mode: 0o700 });
    await (this.#routes ? Promise.race([this.#follower.synced, delay(syncWaitMs, undefined, { ref: false })]) : this.#follower.synced);
    try {
      this.port = await this.#threads.start(sharesPorts.has(process.platform) ? this.#deps.config.workers : 1);
    } catch (error) {
      await this.stop();
      throw error;
    }
    this.#accepting = true;
    this.#follower.sendState();
    this.#watchTls();
    this.#uncountedTimer = setInterval(() => this.#tellUncounted(), uncountedMs).unref();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#accepting = false;
    this.#follower.sendState();
    await this.#threads.stop(drainMs);
    clearInterval(this.#uncountedTimer);
    this.#stopWatching?.();
    this.#tellUncounted();
    this.#follower.close();
  }

  #serveLastGood(lastGood: LastGoodCopy): { snapshotVersion: number; credentialSeq: number } {
    const known = lastGood.load();
    if (known.snapshot) this.#routes = compileRoutes(known.snapshot);
    this.#take({ first: true, reset: true, last: true, entries: [...known.credentials.values()] });
    return { snapshotVersion: known.snapshot?.version ?? 0, credentialSeq: known.credentialSeq };
  }

  #take(part: Parameters<CredentialKeeper['apply']>[0]): void {
    this.#keeper.apply(part);
    this.#taken += part.entries.length;
    if (!part.last || this.#taken < manyCredentials) return;
    this.#taken = 0;
    setTimeout(collectGarbage, restMs).unref();
  }

  #watchTls(): void {
    const { config: { tlsFiles }, log } = this.#deps;
    if (tlsFiles === null) return;
    this.#stopWatching = watchTlsFiles({
      files: tlsFiles,
      onRenewed: (identity) => {
        this.#tls = identity;
        this.#threads.post({ type: 'tls', identity });
        log.warn('the certificate was renewed: new connections get it');
      },
      onBroken: (problem) => log.error({ problem }, 'the renewed certificate cannot be used: the one before stays'),
    });
  }

  /** What control cannot hear at the moment, it hears later. */
  #tellUncounted(): void {
    if (!this.#follower.connected) return;
    const calls = this.#uncounted.take();
    if (calls.length > 0) this.#follower.send({ type: 'uncounted', calls });
  }

  #watch(address: string, until: number): void {
    const now = this.#deps.clock.now();
    for (const [other, end] of this.#watched) if (end < now) this.#watched.delete(other);
    if (this.#watched.size < watchedMax) this.#watched.set(address, until);
    this.#threads.post({ type: 'watch', address, until });
  }

  #threadData(): ReturnType<GatewayThreadsDeps['dataFor']> {
    const { config, epoch } = this.#deps;
    return {
      epoch, spoolFolder: this.#spoolFolder, spoolSyncMs: config.spoolSyncMs, host: config.host, reusePort: sharesPorts.has(process.platform),
      tls: this.#tls, trustedProxies: config.trustedProxies, whenUnmeterable: config.whenUnmeterable, baseNs: this.#baseNs,
      credentials: this.#keeper.table.buffer, counters: this.#keeper.countersBuffer, spending: this.#keeper.spending.buffer, generations: this.#generations, snapshot: this.#routes!.snapshot,
      watched: [...this.#watched].map(([address, until]) => ({ address, until })),
    };
  }

  get #spoolFolder(): string {
    return join(this.#deps.dataFolder, 'spool');
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
