import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketsOf, readRange } from './call-range.ts';

const now = Date.UTC(2026, 10, 22, 14, 3);
const read = (query: string) => readRange(new URLSearchParams(query), now);
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16);

const cases: [string, string, [string, string, number, number]][] = [
  ['nothing is the last 30 days, today included', '', ['2026-10-24T00:00', '2026-11-23T00:00', 24, 30]],
  ['a day is by the hour, the present one included', 'range=24h', ['2026-11-21T15:00', '2026-11-22T15:00', 1, 24]],
  ['a week is by the day', 'range=7d', ['2026-11-16T00:00', '2026-11-23T00:00', 24, 7]],
  ['dates are both included', 'range=custom&from=2026-11-01&to=2026-11-20', ['2026-11-01T00:00', '2026-11-21T00:00', 24, 20]],
  ['one day is by the hour', 'range=custom&from=2026-11-01&to=2026-11-01', ['2026-11-01T00:00', '2026-11-02T00:00', 1, 24]],
  ['a year at most', 'range=custom&from=2020-01-01&to=2026-11-20', ['2025-11-20T00:00', '2026-11-21T00:00', 24, 366]],
  ['dates the wrong way round are no range', 'range=custom&from=2026-11-20&to=2026-11-01', ['2026-10-24T00:00', '2026-11-23T00:00', 24, 30]],
  ['a date that is none is no range', 'range=custom&from=2026-02-30&to=2026-11-01', ['2026-10-24T00:00', '2026-11-23T00:00', 24, 30]],
];
for (const [name, query, expected] of cases) {
  test(name, () => {
    const range = read(query);
    assert.deepEqual([iso(range.from), iso(range.to), range.bucketMs / 3_600_000, bucketsOf(range).length], expected);
    assert.equal(range.previous.to - range.previous.from, range.to - range.from);
  });
}

test('the stretch before is compared up to the same moment', () => {
  const { from, comparable } = read('range=7d');
  assert.equal(comparable.to - comparable.from, now - from);
  const past = read('range=custom&from=2026-11-01&to=2026-11-20');
  assert.deepEqual(past.comparable, past.previous);
});
