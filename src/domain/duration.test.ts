import { test } from 'node:test';
import assert from 'node:assert/strict';
import { parseDuration } from './duration.ts';

test('a duration is a whole number and a unit', () => {
  const rows: [string, number | undefined][] = [
    ['250ms', 250], ['30s', 30_000], ['15m', 900_000], ['24h', 86_400_000], ['30d', 2_592_000_000], ['2w', 1_209_600_000], ['0', 0], ['0h', 0],
    ['', undefined], ['24', undefined], ['h', undefined], ['-1h', undefined], ['1.5h', undefined], ['1 h', undefined], ['1H', undefined], ['1h30m', undefined],
  ];
  for (const [text, expected] of rows) assert.equal(parseDuration(text), expected, `"${text}"`);
});
