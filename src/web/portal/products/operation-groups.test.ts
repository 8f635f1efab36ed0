import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OperationSummary } from '../../../control/services.ts';
import { navigation } from './operation-groups.ts';

const many = (count: number, tag: string): OperationSummary[] => Array.from({ length: count }, (_, index) => ({ operation: `${tag}${index}`, slug: `${tag}-${index}`, method: 'GET', path: `/${tag}/${index}`, summary: '', tag, deprecated: false }));
const shape = (operations: OperationSummary[], current?: string) => navigation(operations, current).map(({ tag, count, from, operations: shown }) => [tag, count, from, shown.length]);

test('a small version is listed whole', () => {
  assert.deepEqual(shape([...many(30, 'a'), ...many(20, 'b')]), [['a', 30, 0, 30], ['b', 20, 0, 20]]);
});

test('of a large one, the operations around the page are listed, and the other groups by their name', () => {
  const operations = [...many(200, 'a'), ...many(20, 'b')];
  assert.deepEqual(shape(operations, 'a-0'), [['a', 200, 0, 20], ['b', 20, 0, 0]]);
  assert.deepEqual(shape(operations, 'a-100'), [['a', 200, 90, 20], ['b', 20, 0, 0]]);
  assert.deepEqual(shape(operations, 'a-199'), [['a', 200, 180, 20], ['b', 20, 0, 0]]);
  assert.deepEqual(shape(operations, 'b-19'), [['a', 200, 0, 0], ['b', 20, 0, 20]]);
  assert.deepEqual(shape(operations), [['a', 200, 0, 0], ['b', 20, 0, 0]]);
});
