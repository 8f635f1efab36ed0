// Every success that a client saw is in the ledger exactly once, and nothing twice, whatever dies in between.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../src/store/free-port.testkit.ts';
import { forEachEngine } from '../src/store/testkit.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { startPortico, waitFor } from './portico.ts';
import type { Portico } from './portico.ts';

/** Kills per engine: each of the four victims in turn. PORTICO_KILL_ROUNDS asks for more. */
const rounds = { sqlite: Number(process.env['PORTICO_KILL_ROUNDS'] ?? 8), postgres: Number(process.env['PORTICO_KILL_ROUNDS'] ?? 4) };
const clients = 8;

/** Calls without pause until told to stop; remembers the id of each answer that arrived whole with status 200. */
function startLoad(gatewayUrl: string, key: string): { seen: Set<string>; failed(): number; stop(): Promise<void> } {
  const seen = new Set<string>();
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  let failed = 0;
  let running = true;
  const call = (): Promise<void> => new Promise((resolve) => {
    const outgoing = request(`${gatewayUrl}/echo/v1/echo`, { agent, headers: { authorization: `Bearer ${key}` } }, (response) => {
      response.resume();
      response.once('error', () => { failed += 1; resolve(); });
      response.once('end', () => {
        if (response.statusCode === 200 && response.complete) {
          const id = String(response.headers['x-request-id']);
          assert.equal(seen.has(id), false, `the id ${id} was given twice`);
          seen.add(id);
        } else {
          failed += 1;
        }
        resolve();
      });
    });
    outgoing.once('error', () => { failed += 1; setTimeout(resolve, 5); });
    outgoing.end();
  });
  const loops = Array.from({ length: clients }, async () => { while (running) await call(); });
  return { seen, failed: () => failed, stop: async () => { running = false; await Promise.all(loops); agent.destroy(); } };
}

async function listRequestIds(portico: Portico): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = null; ;) {
    const page: { requests: { id: string }[]; nextCursor: string | null } = await portico.api('GET', `/requests?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    ids.push(...page.requests.map(({ id }) => id));
    cursor = page.nextCursor;
    if (cursor === null) return ids;
  }
}

async function ledger(portico: Portico): Promise<{ requests: number; successes: number }> {
  const { total } = await portico.api<{ total: Record<string, string> }>('GET', '/usage?since=24h');
  return { requests: Number(total['requests'] ?? 0), successes: Number(total['successes'] ?? 0) };
}

forEachEngine('kills', ({ engine, prepare }) => {
  test('after kills of gateway, control, supervisor and all, the ledger holds every seen success once', { timeout: 300_000 }, async (t) => {
    const upstream = await startEchoUpstream(t);
    const dataFolder = mkdtempSync(join(tmpdir(), 'portico-kill-'));
    t.after(() => rmSync(dataFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
    const environment: Record<string, string> = engine === 'postgres' ? { PORTICO_DATABASE_URL: (await prepare()).location } : {};
    const options = { configuration: upstream.configuration, dataFolder, environment, ports: { web: await freePort(), gateway: await freePort() } };
    let portico = await startPortico(t, options);
    const { key } = await portico.cli<{ key: string }>('keys', 'create', '--product', 'echo', '--plan', 'unlimited', '--email', 'load@example.com');
    const load = startLoad(portico.gatewayUrl, key);
    t.after(load.stop);

    const victims = ['gateway', 'control', 'supervisor', 'all'] as const;
    const counts = { gateway: 0, control: 0, supervisor: 0, all: 0 };
    for (let round = 0; round < rounds[engine]; round++) {
      await wait(100 + Math.random() * 900);
      const victim = victims[round % victims.length]!;
      const pids = portico.pids();
      counts[victim] += 1;
      const kill = (pid: number): void => { if (pid > 0) try { process.kill(pid, 'SIGKILL'); } catch { /* it had ended */ } };
      if (victim === 'gateway' || victim === 'all') kill(pids.gateway);
      if (victim === 'control' || victim === 'all') kill(pids.control);
      if (victim === 'supervisor' || victim === 'all') {
        kill(portico.supervisor.pid!);
        portico = await startPortico(t, options);
      } else {
        const before = load.seen.size;
        await waitFor(`${victim} to be replaced`, () => portico.pids()[victim] > 0 && portico.pids()[victim] !== pids[victim], 15_000);
        await waitFor('calls to pass again', () => load.seen.size > before + clients, 20_000);
      }
    }
    await wait(300);
    await load.stop();

    await waitFor('the tree to be ready', async () => (await fetch(`${portico.webUrl}/readyz`).catch(() => undefined))?.ok === true, 20_000);
    await waitFor('ingest to have read everything', async () => (await ledger(portico)).requests >= load.seen.size && (await portico.api<{ ingest: { lagBytes: number } }>('GET', '/status')).ingest.lagBytes === 0, 20_000);
    const ids = await listRequestIds(portico);
    const { requests, successes } = await ledger(portico);
    t.diagnostic(`killed ${JSON.stringify(counts)}; clients saw ${load.seen.size} successes and ${load.failed()} failures; upstream answered ${upstream.answered()}; ledger ${requests}; events ${ids.length}`);
    assert.equal(new Set(ids).size, ids.length, 'no event is there twice');
    const known = new Set(ids);
    assert.deepEqual([...load.seen].filter((id) => !known.has(id)), [], 'every success that a client saw has its event');
    assert.equal(requests, successes);
    assert.equal(requests, ids.length, 'ledger and events agree');
    assert.ok(requests <= upstream.answered(), 'nothing is metered that the upstream did not answer');
    assert.ok(load.seen.size > 100, 'there was load');
  });
});
