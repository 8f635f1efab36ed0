import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Secrets } from './data-folder.ts';

export type ChildName = 'control' | 'gateway';

/** What a child is told when it starts. */
export interface ChildStart {
  config: Config;
  secrets: Omit<Secrets, 'adminTokenIsNew'>;
  /** Control is ready only once the configuration given at the start is applied. */
  configurationPending: boolean;
}

/** Lines from child to supervisor. */
export type FromChild = { type: 'listening'; firstOwnerLink?: string } | { type: 'failed'; message: string } | { /** What a start that takes long is at. */ type: 'busy'; line: string };

export interface Children {
  /** Resolves with the child's own line when it listens for the first time. Rejects with its own words when its first start fails. */
  started(name: ChildName): Promise<FromChild & { type: 'listening' }>;
  pids(): Partial<Record<ChildName, number>>;
  send(name: ChildName, message: unknown): void;
  /** Ends gateway, then control; forces what has not ended after `forceAfterMs`. */
  stop(forceAfterMs: number): Promise<void>;
}

interface SuperviseDeps { entry: URL; log: Logger; startFor(): ChildStart; /** A line for the operator. */ tell(line: string): void }

const restartDelaysMs = [0, 100, 250, 500, 1_000, 2_000, 5_000];
const steadyAfterMs = 10_000;

/** Runs the children and restarts each that dies, at once the first time and with growing pauses when it keeps dying. */
export function superviseChildren(deps: SuperviseDeps, names: ChildName[]): Children {
  const children = new Map(names.map((name) => [name, superviseChild(deps, name)]));
  return {
    started: (name) => children.get(name)!.started,
    pids: () => Object.fromEntries([...children].map(([name, child]) => [name, child.pid()])),
    send: (name, message) => children.get(name)?.send(message),
    stop: async (forceAfterMs) => {
      for (const child of children.values()) child.letGo();
      await children.get('gateway')?.stop(forceAfterMs);
      await children.get('control')?.stop(forceAfterMs);
    },
  };
}

function superviseChild(deps: SuperviseDeps, name: ChildName) {
  let process: ChildProcess;
  let stopping = false;
  let deaths = 0;
  let settled = false;
  let exited = Promise.withResolvers<void>();
  const started = Promise.withResolvers<FromChild & { type: 'listening' }>();
  started.promise.catch(() => undefined);

  const start = (): void => {
    const startedAt = performance.now();
    exited = Promise.withResolvers<void>();
    process = fork(fileURLToPath(deps.entry), ['--child', name], { execArgv: childFlags[name], serialization: 'json' });
    process.send({ type: 'start', start: deps.startFor() });
    process.on('message', (message: FromChild) => {
      if (message.type === 'listening') {
        settled = true;
        started.resolve(message);
      } else if (message.type === 'busy') {
        deps.tell(message.line);
      } else if (!settled) {
        started.reject(new Error(message.message));
      }
    });
    process.on('error', (error) => deps.log.error({ error, child: name }, 'child process failed'));
    process.on('exit', (code, signal) => {
      exited.resolve();
      if (stopping) return;
      if (!settled) started.reject(new Error(`${name} ended at its start (${signal ?? `exit ${code}`})`));
      deaths = performance.now() - startedAt > steadyAfterMs ? 0 : deaths + 1;
      const delayMs = restartDelaysMs[Math.min(deaths, restartDelaysMs.length - 1)]!;
      deps.log.warn({ child: name, code, signal, delayMs }, 'child ended, restarting');
      setTimeout(() => { if (!stopping) start(); }, delayMs);
    });
  };
  start();

  return {
    started: started.promise,
    pid: () => process.pid,
    send: (message: unknown) => { if (process.connected) process.send(message as object); },
    /** From now on its end is expected. */
    letGo: () => { stopping = true; },
    stop: async (forceAfterMs: number) => {
      if (process.exitCode !== null || process.signalCode !== null) return;
      const force = setTimeout(() => process.kill('SIGKILL'), forceAfterMs);
      process.kill('SIGTERM');
      await exited.promise;
      clearTimeout(force);
    },
  };
}

/** Small heaps: a young generation of 16 MB would be kept by every thread at rest. */
const childFlags: Record<ChildName, string[]> = {
  control: ['--max-semi-space-size=8'],
  gateway: ['--max-semi-space-size=8'],
};
