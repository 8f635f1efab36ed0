// Portico with the Atlas demo: starts the upstream, applies demo/portico.yaml, and prints where everything is.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorLines } from '../src/cli/report-error.ts';
import { applyFile } from '../src/cli/apply-file.ts';
import { isAppError } from '../src/errors.ts';
import { start } from '../src/process/start.ts';
import type { RunningPortico } from '../src/process/start.ts';
import { probePort } from '../src/process/probe-port.ts';
import { version } from '../src/process/version.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const upstreamPort = 4010;
const owner = 'owner@atlas.example';
const developer = 'ada@example.com';

interface DemoSecrets { password: string; key: string | null }

const print = (line: string): void => { process.stdout.write(`${line}\n`); };

try {
  await runDemo();
} catch (error) {
  report(error);
  process.exit(1);
}

function report(error: unknown): void {
  const lines = isAppError(error) ? errorLines(error) : [`error: ${error instanceof Error ? error.stack : error}`];
  process.stderr.write(`${lines.join('\n')}\n`);
}

async function runDemo(): Promise<void> {
  print('Portico demo: the Atlas API as a product');
  await probePort('127.0.0.1', upstreamPort, 'upstream');
  const upstream = fork(join(root, 'demo/upstream/server.ts'), ['--port', String(upstreamPort)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], detached: true });
  let portico: RunningPortico | undefined;
  let stopping = false;
  const stop = async (code: number): Promise<never> => {
    if (!stopping) {
      stopping = true;
      await portico?.stop();
      await ended(upstream);
    }
    process.exit(code);
  };
  process.on('SIGINT', () => { if (!stopping) { print('\nStopping'); void stop(0); } });
  process.on('SIGTERM', () => { if (!stopping) void stop(0); });
  upstream.on('exit', (code) => { if (!stopping) { process.stderr.write(`error: the Atlas upstream ended with ${code}\n`); void stop(1); } });
  try {
    portico = await start({
      entry: new URL('../src/main.ts', import.meta.url), environment: process.env, flags: { data: process.env['PORTICO_DATA'] ?? join(root, '.portico') },
      configurationFile: join(root, 'demo/portico.yaml'), watch: true, version, print, apply: applyFile, onApplyFailed: report,
    });
    const secrets = await settleDemo(portico);
    printAddresses(portico, secrets);
  } catch (error) {
    stopping = true;
    await ended(upstream);
    throw error;
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  return exit;
}

/** Makes the demo's owner and its first key at the first start; both are kept beside the data, for their owner alone. */
async function settleDemo({ config, secrets, firstOwnerLink }: RunningPortico): Promise<DemoSecrets> {
  const file = join(config.dataFolder, 'demo.json');
  const demo: DemoSecrets = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DemoSecrets) : { password: randomBytes(9).toString('base64url'), key: null };
  if (firstOwnerLink) {
    const link = new URL(firstOwnerLink);
    const body = new URLSearchParams({ token: link.searchParams.get('token')!, email: owner, password: demo.password, name: 'Atlas owner' });
    const response = await fetch(link, { method: 'POST', body, redirect: 'manual', headers: { origin: link.origin } });
    if (response.status >= 400) throw new Error(`the demo's owner could not be made: ${response.status}`);
  }
  if (demo.key === null) {
    const response = await fetch(`${config.webUrl}/api/v1/keys`, {
      method: 'POST', headers: { authorization: `Bearer ${secrets.adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ email: developer, product: 'atlas', plan: 'free', mode: 'live', name: 'demo' }),
    });
    if (!response.ok) throw new Error(`the demo's key could not be made: ${response.status} ${await response.text()}`);
    demo.key = ((await response.json()) as { key: string }).key;
  }
  writeFileSync(file, JSON.stringify(demo), { mode: 0o600 });
  return demo;
}

function printAddresses({ config, secrets, readyMs }: RunningPortico, { password, key }: DemoSecrets): void {
  print(`
  Portal      ${config.webUrl}
  Workspace   ${config.webUrl}/workspace   (${owner}, password ${password})
  Gateway     ${config.gatewayUrl}
  Upstream    http://127.0.0.1:${upstreamPort}
${secrets.adminTokenIsNew ? `  Admin token ${secrets.adminToken}   (kept in ${join(config.dataFolder, 'admin-token')})\n` : ''}
  A call that works when pasted:

  curl -H 'Authorization: Bearer ${key}' '${config.gatewayUrl}/atlas/v2/cities/nearest?latitude=48.86&longitude=2.35'

  Ready in ${(readyMs / 1000).toFixed(1)} s. Sign up at ${config.webUrl}/sign-up as a stranger would. Ctrl-C stops everything.
`);
}
