import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallBreakdownRow } from '../../../control/services.ts';
import { seriesOf, totalsOf } from './breakdown-series.ts';

const row = (bucket: number, value: string | null, count: number, more: Partial<CallBreakdownRow> = {}): CallBreakdownRow => ({ bucket, value, name: value, rest: false, count, failed: 0, p95: null, ...more });

test('each value is a series over all buckets, most first, the rest last', () => {
  const series = seriesOf([row(0, 'a', 1), row(0, null, 50, { rest: true }), row(10, 'b', 4), row(10, null, 2), row(20, 'a', 2)], [0, 10, 20]);
  assert.deepEqual(series.map(({ name, rest, values }) => [rest ? 'rest' : name, values]), [['b', [0, 4, 0]], ['a', [1, 0, 2]], [null, [0, 2, 0]], ['rest', [50, 0, 0]]]);
});

test('totals stand beside those of the range before; a rest is not compared', () => {
  const totals = totalsOf([row(0, 'a', 5), row(0, null, 3), row(0, null, 9, { rest: true })], [row(-10, 'a', 4), row(-10, null, 2), row(-10, null, 7, { rest: true })]);
  assert.deepEqual(totals.map(({ key, count, before }) => [key, count, before]), [['is a', 5, 4], ['is ', 3, 2], ['rest', 9, 0]]);
});
