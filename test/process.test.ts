import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort } from '../src/store/free-port.testkit.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { childPids, startPortico, waitFor } from './portico.ts';

const call = (url: string, key: string): Promise<Response> => fetch(url, { headers: { authorization: `Bearer ${key}` } });
/** One that has ended and that nobody has asked about is dead: a container's first process may never ask. */
const alive = (pid: number): boolean => {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

test('one command runs an API as a product, mends itself, and leaves nothing when it is killed', { timeout: 60_000 }, async (t) => {
  const upstream = await startEchoUpstream(t);
  const portico = await startPortico(t, { configuration: upstream.configuration });

  await t.test('key, call, ledger, request log', async () => {
    assert.match(portico.firstOwnerLink!, /\/workspace\/first-owner\?token=/);
    const created = await portico.cli<{ key: string; id: string; subscription: string; consumer: string }>('keys', 'create', '--product', 'echo', '--plan', 'free', '--email', 'dev@example.com');
    assert.deepEqual(Object.keys(created).sort(), ['consumer', 'id', 'key', 'subscription']);
    const response = await call(`${portico.gatewayUrl}/echo/v1/echo`, created.key);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('ratelimit')!, /"burst";r=4;t=\d+, "monthly";r=999;t=\d+/);
    const id = response.headers.get('x-request-id')!;
    await waitFor('the call in the log and the ledger', async () => {
      const { requests } = await portico.cli<{ requests: { id: string }[] }>('requests', '--email', 'dev@example.com');
      const { total } = await portico.cli<{ total: Record<string, string> }>('usage', '--email', 'dev@example.com');
      return requests[0]?.id === id && total['requests'] === '1';
    }, 10_000);
  });

  await t.test('children that die are replaced, and nobody else notices', async () => {
    const { key } = await portico.cli<{ key: string }>('keys', 'create', '--product', 'echo', '--plan', 'unlimited', '--email', 'other@example.com');
    const before = portico.pids();
    process.kill(before.control, 'SIGKILL');
    for (let i = 0; i < 20; i++) assert.equal((await call(`${portico.gatewayUrl}/echo/v1/echo`, key)).status, 200, 'the gateway serves on without control');
    await waitFor('control to be back', async () => (await fetch(`${portico.webUrl}/readyz`).catch(() => undefined))?.ok === true, 20_000);
    assert.equal(portico.pids().gateway, before.gateway);
    process.kill(before.gateway, 'SIGKILL');
    await waitFor('the gateway to be back', async () => (await call(`${portico.gatewayUrl}/echo/v1/echo`, key).catch(() => undefined))?.status === 200, 20_000);
    assert.notEqual(portico.pids().gateway, before.gateway);
  });

  await t.test('children leave when their supervisor is killed', async () => {
    const pids = childPids(portico.supervisor.pid!);
    assert.equal(pids.length, 2);
    portico.supervisor.kill('SIGKILL');
    await waitFor('the children to end', () => !pids.some(alive), 5_000);
  });
});

test('a data folder is for its owner and for one Portico alone, and Ctrl-C, also repeated, ends everything cleanly', async (t) => {
  const portico = await startPortico(t);

  await t.test('secrets are for their owner', () => {
    for (const name of ['admin-token', 'secret']) assert.equal(statSync(join(portico.dataFolder, name)).mode & 0o777, 0o600);
    assert.equal(statSync(portico.dataFolder).mode & 0o077, 0);
    assert.ok(readFileSync(join(portico.dataFolder, 'secret'), 'utf8').trim().length >= 32);
  });

  await t.test('a second Portico refuses, and says so in one line', async () => {
    const second = await portico.run('start', '--web-port', String(await freePort()), '--gateway-port', String(await freePort()));
    assert.equal(second.code, 1);
    assert.match(second.stderr, /^error: Another Portico runs on the data folder .*\n$/);
    assert.equal((await fetch(`${portico.webUrl}/readyz`)).status, 200);
  });

  await t.test('Ctrl-C', async () => {
    const pids = childPids(portico.supervisor.pid!);
    assert.equal(pids.length, 2);
    portico.supervisor.kill('SIGINT');
    portico.supervisor.kill('SIGINT');
    for (const pid of pids) process.kill(pid, 'SIGINT');
    await waitFor('the tree to end', () => portico.supervisor.exitCode !== null && !pids.some(alive), 15_000);
    assert.equal(portico.supervisor.exitCode, 0);
  });
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

test('a command whose reader stops reading ends in peace', () => {
  const script = `set -o pipefail; "${process.execPath}" "${fileURLToPath(new URL('../bin/portico.js', import.meta.url))}" --help | true`;
  const { status, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  assert.deepEqual([status, stderr], [0, '']);
});
