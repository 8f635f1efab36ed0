import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readConfig } from '../config.ts';
import { packBackup } from './backup-archive.ts';
import { dataFolderAt } from './data-folder.ts';
import { restoreInto } from './restore.ts';

test('an archive that breaks off, and a file that is none, are refused in a sentence and leave nothing behind', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'portico-archive-'));
  t.after(() => rmSync(root, { recursive: true }));
  const staging = join(root, 'staging');
  mkdirSync(join(staging, 'spool'), { recursive: true });
  for (let i = 0; i < 20; i++) writeFileSync(join(staging, 'spool', String(i)), randomBytes(20_000));
  const whole = join(root, 'whole.tar.gz');
  await packBackup({ staging, folder: dataFolderAt(join(root, 'none')), file: whole });
  const cut = join(root, 'cut.tar.gz');
  writeFileSync(cut, readFileSync(whole).subarray(0, 200_000));
  const other = join(root, 'other.txt');
  writeFileSync(other, 'portico'.repeat(200));

  const folder = join(root, 'restored');
  const config = readConfig({ PORTICO_DATA: join(folder, 'data') });
  await assert.rejects(restoreInto({ file: cut, config }), (error: Error & { code?: string }) => error.code === 'input_invalid' && /breaks off before its end/.test(error.message));
  await assert.rejects(restoreInto({ file: other, config }), (error: Error & { code?: string }) => error.code === 'input_invalid' && /is not a backup of Portico/.test(error.message));
  assert.deepEqual(readdirSync(folder), []);
});
