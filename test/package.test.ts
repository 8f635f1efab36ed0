// The packed package, installed in an empty folder, runs on the reader's own API.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../src/store/free-port.testkit.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { waitFor } from './portico.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const execute = promisify(execFile);

test('npm pack, install, init, start, key, call', { timeout: 240_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-package-'));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  const upstream = await startEchoUpstream(t);
  await execute('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root, maxBuffer: 1 << 26 });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))!;
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  await execute('npm', ['install', '--silent', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`], { cwd: folder, maxBuffer: 1 << 26 });

  const openapi = join(upstream.configuration, '..', 'echo.json');
  const ports = { PORTICO_WEB_PORT: String(await freePort()), PORTICO_GATEWAY_PORT: String(await freePort()) };
  const environment = { ...process.env, ...ports, NO_COLOR: '1', PATH: `${join(folder, 'node_modules', '.bin')}:${process.env['PATH']}` };
  const portico = (...args: string[]) => execute('portico', args, { cwd: folder, env: environment });
  await portico('init', '--openapi', openapi, '--upstream', upstream.url);
  copyFileSync(join(root, 'docs/examples/sign-calls.ts'), join(folder, 'policy.ts'));
  const configuration = readFileSync(join(folder, 'portico.yaml'), 'utf8');
  writeFileSync(join(folder, 'portico.yaml'), configuration.replace('    versions:', '    policies: { own: { file: ./policy.ts } }\n    versions:'));
  // As an editor does, with the types of the installed package and Node's own.
  const types = ['--noEmit', '--strict', '--module', 'nodenext', '--typeRoots', join(root, 'node_modules/@types'), '--types', 'node', 'policy.ts'];
  await execute(join(root, 'node_modules/.bin/tsc'), types, { cwd: folder });
  writeFileSync(join(folder, 'wrong.ts'), "import type { Policy } from 'portico/policy';\nexport default { onRequest: (call) => call.nothing } satisfies Policy;\n");
  await assert.rejects(execute(join(root, 'node_modules/.bin/tsc'), [...types.slice(0, -1), 'wrong.ts'], { cwd: folder }), ({ stdout }: { stdout: string }) => stdout.includes("'nothing' does not exist on type 'PolicyRequest'"));

  const running = spawn('portico', ['start', '--json'], { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [running.stdout, running.stderr]) stream.on('data', (chunk) => { output += chunk; });
  const ended = new Promise((resolve) => running.once('exit', resolve));
  t.after(async () => { running.kill('SIGTERM'); await ended; });
  await waitFor(`the package to start`, async () => {
    if (running.exitCode !== null) throw new Error(`it ended with ${running.exitCode}: ${output}`);
    return (await fetch(`http://127.0.0.1:${ports.PORTICO_WEB_PORT}/readyz`).catch(() => undefined))?.ok === true;
  }, 60_000);
  const created = JSON.parse((await portico('keys', 'create', '--product', 'echo', '--plan', 'free', '--email', 'you@example.com', '--json')).stdout) as { key: string };
  const response = await fetch(`http://127.0.0.1:${ports.PORTICO_GATEWAY_PORT}/echo/v1/echo`, { headers: { 'x-api-key': created.key } });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('x-plan'), 'free');
  assert.equal((await fetch(`http://127.0.0.1:${ports.PORTICO_WEB_PORT}/echo`)).status, 200);
});
