import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addDecimals, compareDecimals, subtractDecimals } from './decimal.ts';

const rows: [string, string, string, string, number][] = [
  // a, b, a + b, a - b, order
  ['0.1', '0.2', '0.3', '-0.1', -1],
  ['49.00', '49', '98.00', '0.00', 0],
  ['0.000000000001', '999999999999999999', '999999999999999999.000000000001', '-999999999999999998.999999999999', -1],
  ['-3.5', '3.5', '0.0', '-7.0', -1],
  ['10', '9.99', '19.99', '0.01', 1],
];
for (const [a, b, sum, difference, order] of rows) {
  test(`${a} and ${b}`, () => {
    assert.equal(addDecimals(a, b), sum);
    assert.equal(subtractDecimals(a, b), difference);
    assert.equal(Math.sign(compareDecimals(a, b)), order);
  });
}

test('what was added can be taken away again', () => {
  const decimal = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.integer({ min: 0, max: 12 })).map(([digits, places]) => addDecimals('0', places === 0 ? String(digits) : `${digits}.${'7'.repeat(places)}`));
  fc.assert(fc.property(decimal, decimal, (a, b) => compareDecimals(subtractDecimals(addDecimals(a, b), b), a) === 0));
});
