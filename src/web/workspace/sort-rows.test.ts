import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sortRows } from './sort-rows.ts';

const rows = [{ name: 'v10', calls: 9 }, { name: 'v2', calls: 30 }, { name: 'Atlas', calls: 9 }];
const orders: [string | null, string[]][] = [
  [null, ['v10', 'v2', 'Atlas']],
  ['name', ['Atlas', 'v2', 'v10']],
  ['-name', ['v10', 'v2', 'Atlas']],
  ['-calls', ['v2', 'v10', 'Atlas']],
  ['calls', ['v10', 'Atlas', 'v2']],
  ['constructor', ['v10', 'v2', 'Atlas']],
];
for (const [sort, names] of orders) test(`rows by ${sort}`, () => assert.deepEqual(sortRows(rows, sort).map(({ name }) => name), names));
