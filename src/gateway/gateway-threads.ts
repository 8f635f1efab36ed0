// The gateway's workers: started, kept on one snapshot, replaced when they die, drained at the end.
import type { Config } from '../config.ts';
import type { UncountedCalls } from '../domain/uncounted.ts';
import type { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { Snapshot, ToControl, UpstreamReport } from '../snapshot/snapshot.ts';
import { createReservations, giveBackAll } from './shared/reservations.ts';
import type { LimitCounters } from './shared/limit-counters.ts';
import { markOf } from './routing/own-policies.ts';
import { createThreadPulse, ThreadPulse } from './shared/thread-pulse.ts';
import { beatMs, type FromThread, type GatewayThreadData, type ToThread } from './thread-messages.ts';

export interface GatewayThreadsDeps {
  log: Logger;
  counters: LimitCounters;
  startThread(name: 'gateway-thread', data: GatewayThreadData): Worker;
  /** All that a new thread is given, except what belongs to the threads. */
  dataFor(): Omit<GatewayThreadData, 'thread' | 'threads' | 'port' | 'reservations' | 'pulse' | 'guarded'>;
  onStranger(message: Extract<ToControl, { type: 'stranger' | 'hint' }>): void;
  onUncounted(calls: UncountedCalls[]): void;
  whenUnmeterable: Config['whenUnmeterable'];
  /** How many threads accept, or whether they can meter, has changed. */
  onChange(): void;
}

interface Thread {
  worker: Worker;
  reservations: SharedArrayBuffer;
  listening: boolean;
  unmeterable: boolean;
  upstreams: UpstreamReport[];
  snapshotVersion: number;
  startedAt: number;
  pulse: ThreadPulse;
  /** When it was looked at last, and how often it has been the same since. */
  beats: number;
  silent: number;
}

const inFlightMax = 4096;
const confirmMs = 10_000;
const restartDelaysMs = [0, 100, 500, 2_000, 5_000];
const steadyMs = 10_000;
/** A thread that shows no life for so long is replaced; inside a policy of a producer's own sooner, where nothing else can be meant. */
const hungMs = 10_000;
const hungInPolicyMs = 2_000;
const drainMarginMs = 1_000;

export class GatewayThreads {
  readonly #deps: GatewayThreadsDeps;
  readonly #threads = new Map<number, Thread>();
  readonly #changed = new Set<() => void>();
  /** Marks of own policies that have hung a thread. */
  readonly #guarded = new Set<number>();
  #watch: NodeJS.Timeout | undefined;
  #port: number;
  #count = 1;
  #deaths = 0;
  #stopping = false;

  constructor(deps: GatewayThreadsDeps, port: number) {
    this.#deps = deps;
    this.#port = port;
  }

  get listening(): number {
    return [...this.#threads.values()].filter((thread) => thread.listening).length;
  }

  get unmeterable(): boolean {
    return [...this.#threads.values()].some((thread) => thread.unmeterable);
  }

  /** Of all threads together. */
  upstreams(): UpstreamReport[] {
    const sums = new Map<string, UpstreamReport>();
    for (const report of [...this.#threads.values()].flatMap(({ upstreams }) => upstreams)) {
      const sum = sums.get(`${report.product} ${report.address}`);
      if (sum) for (const count of ['inFlight', 'away', 'failed', 'refused'] as const) sum[count] += report[count];
      else sums.set(`${report.product} ${report.address}`, { ...report });
    }
    return [...sums.values()];
  }

  /** Resolves with the port once all listen. @throws Error when a thread cannot listen */
  async start(count: number): Promise<number> {
    this.#count = count;
    this.#watch = setInterval(() => this.#replaceHung(), beatMs).unref();
    await this.#start(0);
    await Promise.all(Array.from({ length: count - 1 }, (_, i) => this.#start(i + 1)));
    return this.#port;
  }

  post(message: ToThread): void {
    for (const { worker } of this.#threads.values()) worker.postMessage(message);
  }

  /** Resolves once every thread serves with the snapshot. A thread that does not answer in time is replaced. */
  async publish(snapshot: Snapshot): Promise<void> {
    this.post({ type: 'snapshot', snapshot });
    const late = setTimeout(() => {
      for (const [number, thread] of this.#threads) {
        if (thread.snapshotVersion === snapshot.version) continue;
        this.#deps.log.error({ thread: number }, 'a thread does not answer and is replaced');
        void thread.worker.terminate();
      }
    }, confirmMs);
    await this.#until(() => [...this.#threads.values()].every((thread) => thread.snapshotVersion === snapshot.version));
    clearTimeout(late);
  }

  /** Finishes what is in flight, then ends every thread. */
  async stop(drainMs: number): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#watch);
    this.post({ type: 'drain' });
    const late = setTimeout(() => {
      for (const { worker } of this.#threads.values()) void worker.terminate();
    }, drainMs + drainMarginMs);
    await this.#until(() => this.#threads.size === 0);
    clearTimeout(late);
  }

  #start(number: number): Promise<void> {
    const reservations = createReservations(inFlightMax);
    const pulse = createThreadPulse();
    const data = { ...this.#deps.dataFor(), thread: number, threads: this.#count, port: this.#port, reservations, pulse, guarded: [...this.#guarded] };
    const worker = this.#deps.startThread('gateway-thread', data);
    const thread: Thread = { worker, reservations, listening: false, unmeterable: false, upstreams: [], snapshotVersion: data.snapshot.version, startedAt: performance.now(), pulse: new ThreadPulse(pulse), beats: 0, silent: 0 };
    this.#threads.set(number, thread);
    const listening = Promise.withResolvers<void>();
    worker.on('message', (message: FromThread) => {
      if (message.type === 'listening') {
        this.#port = message.port;
        listening.resolve();
      }
      if (message.type === 'refused') listening.reject(new Error(message.reason));
      this.#hear(thread, message);
    });
    worker.on('error', (error) => {
      this.#deps.log.error({ err: error, thread: number }, 'a gateway thread failed');
      listening.reject(error);
    });
    worker.on('exit', () => {
      listening.reject(new Error('the gateway thread ended'));
      this.#bury(number, thread);
    });
    return listening.promise;
  }

  #hear(thread: Thread, message: FromThread): void {
    switch (message.type) {
      case 'listening':
        thread.listening = true;
        this.#deps.onChange();
        return;
      case 'serving':
        thread.snapshotVersion = message.snapshotVersion;
        this.#wake();
        return;
      case 'policy-fault':
        this.#deps.log.error(message.fault, 'a policy failed');
        return;
      case 'unmeterable':
        thread.unmeterable = message.value;
        this.#sayMeterable(message.value);
        this.#deps.onChange();
        return;
      case 'upstreams':
        thread.upstreams = message.reports;
        this.#deps.onChange();
        return;
      case 'uncounted':
        this.#deps.onUncounted(message.calls);
        return;
      case 'stranger':
      case 'hint':
        this.#deps.onStranger(message);
    }
  }

  #sayMeterable(unmeterable: boolean): void {
    const { log, whenUnmeterable } = this.#deps;
    if (unmeterable) log.error(whenUnmeterable === 'serve' ? 'the spool has no space: calls are served, and what cannot be written is not counted' : 'the spool has no space: calls are refused until it has');
    else log.warn('the spool has space again');
  }

  /** A policy that has hung one thread is watched in all from now on. */
  #replaceHung(): void {
    for (const [number, thread] of this.#threads) {
      const { beats, within } = thread.pulse;
      thread.silent = beats === thread.beats && thread.listening ? thread.silent + 1 : 0;
      thread.beats = beats;
      if (thread.silent * beatMs < (within === 0 ? hungMs : hungInPolicyMs)) continue;
      thread.silent = 0;
      if (within === 0) {
        this.#deps.log.error({ thread: number }, 'a thread is stuck and is replaced');
      } else {
        const { products } = this.#deps.dataFor().snapshot;
        const stuck = products.filter(({ policies }) => policies?.own && markOf(policies.own) === within);
        this.#deps.log.error({ thread: number, products: stuck.map(({ slug }) => slug), file: stuck[0]?.policies?.own?.file }, 'an own policy does not return: its thread is replaced, and its functions are watched from now on');
        this.#guarded.add(within);
        this.post({ type: 'guard', mark: within });
      }
      void thread.worker.terminate();
    }
  }

  #bury(number: number, thread: Thread): void {
    this.#threads.delete(number);
    const given = giveBackAll(thread.reservations, this.#deps.counters);
    this.#wake();
    if (this.#stopping) return;
    this.#deaths = performance.now() - thread.startedAt > steadyMs ? 0 : this.#deaths + 1;
    const delayMs = restartDelaysMs[Math.min(this.#deaths, restartDelaysMs.length - 1)]!;
    this.#deps.log.error({ thread: number, inFlight: given, delayMs }, 'a gateway thread ended and is replaced');
    this.#deps.onChange();
    setTimeout(() => {
      // A failure to listen ends the new thread too, which brings it back here.
      if (!this.#stopping) this.#start(number).catch(() => undefined);
    }, delayMs);
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      const change = Promise.withResolvers<void>();
      this.#changed.add(change.resolve);
      await change.promise;
    }
  }

  #wake(): void {
    for (const resolve of this.#changed) resolve();
    this.#changed.clear();
  }
}
