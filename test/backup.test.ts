import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startEchoUpstream } from './echo-upstream.ts';
import { startPortico, waitFor } from './portico.ts';
import type { Portico } from './portico.ts';

const answers = async (portico: Portico): Promise<unknown> => ({
  usage: await portico.cli('usage'),
  requests: await portico.cli('requests', '--limit', '100'),
  keys: await portico.cli('keys', 'list'),
  configuration: await portico.api('GET', '/configuration'),
});

test('a backup taken while running restores to the same answers, and its keys go on working', { timeout: 120_000 }, async (t) => {
  const upstream = await startEchoUpstream(t);
  const first = await startPortico(t, { configuration: upstream.configuration });
  const { key } = await first.cli<{ key: string }>('keys', 'create', '--product', 'echo', '--plan', 'free', '--email', 'dev@example.com');
  const call = (portico: Portico): Promise<Response> => fetch(`${portico.gatewayUrl}/echo/v1/echo`, { headers: { 'x-api-key': key } });
  for (let i = 0; i < 4; i++) assert.equal((await call(first)).status, 200);
  await waitFor('the calls in the ledger', async () => (await first.cli<{ total: Record<string, string> }>('usage')).total['requests'] === '4', 10_000);

  const folder = mkdtempSync(join(tmpdir(), 'portico-backup-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const archive = join(folder, 'portico.tar.gz');
  await first.cli('backup', archive);
  const before = await answers(first);
  await first.stop();

  const dataFolder = join(folder, 'restored');
  const restored = await first.run('restore', archive, '--data', dataFolder);
  assert.equal(restored.code, 0, restored.stderr);
  const second = await startPortico(t, { dataFolder });
  assert.deepEqual(await answers(second), before);
  const response = await call(second);
  assert.equal(response.status, 200);
  assert.match(response.headers.get('ratelimit')!, /"monthly";r=995;/);

  const again = await second.run('restore', archive, '--data', dataFolder);
  assert.equal(again.code, 1, 'a folder that holds data is left alone');
});
