import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TlsIdentity } from '../config.ts';
import { makeAuthority } from './certificates.testkit.ts';
import { until } from './gateway.testkit.ts';
import { watchTlsFiles } from './watch-tls-files.ts';

test('a renewed certificate is told of once, one that does not fit its key is not used, and the next good one is', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-tls-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const authority = makeAuthority('Test authority');
  const [first, second, third] = [1, 2, 3].map(() => authority.issue(['localhost']));
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem'), clientCa: '' };
  // As tools do it: written beside, then moved.
  const write = (path: string, text: string): void => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };
  write(files.cert, first!.cert);
  write(files.key, first!.key);
  const renewed: TlsIdentity[] = [];
  const broken: string[] = [];
  t.after(watchTlsFiles({ files, everyMs: 5, onRenewed: (identity) => void renewed.push(identity), onBroken: (problem) => void broken.push(problem) }));
  write(files.cert, second!.cert);
  await until(() => broken.length === 1, 'a certificate without its key is told of');
  assert.match(broken[0]!, /cert\.pem must be a PEM file whose certificate belongs to the key/);
  write(files.key, second!.key);
  await until(() => renewed.length === 1, 'both are taken up');
  assert.deepEqual(renewed[0], { cert: second!.cert, key: second!.key, clientCa: null });
  rmSync(files.key);
  await until(() => broken.length === 2, 'a missing file is told of');
  assert.match(broken[1]!, /key\.pem must be a file that can be read \(ENOENT\)/);
  write(files.key, third!.key);
  write(files.cert, third!.cert);
  await until(() => renewed.at(-1)!.cert === third!.cert, 'the next good one is taken up');
});
