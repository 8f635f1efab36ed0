import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startEchoUpstream } from './echo-upstream.ts';
import { startPortico, waitFor } from './portico.ts';

function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'portico-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('a full disk under the spool refuses before forwarding, loses nothing, and heals', { skip: canMount() ? false : 'needs the right to mount a small file system', timeout: 90_000 }, async (t) => {
  const upstream = await startEchoUpstream(t);
  const dataFolder = mkdtempSync(join(tmpdir(), 'portico-full-'));
  const spool = join(dataFolder, 'spool');
  mkdirSync(spool);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', spool]);
  t.after(() => {
    execFileSync('umount', ['-l', spool]);
    rmSync(dataFolder, { recursive: true, force: true });
  });
  const portico = await startPortico(t, { configuration: upstream.configuration, dataFolder });
  const { key } = await portico.cli<{ key: string }>('keys', 'create', '--product', 'echo', '--plan', 'unlimited', '--email', 'dev@example.com');
  let served = 0;
  const call = async (): Promise<{ status: number; code: string | undefined }> => {
    const response = await fetch(`${portico.gatewayUrl}/echo/v1/echo`, { headers: { authorization: `Bearer ${key}`, connection: 'close' } });
    const body = (await response.json()) as { code?: string };
    if (response.status === 200) served += 1;
    return { status: response.status, code: body.code };
  };
  assert.equal((await call()).status, 200);

  const { bavail, bsize } = statfsSync(spool);
  const filler = join(spool, 'filler');
  try {
    writeFileSync(filler, Buffer.alloc(bavail * bsize + 65_536));
  } catch { /* it fills what there is */ }
  // Each thread refuses once the space that it had reserved ahead is used up.
  let refusedInARow = 0;
  await waitFor('every thread to refuse', async () => {
    const { status, code } = await call();
    if (status !== 200) assert.deepEqual({ status, code }, { status: 503, code: 'metering_unavailable' });
    refusedInARow = status === 503 ? refusedInARow + 1 : 0;
    return refusedInARow === 40;
  }, 60_000);
  const answered = upstream.answered();
  assert.equal((await call()).code, 'metering_unavailable');
  assert.equal(upstream.answered(), answered, 'refused before forwarding');

  rmSync(filler);
  await waitFor('the gateway to serve again', async () => (await call()).status === 200, 15_000);
  await waitFor('the ledger to hold what was served', async () => {
    const { total } = await portico.cli<{ total: Record<string, string> }>('usage');
    return total['requests'] === String(served);
  }, 15_000);
});
