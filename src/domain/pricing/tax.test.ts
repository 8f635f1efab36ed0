import assert from 'node:assert/strict';
import { test } from 'node:test';
import { taxOn } from './tax.ts';

const rows: [name: string, amountMinor: bigint, percent: string, tax: bigint][] = [
  ['half a cent goes up', 250n, '19', 48n], ['less goes down', 249n, '19', 47n], ['places of a percentage count', 10_000n, '7.7', 770n], ['four of them', 1_000_000n, '0.0001', 1n], ['nothing', 0n, '25', 0n], ['no rate', 999n, '0', 0n],
  ['what is given back is as large as what was charged', -250n, '19', -48n],
];
for (const [name, amount, percent, tax] of rows) test(name, () => assert.equal(taxOn(amount, percent), tax));
test('more places are refused, not cut off', () => assert.throws(() => taxOn(1n, '1.00001'), RangeError));
