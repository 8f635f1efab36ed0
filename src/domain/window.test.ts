import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { quotaPeriods } from './limit.ts';
import { windowAt } from './window.ts';

const at = (text: string): number => Date.parse(text);
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

for (const [name, period, instant, anchor, from, to] of [
  ['a day is a UTC day', 'day', '2026-11-22T23:59:59.999Z', '2026-01-01', '2026-11-22', '2026-11-23'],
  ['a week starts on Monday', 'week', '2026-11-22T10:00:00Z', '2026-01-01', '2026-11-16', '2026-11-23'],
  ['Monday itself begins a week', 'week', '2026-11-23T00:00:00Z', '2026-01-01', '2026-11-23', '2026-11-30'],
  ['a month', 'month', '2026-12-31T23:59:59Z', '2026-01-01', '2026-12-01', '2027-01-01'],
  ['a year', 'year', '2026-11-22T00:00:00Z', '2026-01-01', '2026-01-01', '2027-01-01'],
  ['an anchor on the 31st ends February on its last day', 'period', '2028-02-15T00:00:00Z', '2026-01-31', '2028-01-31', '2028-02-29'],
  ['and keeps its day afterwards', 'period', '2028-03-01T00:00:00Z', '2026-01-31', '2028-02-29', '2028-03-31'],
  ['and after a month of 30 days', 'period', '2028-04-30T00:00:00Z', '2026-01-31', '2028-04-30', '2028-05-31'],
  ['a period across the new year', 'period', '2027-01-10T00:00:00Z', '2026-05-15', '2026-12-15', '2027-01-15'],
] as const) {
  test(name, () => {
    const window = windowAt(period, at(instant), at(anchor));
    assert.deepEqual([day(window.from), day(window.to)], [from, to]);
  });
}

test('windows tile time: each instant lies in its window, and the next window has the next ordinal', () => {
  fc.assert(fc.property(fc.constantFrom(...quotaPeriods), fc.integer({ min: at('2001-01-01'), max: at('2090-01-01') }), fc.integer({ min: 0, max: 40_000 }), (period, instant, anchorDay) => {
    const window = windowAt(period, instant, anchorDay * 86_400_000);
    assert.ok(window.from <= instant && instant < window.to);
    const next = windowAt(period, window.to, anchorDay * 86_400_000);
    assert.deepEqual([next.ordinal, next.from], [window.ordinal + 1, window.to]);
  }));
});
