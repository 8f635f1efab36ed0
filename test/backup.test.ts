// The whole process on each engine, and a backup of it that answers as the original did.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { forEachEngine } from '../src/store/testkit.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { startPortico, waitFor } from './portico.ts';
import type { Portico } from './portico.ts';

const answers = async (portico: Portico): Promise<unknown> => ({
  usage: await portico.cli('usage'),
  requests: await portico.cli('requests', '--limit', '100'),
  keys: await portico.cli('keys', 'list'),
  configuration: await portico.api('GET', '/configuration'),
});

forEachEngine('backup', ({ engine, prepare }) => {
  test('a backup taken while running restores to the same answers, and its keys go on working', { timeout: 180_000 }, async (t) => {
    const environment = async (): Promise<Record<string, string>> => (engine === 'postgres' ? { PORTICO_DATABASE_URL: (await prepare()).location } : {});
    const upstream = await startEchoUpstream(t);
    const first = await startPortico(t, { configuration: upstream.configuration, environment: await environment() });
    const { key } = await first.cli<{ key: string }>('keys', 'create', '--product', 'echo', '--plan', 'free', '--email', 'dev@example.com');
    const call = (portico: Portico): Promise<Response> => fetch(`${portico.gatewayUrl}/echo/v1/echo`, { headers: { 'x-api-key': key } });
    for (let i = 0; i < 4; i++) assert.equal((await call(first)).status, 200);
    await waitFor('the calls in ledger and log', async () => {
      const { total } = await first.cli<{ total: Record<string, string> }>('usage');
      return total['requests'] === '4' && (await first.cli<{ requests: unknown[] }>('requests')).requests.length === 4;
    }, 15_000);

    const folder = mkdtempSync(join(tmpdir(), 'portico-backup-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const archive = join(folder, 'portico.backup');
    await first.cli('backup', archive);
    const before = await answers(first);
    await first.stop();

    const restoredEnvironment = await environment();
    const dataFolder = join(folder, 'restored');
    const target = restoredEnvironment['PORTICO_DATABASE_URL'] ? ['--database-url', restoredEnvironment['PORTICO_DATABASE_URL']] : [];
    const restored = await first.run('restore', archive, '--data', dataFolder, ...target);
    assert.equal(restored.code, 0, restored.stderr);
    const second = await startPortico(t, { dataFolder, environment: restoredEnvironment });
    assert.deepEqual(await answers(second), before);
    const response = await call(second);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('ratelimit')!, /"monthly";r=995;/);

    const again = await second.run('restore', archive, '--data', dataFolder, ...target);
    assert.equal(again.code, 1, 'a folder that holds data is left alone');
  });
});
