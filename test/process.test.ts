import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startEchoUpstream } from './echo-upstream.ts';
import { childPids, freePort, startPortico, waitFor } from './portico.ts';

const call = (url: string, key: string): Promise<Response> => fetch(url, { headers: { authorization: `Bearer ${key}` } });
const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('one command runs an API as a product: key, call, ledger, request log', async (t) => {
  const upstream = await startEchoUpstream(t);
  const portico = await startPortico(t, { configuration: upstream.configuration });
  assert.match(portico.firstOwnerLink!, /\/workspace\/first-owner\?token=/);
  const created = await portico.cli<{ key: string; id: string; subscription: string; consumer: string }>('keys', 'create', '--product', 'echo', '--plan', 'free', '--email', 'dev@example.com');
  assert.deepEqual(Object.keys(created).sort(), ['consumer', 'id', 'key', 'subscription']);
  const response = await call(`${portico.gatewayUrl}/echo/v1/echo`, created.key);
  assert.equal(response.status, 200);
  assert.match(response.headers.get('ratelimit')!, /"burst";r=4;t=\d+, "monthly";r=999;t=\d+/);
  const id = response.headers.get('x-request-id')!;
  const begun = performance.now();
  await waitFor('the call in the log and the ledger', async () => {
    const { requests } = await portico.cli<{ requests: { id: string }[] }>('requests', '--email', 'dev@example.com');
    const { total } = await portico.cli<{ total: Record<string, string> }>('usage', '--email', 'dev@example.com');
    return requests[0]?.id === id && total['requests'] === '1';
  }, 10_000);
  t.diagnostic(`visible by command after ${Math.round(performance.now() - begun)} ms, the commands' own start included`);
});

test('a second Portico on the data folder refuses, and says so in one line', async (t) => {
  const portico = await startPortico(t);
  const second = await portico.run('start', '--web-port', String(await freePort()), '--gateway-port', String(await freePort()));
  assert.equal(second.code, 1);
  assert.match(second.stderr, /^error: Another Portico runs on the data folder .*\n$/);
  assert.equal((await fetch(`${portico.webUrl}/readyz`)).status, 200);
});

test('a taken port is named in one line, and nothing stays behind', async (t) => {
  const stranger = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => stranger.listen(port, '127.0.0.1', resolve));
  t.after(() => stranger.close());
  await assert.rejects(startPortico(t, { ports: { web: await freePort(), gateway: port } }), new RegExp(`error: Port ${port} on 127.0.0.1 is taken by another program. Stop that program, or choose another port with --gateway-port or PORTICO_GATEWAY_PORT.\n{`));
});

test('an invalid setting or configuration stops the start with its place', async (t) => {
  await assert.rejects(startPortico(t, { environment: { PORTICO_WORKERS: 'many' } }), /error: PORTICO_WORKERS is "many", but it must be a whole number from 1 to 64\./);
  const folder = mkdtempSync(join(tmpdir(), 'portico-broken-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'portico.yaml'), 'products:\n  - slug: Not A Slug\n    nmae: X\n');
  await assert.rejects(startPortico(t, { configuration: join(folder, 'portico.yaml') }), /portico\.yaml:\d+:\d+: /);
});

test('children that die are replaced, and nobody else notices', { timeout: 60_000 }, async (t) => {
  const upstream = await startEchoUpstream(t);
  const portico = await startPortico(t, { configuration: upstream.configuration });
  const { key } = await portico.cli<{ key: string }>('keys', 'create', '--product', 'echo', '--plan', 'unlimited', '--email', 'dev@example.com');
  const before = portico.pids();
  process.kill(before.control, 'SIGKILL');
  for (let i = 0; i < 20; i++) assert.equal((await call(`${portico.gatewayUrl}/echo/v1/echo`, key)).status, 200, 'the gateway serves on without control');
  await waitFor('control to be back', async () => (await fetch(`${portico.webUrl}/readyz`).catch(() => undefined))?.ok === true, 20_000);
  assert.equal(portico.pids().gateway, before.gateway);
  process.kill(before.gateway, 'SIGKILL');
  await waitFor('the gateway to be back', async () => (await call(`${portico.gatewayUrl}/echo/v1/echo`, key).catch(() => undefined))?.status === 200, 20_000);
  assert.notEqual(portico.pids().gateway, before.gateway);
});

test('Ctrl-C, also repeated, ends everything cleanly', async (t) => {
  const portico = await startPortico(t);
  const pids = childPids(portico.supervisor.pid!);
  assert.equal(pids.length, 2);
  portico.supervisor.kill('SIGINT');
  portico.supervisor.kill('SIGINT');
  for (const pid of pids) process.kill(pid, 'SIGINT');
  await waitFor('the tree to end', () => portico.supervisor.exitCode !== null && !pids.some(alive), 15_000);
  assert.equal(portico.supervisor.exitCode, 0);
});

test('children leave when their supervisor is killed', async (t) => {
  const portico = await startPortico(t);
  const pids = childPids(portico.supervisor.pid!);
  portico.supervisor.kill('SIGKILL');
  await waitFor('the children to end', () => !pids.some(alive), 5_000);
});

test('secrets in the data folder are for their owner alone', async (t) => {
  const portico = await startPortico(t);
  for (const name of ['admin-token', 'secret']) assert.equal(statSync(join(portico.dataFolder, name)).mode & 0o777, 0o600);
  assert.equal(statSync(portico.dataFolder).mode & 0o077, 0);
  assert.ok(readFileSync(join(portico.dataFolder, 'secret'), 'utf8').trim().length >= 32);
});

test('a command whose reader stops reading ends in peace', () => {
  const script = `set -o pipefail; "${process.execPath}" "${fileURLToPath(new URL('../bin/portico.js', import.meta.url))}" --help | true`;
  const { status, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  assert.deepEqual([status, stderr], [0, '']);
});
