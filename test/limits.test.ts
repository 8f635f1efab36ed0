// Limits and spend caps are exact in both directions across all threads, also after everything was killed.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort } from '../src/store/free-port.testkit.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { startPortico } from './portico.ts';

const plans = `
      - { slug: five, name: Five, currency: usd, limits: [ { name: daily, requests: 5, per: day } ] }
      - { slug: month, name: Month, currency: usd, limits: [ { name: monthly, requests: 30, per: month } ] }
      - { slug: metered, name: Metered, currency: usd, interval: month, fee: "2", prices: [ { meter: requests, model: unit, unitPrice: "0.50" } ] }
      - { slug: octets, name: Octets, currency: usd, interval: month, fee: "0", prices: [ { meter: bytes, model: unit, unitPrice: "1" } ] }
`;
const wide = (requests: number): string => `      - { slug: wide, name: Wide, currency: usd, limits: [ { name: daily, requests: ${requests}, per: day } ] }\n`;

test('limits, quotas and spend caps are exact, also after everything was killed', { timeout: 120_000 }, async (t) => {
  const upstream = await startEchoUpstream(t);
  const text = readFileSync(upstream.configuration, 'utf8').trimEnd() + plans;
  writeFileSync(upstream.configuration, text + wide(1_000_000));
  const dataFolder = mkdtempSync(join(tmpdir(), 'portico-limits-'));
  t.after(() => rmSync(dataFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
  const options = { configuration: upstream.configuration, dataFolder, ports: { web: await freePort(), gateway: await freePort() } };
  let portico = await startPortico(t, options);
  const make = (plan: string) => portico.cli<{ key: string; subscription: string }>('keys', 'create', '--product', 'echo', '--plan', plan, '--email', `${plan}@example.com`);
  const calls = async (key: string, path: string, count: number): Promise<Response[]> => Promise.all(Array.from({ length: count }, async () => {
    // A connection each, so that the kernel spreads them over the threads.
    const response = await fetch(`${portico.gatewayUrl}/echo/v1${path}`, { headers: { 'x-api-key': key, connection: 'close' } });
    await response.arrayBuffer();
    return response;
  }));
  const passed = (responses: Response[]): number => responses.filter(({ status }) => status === 200).length;
  const statuses = (responses: Response[]): Record<string, number> => Object.fromEntries([...Map.groupBy(responses, ({ status }) => String(status))].map(([status, all]) => [status, all.length]));
  const cap = (subscription: string, amount: string) => portico.cli('subscriptions', 'cap', subscription, '--amount', amount);
  const { key: month } = await make('month');
  const metered = await make('metered');
  const octets = await make('octets');

  await t.test('of 40 simultaneous calls on a limit of 5 exactly 5 pass', async () => {
    const five = await calls((await make('five')).key, '/slow/100', 40);
    assert.equal(passed(five), 5);
    assert.ok(five.every(({ status }) => status === 200 || status === 429));
    assert.ok(five.some((response) => /"daily";r=0;/.test(response.headers.get('ratelimit') ?? '')), 'the header reaches zero');
    assert.ok(five.filter(({ status }) => status === 429).every((response) => Number(response.headers.get('retry-after')) > 0));
  });

  await t.test('what the upstream fails counts against no quota', async () => {
    assert.equal(passed(await calls(month, '/echo', 12)), 12);
    const failing = await calls(month, '/status/500', 7);
    assert.equal(failing.filter(({ status }) => status === 500).length, 7);
  });

  await t.test('a spend cap lets pass what it pays for, of 40 calls at once too', async () => {
    assert.deepEqual(statuses(await calls(metered.key, '/echo', 2)), { 200: 2 });
    await cap(metered.subscription, '6.25');
    // 2 of fee and 8 calls at 0.50 are 6.00: two are made already.
    assert.deepEqual(statuses(await calls(metered.key, '/slow/100', 40)), { 200: 6, 429: 34 });
    const [refused] = await calls(metered.key, '/echo', 1);
    assert.ok(Number(refused!.headers.get('retry-after')) > 3_600);
    await cap(metered.subscription, '8.25');
    assert.deepEqual(statuses(await calls(metered.key, '/echo', 1)), { 200: 1 });
  });

  await t.test('what is counted behind a call stops the next', async () => {
    await cap(octets.subscription, '500');
    let made = 0;
    while (made < 20 && statuses(await calls(octets.key, '/echo', 1))['200'] === 1) made++;
    assert.ok(made > 0 && made < 10, `${made} calls of some 200 octets took the bill above 500`);
  });

  await t.test('after the death of everything each stands where the ledger and the unread spool stand', async () => {
    const pids = portico.pids();
    for (const pid of [pids.gateway, pids.control, portico.supervisor.pid!]) process.kill(pid, 'SIGKILL');
    portico = await startPortico(t, options);
    assert.equal(passed(await calls(month, '/echo', 40)), 18);
    assert.deepEqual(statuses(await calls(metered.key, '/echo', 40)), { 200: 3, 429: 37 }, '12 calls in all, before and after');
    assert.deepEqual(statuses(await calls(octets.key, '/echo', 1)), { 429: 1 }, 'octets are remembered too');
    await portico.cli('subscriptions', 'cap', metered.subscription, '--none');
    assert.deepEqual(statuses(await calls(metered.key, '/echo', 5)), { 200: 5 });
  });

  await t.test('no call fails while a plan changes under it, and keys come and go', async () => {
    const { key } = await make('wide');
    let over = false;
    const seen = new Map<number, number>();
    const callOn = async (): Promise<void> => {
      while (!over) {
        const response = await fetch(`${portico.gatewayUrl}/echo/v1/echo`, { headers: { 'x-api-key': key } });
        await response.arrayBuffer();
        seen.set(response.status, (seen.get(response.status) ?? 0) + 1);
      }
    };
    const callers = Array.from({ length: 8 }, callOn);
    for (let round = 0; round < 4; round++) {
      writeFileSync(upstream.configuration, text + wide(2_000_000 + round));
      await portico.cli('apply', '--file', upstream.configuration);
      const { id } = await portico.api<{ id: string }>('POST', '/keys', { email: 'other@example.com', product: 'echo', plan: 'wide' });
      await portico.api('POST', `/keys/${id}/revoke`);
    }
    over = true;
    await Promise.all(callers);
    assert.deepEqual([...seen.keys()], [200]);
    const last = await fetch(`${portico.gatewayUrl}/echo/v1/echo`, { headers: { 'x-api-key': key } });
    assert.match(last.headers.get('ratelimit-policy') ?? '', /q=2000003;/);
  });
});
