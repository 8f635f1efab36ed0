// Servers of a bench: started on loopback in throwaway folders, measured by the kernel's own accounts, and ended by their ids.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export interface Scope { after(end: () => unknown): void }

/** What is measured, and how it is called. */
export interface Proxy {
  name: string;
  /** Base address that the upstream's paths follow. */
  url: string;
  /** Sent with every request. */
  headers: Record<string, string>;
  /** Processes that serve. */
  pids(): number[];
  /** Everything that the product runs beside, to be counted as well. */
  treePids?(): number[];
  /** Resolves when work that the requests left behind is done. */
  settled?(): Promise<void>;
}

export function throwawayFolder(scope: Scope): string {
  const folder = mkdtempSync(join(tmpdir(), 'portico-bench-'));
  scope.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  return folder;
}

/** Starts a server that stays in the foreground, and answers once its port accepts. */
export async function startServer(scope: Scope, { command, args, port, env = {} }: { command: string; args: string[]; port: number; env?: Record<string, string> }): Promise<ChildProcess> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } });
  let said = '';
  child.stderr!.on('data', (chunk) => { said = (said + String(chunk)).slice(-4_000); });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  scope.after(async () => {
    child.kill('SIGTERM');
    await Promise.race([ended, wait(3_000).then(() => child.kill('SIGKILL'))]);
    await ended;
  });
  for (let tries = 0; !(await accepts(port)); tries++) {
    if (child.exitCode !== null || tries > 250) throw new Error(`${command} does not listen on ${port}: ${said}`);
    await wait(40);
  }
  return child;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.once('error', () => resolve(false)).once('connect', () => socket.destroy());
  });
}

/** The process and all below it. */
export function processTree(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(processTree)];
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter((id) => id !== '').map(Number));
  } catch {
    return [];
  }
}

const ticksPerSecond = 100;

/** Processor time, user and system, that the processes have used, s. */
export function processorSeconds(pids: number[]): number {
  return pids.reduce((sum, pid) => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
      return sum + (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
    } catch {
      return sum;
    }
  }, 0);
}

/** Proportional set size, MB: pages that processes share count once. */
export function memoryMb(pids: number[]): number {
  return pids.reduce((sum, pid) => sum + Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))![1]) / 1_024, 0);
}
