import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amountText, isCurrency, minorPlacesOf, roundToMinor } from './money.ts';

test('minor units of ISO 4217', () => {
  const places = { usd: 2, EUR: 2, jpy: 0, krw: 0, isk: 0, KWD: 3, tnd: 3, clf: 4, uyw: 4, iqd: 3, ugx: 0, mru: 2 };
  for (const [code, expected] of Object.entries(places)) assert.equal(minorPlacesOf(code), expected, code);
});

test('what is no money to bill in is no currency', () => {
  for (const code of ['', 'us', 'usdt', 'xau', 'xdr', 'xts', 'xxx', 'dem', 'constructor']) assert.equal(isCurrency(code), false, code);
  assert.throws(() => minorPlacesOf('xau'), RangeError);
});

test('the table has what the platform knows, but for what is gone or no money, and the funds codes beside', () => {
  const known = Intl.supportedValuesOf('currency');
  assert.deepEqual(known.filter((code) => !isCurrency(code)).filter((code) => !['ANG', 'BGN', 'CUC', 'HRK', 'SLL', 'ZWL', 'XDR', 'XSU', 'XUA'].includes(code)), []);
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const listed = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c))).filter(isCurrency);
  assert.deepEqual(listed.filter((code) => !known.includes(code)).filter((code) => !['BOV', 'CHE', 'CHW', 'CLF', 'COU', 'MXV', 'USN', 'UYI', 'UYW', 'VED'].includes(code)), []);
});

const rows: [value: bigint, places: number, minorPlaces: number, amount: string][] = [
  [47_340_750n, 6, 2, '47.34'],
  [47_340_750n, 6, 0, '47'],
  [5n, 3, 2, '0.01'],
  [4_999n, 6, 2, '0.00'],
  [-5n, 3, 2, '-0.01'],
  [-4n, 3, 2, '0.00'],
  [100n, 0, 2, '100.00'],
  [15n, 4, 3, '0.002'],
];
for (const [value, places, minorPlaces, amount] of rows) {
  test(`${value} / 10^${places} with ${minorPlaces} places is ${amount}`, () => assert.equal(amountText(roundToMinor(value, places, minorPlaces), minorPlaces), amount));
}
