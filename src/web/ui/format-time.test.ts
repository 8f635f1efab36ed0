import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration, formatTime } from './format-time.ts';

test('moments are UTC and say so', () => {
  assert.equal(formatTime(Date.UTC(2026, 10, 22, 14, 3, 9)), '22 Nov 2026, 14:03 UTC');
  assert.equal(formatTime(Date.UTC(2026, 10, 22, 14, 3, 9), { seconds: true }), '22 Nov 2026, 14:03:09 UTC');
});

test('durations name two units at most', () => {
  const rows: [number, string][] = [[38.4, '38 ms'], [4200, '4.2 s'], [131_000, '2 min 11 s'], [120_000, '2 min'], [11_100_000, '3 h 5 min'], [187_200_000, '2 d 4 h']];
  for (const [ms, words] of rows) assert.equal(formatDuration(ms), words);
});
