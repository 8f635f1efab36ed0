import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { listConfigurationFiles } from '../cli/read-bundle.ts';
import { watchConfiguration } from './watch-configuration.ts';

const until = async (what: string, done: () => boolean): Promise<void> => {
  const deadline = performance.now() + 10_000;
  while (!done()) {
    if (performance.now() > deadline) throw new Error(`${what} did not happen`);
    await wait(20);
  }
};

async function watched(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'portico-watch-'));
  const file = join(folder, 'portico.yaml');
  const document = (name: string) => join(folder, name);
  const write = (name: string) => writeFileSync(document(name), `openapi: 3.1.0\ninfo: { title: ${name}, version: "1" }\npaths: {}\n`);
  const configure = (openapi: string) => `products: [ { slug: a, upstream: "http://127.0.0.1", versions: [ { name: v1, openapi: ${openapi} } ] } ]\n`;
  write('one.yaml');
  writeFileSync(file, configure('./one.yaml'));
  const seen: string[] = [];
  const watching = await watchConfiguration({ listFiles: () => listConfigurationFiles(file), changed: async (path) => { seen.push(path); } });
  t.after(() => {
    watching.close();
    rmSync(folder, { recursive: true });
  });
  return { file, seen, document, write, configure };
}

test('a file that is replaced, as editors do, is seen every time', async (t) => {
  const { file, seen, configure } = await watched(t);
  for (const round of [1, 2, 3]) {
    writeFileSync(`${file}.new`, `${configure('./one.yaml')}# ${'x'.repeat(round)}\n`);
    renameSync(`${file}.new`, file);
    await until(`the change ${round}`, () => seen.length === round);
  }
  assert.deepEqual(seen, [file, file, file]);
});

test('documents are watched as the file names them, also before they exist; other files are not', async (t) => {
  const { file, seen, document, write, configure } = await watched(t);
  writeFileSync(document('unrelated.yaml'), 'a: 1\n');
  writeFileSync(file, configure('./two.yaml'));
  await until('the change of the file', () => seen.length === 1);
  await wait(50);
  write('two.yaml');
  await until('the new document', () => seen.length === 2);
  assert.deepEqual(seen, [file, document('two.yaml')]);
});
