import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const control = join(import.meta.dirname, '../..');

test('no other file writes invoices or their lines, and none changes or deletes a line', () => {
  const files = readdirSync(control, { recursive: true }).map(String).filter((name) => name.endsWith('.ts') && !/\.(test|testkit)\.ts$/.test(name));
  assert.ok(files.length > 300, 'the sources are found');
  const writing = files.filter((name) => /(insertInto|updateTable|deleteFrom)\('invoice(_line)?'\)|(insert into|update|delete from) invoice(_line)?\b/.test(readFileSync(join(control, name), 'utf8')));
  assert.deepEqual(writing, ['control/billing/write-invoice.ts']);
  const source = readFileSync(join(import.meta.dirname, 'write-invoice.ts'), 'utf8');
  assert.doesNotMatch(source, /(updateTable|deleteFrom)\('invoice_line'\)|deleteFrom\('invoice'\)/);
  assert.equal(source.match(/updateTable\('invoice'\)/g)?.length, 1, 'through one guarded statement');
});
