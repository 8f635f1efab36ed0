// Limits are exact in both directions across all threads, also after everything was killed.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startEchoUpstream } from './echo-upstream.ts';
import { freePort, startPortico } from './portico.ts';

test('of 40 simultaneous calls on a limit of 5 exactly 5 pass, and a monthly quota survives the death of everything', { timeout: 90_000 }, async (t) => {
  const upstream = await startEchoUpstream(t);
  const plans = '      - { slug: five, name: Five, currency: usd, limits: [ { name: daily, requests: 5, per: day } ] }\n      - { slug: month, name: Month, currency: usd, limits: [ { name: monthly, requests: 30, per: month } ] }\n';
  writeFileSync(upstream.configuration, readFileSync(upstream.configuration, 'utf8') + plans);
  const dataFolder = mkdtempSync(join(tmpdir(), 'portico-limits-'));
  t.after(() => rmSync(dataFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
  const options = { configuration: upstream.configuration, dataFolder, ports: { web: await freePort(), gateway: await freePort() } };
  let portico = await startPortico(t, options);
  const makeKey = async (plan: string): Promise<string> => (await portico.cli<{ key: string }>('keys', 'create', '--product', 'echo', '--plan', plan, '--email', `${plan}@example.com`)).key;
  const calls = async (key: string, path: string, count: number): Promise<Response[]> => Promise.all(Array.from({ length: count }, async () => {
    // A connection each, so that the kernel spreads them over the threads.
    const response = await fetch(`${portico.gatewayUrl}/echo/v1${path}`, { headers: { 'x-api-key': key, connection: 'close' } });
    await response.arrayBuffer();
    return response;
  }));
  const passed = (responses: Response[]): number => responses.filter(({ status }) => status === 200).length;

  const five = await calls(await makeKey('five'), '/slow/100', 40);
  assert.equal(passed(five), 5);
  assert.ok(five.every(({ status }) => status === 200 || status === 429));
  assert.ok(five.some((response) => /"daily";r=0;/.test(response.headers.get('ratelimit') ?? '')), 'the header reaches zero');
  assert.ok(five.filter(({ status }) => status === 429).every((response) => Number(response.headers.get('retry-after')) > 0));

  const month = await makeKey('month');
  assert.equal(passed(await calls(month, '/echo', 12)), 12);
  const failing = await calls(month, '/status/500', 7);
  assert.equal(failing.filter(({ status }) => status === 500).length, 7, 'what the upstream fails counts against no quota');
  const pids = portico.pids();
  for (const pid of [pids.gateway, pids.control, portico.supervisor.pid!]) process.kill(pid, 'SIGKILL');
  portico = await startPortico(t, options);
  assert.equal(passed(await calls(month, '/echo', 40)), 18, 'the counter begins where the ledger and the unread spool stand');
});

test('no call fails while a plan changes under it, and keys come and go', { timeout: 60_000 }, async (t) => {
  const upstream = await startEchoUpstream(t);
  const text = readFileSync(upstream.configuration, 'utf8');
  const write = (requests: number): void => writeFileSync(upstream.configuration, `${text}      - { slug: wide, name: Wide, currency: usd, limits: [ { name: daily, requests: ${requests}, per: day } ] }\n`);
  write(1_000_000);
  const portico = await startPortico(t, { configuration: upstream.configuration });
  const { key } = await portico.cli<{ key: string }>('keys', 'create', '--product', 'echo', '--plan', 'wide', '--email', 'wide@example.com');
  let over = false;
  const statuses = new Map<number, number>();
  const callOn = async (): Promise<void> => {
    while (!over) {
      const response = await fetch(`${portico.gatewayUrl}/echo/v1/echo`, { headers: { 'x-api-key': key } });
      await response.arrayBuffer();
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    }
  };
  const callers = Array.from({ length: 8 }, callOn);
  for (let round = 0; round < 4; round++) {
    write(2_000_000 + round);
    await portico.cli('apply', '--file', upstream.configuration);
    const { id } = await portico.api<{ id: string }>('POST', '/keys', { email: 'other@example.com', product: 'echo', plan: 'wide' });
    await portico.api('POST', `/keys/${id}/revoke`);
  }
  over = true;
  await Promise.all(callers);
  assert.deepEqual([...statuses.keys()], [200]);
  const last = await fetch(`${portico.gatewayUrl}/echo/v1/echo`, { headers: { 'x-api-key': key } });
  assert.match(last.headers.get('ratelimit-policy') ?? '', /q=2000003;/);
});
