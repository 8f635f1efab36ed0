import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
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

/** A spool folder of its own file system in a throwaway data folder. */
function smallSpool(t: TestContext): { dataFolder: string; fill(): string } {
  const dataFolder = mkdtempSync(join(tmpdir(), 'portico-full-'));
  const spool = join(dataFolder, 'spool');
  mkdirSync(spool);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', spool]);
  t.after(() => {
    execFileSync('umount', ['-l', spool]);
    rmSync(dataFolder, { recursive: true, force: true });
  });
  return {
    dataFolder,
    fill: () => {
      const { bavail, bsize } = statfsSync(spool);
      const filler = join(spool, 'filler');
      try {
        writeFileSync(filler, Buffer.alloc(bavail * bsize + 65_536));
      } catch { /* it fills what there is */ }
      return filler;
    },
  };
}

test('with `serve` calls go on while the disk is full, and what was not written is counted and shown, also after a restart', { skip: canMount() ? false : 'needs the right to mount a small file system', timeout: 120_000 }, async (t) => {
  const upstream = await startEchoUpstream(t);
  const { dataFolder, fill } = smallSpool(t);
  const options = { configuration: upstream.configuration, dataFolder, environment: { PORTICO_WHEN_UNMETERABLE: 'serve', PORTICO_WORKERS: '1' } };
  let portico = await startPortico(t, options);
  const { key } = await portico.cli<{ key: string }>('keys', 'create', '--product', 'echo', '--plan', 'unlimited', '--email', 'dev@example.com');
  let served = 0;
  const call = async (): Promise<void> => {
    const response = await fetch(`${portico.gatewayUrl}/echo/v1/echo`, { headers: { authorization: `Bearer ${key}` } });
    await response.arrayBuffer();
    assert.equal(response.status, 200);
    served += 1;
  };
  const uncounted = async (): Promise<number> => {
    const status = await portico.api<{ uncounted: { product: string; calls: number }[] }>('GET', '/status');
    return status.uncounted.reduce((sum, { calls }) => sum + calls, 0);
  };
  await call();
  const filler = fill();
  await waitFor('calls to go uncounted', async () => {
    await Promise.all(Array.from({ length: 200 }, call));
    return await uncounted() > 500;
  }, 60_000);
  rmSync(filler);
  await waitFor('the spool to have space again', async () => {
    await call();
    return portico.stderr().includes('the spool has space again');
  }, 15_000);
  await call();
  await waitFor('every call to be counted, or shown as not counted', async () => {
    const { total } = await portico.cli<{ total: Record<string, string> }>('usage');
    return Number(total['requests']) + await uncounted() === served;
  }, 20_000);
  assert.match(portico.stderr(), /calls are served, and what cannot be written is not counted/);
  const shown = await uncounted();
  assert.match(await (await fetch(`${portico.webUrl}/metrics`, { headers: { authorization: `Bearer ${portico.adminToken}` } })).text(), new RegExp(`portico_uncounted_calls\\{product="echo"\\} ${shown}\\n`));
  assert.match((await portico.run('status')).stdout, new RegExp(`${shown} calls of echo were served and not counted between`));
  await portico.stop();
  portico = await startPortico(t, options);
  assert.equal(await uncounted(), shown);
});

test('a full disk under the spool refuses before forwarding, loses nothing, and heals', { skip: canMount() ? false : 'needs the right to mount a small file system', timeout: 90_000 }, async (t) => {
  const upstream = await startEchoUpstream(t);
  const { dataFolder, fill } = smallSpool(t);
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

  const filler = fill();
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
