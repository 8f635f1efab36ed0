// A real Portico for tests: the command itself, in a process tree of its own, on free ports and a throwaway folder.
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endsWithParent } from '../src/store/ends-with-parent.testkit.ts';
import { freePort } from '../src/store/free-port.testkit.ts';

const command = fileURLToPath(new URL('../bin/portico.js', import.meta.url));

export interface Portico {
  webUrl: string;
  gatewayUrl: string;
  adminToken: string;
  firstOwnerLink: string | undefined;
  dataFolder: string;
  supervisor: ChildProcess;
  /** Of the children, as they are now: read from the process table, so that restarts are seen. */
  pids(): { control: number; gateway: number };
  /** Management API call; throws on an answer that is not 2xx. */
  api<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  /** `portico ...args --json` against this Portico. */
  cli<T = unknown>(...args: string[]): Promise<T>;
  /** The command as a person would run it. */
  run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  /** Everything that the tree wrote on standard error. */
  stderr(): string;
  stop(): Promise<number | null>;
}

export interface StartPortico {
  /** portico.yaml to start with. */
  configuration?: string;
  environment?: Record<string, string>;
  dataFolder?: string;
  ports?: { web: number; gateway: number };
  args?: string[];
}

/** Starts Portico and answers when it is ready; `t.after` ends it and removes its folder. */
export async function startPortico(t: { after(fn: () => unknown): void }, options: StartPortico = {}): Promise<Portico> {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'portico-test-'));
  const ports = options.ports ?? { web: await freePort(), gateway: await freePort() };
  const environment = {
    ...process.env, NODE_ENV: 'production', NO_COLOR: '1', PORTICO_DATA: dataFolder, PORTICO_WEB_PORT: String(ports.web), PORTICO_GATEWAY_PORT: String(ports.gateway),
    PORTICO_WORKERS: '2', ...options.environment,
  };
  const args = ['start', '--json', ...(options.configuration ? ['--config', options.configuration] : []), ...(options.args ?? [])];
  // A file that breaks off before its tests runs no `after`.
  const supervisor = spawn(...endsWithParent('TERM', process.execPath, [command, ...args]), { env: environment, cwd: dataFolder, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  supervisor.stdout.on('data', (chunk) => { stdout += chunk; });
  supervisor.stderr.on('data', (chunk) => { stderr += chunk; });
  const ended = new Promise<number | null>((resolve) => supervisor.once('exit', resolve));
  const stop = async (): Promise<number | null> => {
    if (supervisor.exitCode === null && supervisor.signalCode === null) supervisor.kill('SIGTERM');
    return ended;
  };
  t.after(async () => {
    await stop();
    // Children of a supervisor that a test killed leave by themselves within a second.
    await waitFor('the children to end', () => childPids(supervisor.pid!).length === 0 && !holdsPort(ports), 8_000).catch(() => undefined);
    if (!options.dataFolder) rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });

  await waitFor(`Portico to start (it said: ${stderr})`, () => {
    if (supervisor.exitCode !== null) throw new Error(`portico start ended with ${supervisor.exitCode}: ${stderr}${stdout}`);
    return stdout.trimEnd().endsWith('}') && JSON.parse(stdout).error === undefined;
  }, 60_000);
  const info = JSON.parse(stdout) as { web: string; gateway: string; firstOwnerLink?: string };
  const adminToken = options.environment?.['PORTICO_ADMIN_TOKEN'] ?? readFileSync(join(dataFolder, 'admin-token'), 'utf8').trim();

  const run: Portico['run'] = (...cliArgs) => new Promise((resolve) => {
    execFile(process.execPath, [command, ...cliArgs], { env: environment, cwd: dataFolder, maxBuffer: 1 << 28 }, (error, out, err) => {
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, stdout: out, stderr: err });
    });
  });
  return {
    webUrl: info.web,
    gatewayUrl: info.gateway,
    adminToken,
    firstOwnerLink: info.firstOwnerLink,
    dataFolder,
    supervisor,
    pids: () => namedChildren(supervisor.pid!),
    api: async <T>(method: string, path: string, body?: unknown) => {
      const response = await fetch(`${info.web}/api/v1${path}`, { method, headers: { authorization: `Bearer ${adminToken}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return (text === '' ? undefined : JSON.parse(text)) as T;
    },
    cli: async <T>(...cliArgs: string[]) => {
      const { code, stdout: out, stderr: err } = await run(...cliArgs, '--json');
      if (code !== 0) throw new Error(`portico ${cliArgs.join(' ')} ended with ${code}: ${err}${out}`);
      return JSON.parse(out) as T;
    },
    run,
    stderr: () => stderr,
    stop,
  };
}

/** Polls until `condition` holds; throws, naming what was awaited, after `timeoutMs`. */
export async function waitFor(what: string, condition: () => boolean | Promise<boolean>, timeoutMs = 5_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await wait(20);
  }
}

/** Process ids of the direct children, from /proc. */
export function childPids(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter((entry) => entry !== '').map(Number);
  } catch {
    return [];
  }
}

function namedChildren(supervisor: number): { control: number; gateway: number } {
  const find = (name: string): number => childPids(supervisor).find((pid) => commandLine(pid).endsWith(`--child\0${name}\0`)) ?? 0;
  return { control: find('control'), gateway: find('gateway') };
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** True while somebody listens on one of the ports, by the kernel's own table. */
function holdsPort({ web, gateway }: { web: number; gateway: number }): boolean {
  const wanted = [web, gateway].map((port) => `:${port.toString(16).toUpperCase().padStart(4, '0')}`);
  return readFileSync('/proc/net/tcp', 'utf8').split('\n').some((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    return state === '0A' && wanted.some((port) => local.endsWith(port));
  });
}
