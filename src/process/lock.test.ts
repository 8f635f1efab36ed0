import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { acquireLock } from './lock.ts';

function temporaryFolder(t: { after(fn: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'portico-lock-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('a second holder is refused until the first releases, and each turn is higher', async (t) => {
  const file = join(temporaryFolder(t), 'lock.db');
  const first = await acquireLock(file);
  assert.ok(first);
  assert.equal(await acquireLock(file), undefined);
  first.release();
  const second = await acquireLock(file, { leastTurn: 40 });
  assert.equal(second?.turn, 40);
  second?.release();
  const third = await acquireLock(file);
  assert.equal(third?.turn, 41);
  third?.release();
});

test('the lock of a killed process is free at once', async (t) => {
  const file = join(temporaryFolder(t), 'lock.db');
  const script = `import { acquireLock } from ${JSON.stringify(new URL('./lock.ts', import.meta.url).href)};
    await acquireLock(${JSON.stringify(file)}); process.stdout.write('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  assert.equal(await acquireLock(file), undefined);
  child.kill('SIGKILL');
  const lock = await acquireLock(file, { waitMs: 2_000 });
  assert.ok(lock);
  lock.release();
});
