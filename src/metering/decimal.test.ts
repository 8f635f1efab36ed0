import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addQuantities, isQuantity } from './decimal.ts';

describe('quantities', () => {
  const sums: [string, string, string][] = [
    ['0', '1', '1'],
    ['0.1', '0.2', '0.3'],
    ['1.50', '0.5', '2'],
    ['0.000001', '99999999999999999999', '99999999999999999999.000001'],
    ['9007199254740993', '1', '9007199254740994'],
    ['0.05', '0.05', '0.1'],
    ['1.005', '0', '1.005'],
  ];
  for (const [a, b, sum] of sums) it(`${a} + ${b} = ${sum}`, () => assert.equal(addQuantities(a, b), sum));

  it('add to the same sum in any order', () => {
    const quantity = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.integer({ min: 0, max: 12 })).map(([digits, scale]) => {
      const text = digits.toString().padStart(scale + 1, '0');
      return scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`;
    });
    fc.assert(fc.property(fc.array(quantity, { minLength: 1, maxLength: 20 }), (all) => {
      const forth = all.reduce(addQuantities, '0');
      assert.equal(all.toReversed().reduce(addQuantities, '0'), forth);
      assert.ok(isQuantity(forth));
    }));
  });

  for (const text of ['0', '12', '12.5', '0.000001']) it(`"${text}" is one`, () => assert.ok(isQuantity(text)));
  for (const text of ['', '-1', '1e3', '.5', '5.', '1,5', ' 1', 'NaN', '1'.repeat(41), '0.1234567890123', '0x10']) it(`"${text}" is none`, () => assert.ok(!isQuantity(text)));
});
