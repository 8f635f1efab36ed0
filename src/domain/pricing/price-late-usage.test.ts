import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PriceConfig } from '../config.ts';
import { decimalText } from '../decimal.ts';
import { priceLateUsage, type LateCharge } from './price-late-usage.ts';

const nothing = { included: '0', unitPrice: null, packageSize: null, packagePrice: null, tiers: [], minimum: null, maximum: null };
const tiers = [{ upTo: '10', unitPrice: '1', flatFee: '0' }, { upTo: '100', unitPrice: '0.333', flatFee: '2' }, { upTo: null, unitPrice: '0.05', flatFee: '0' }];
const prices: Record<string, PriceConfig> = {
  unit: { ...nothing, meter: 'm', model: 'unit', unitPrice: '0.0137', included: '5', minimum: '1', maximum: '3' },
  package: { ...nothing, meter: 'm', model: 'package', packageSize: '7', packagePrice: '0.99' },
  graduated: { ...nothing, meter: 'm', model: 'graduated', tiers },
  volume: { ...nothing, meter: 'm', model: 'volume', tiers },
};
const quantity = fc.bigInt({ min: 0n, max: 400_000n }).map((thousandths) => decimalText(thousandths, 3));
const late = (price: PriceConfig, billed: string, present: string): LateCharge[] => priceLateUsage({ currency: 'usd', prices: [price] }, new Map([['m', billed]]), new Map([['m', present]]));
const sum = (charges: LateCharge[]): bigint => charges.reduce((total, { billedMinor, presentMinor }) => total + presentMinor - billedMinor, 0n);

for (const [model, price] of Object.entries(prices)) {
  test(`${model}: late batches come to what they would have come to at once, however they are cut`, () => {
    fc.assert(fc.property(quantity, quantity, quantity, (a, b, c) => {
      assert.equal(sum(late(price, a, b)) + sum(late(price, b, c)), sum(late(price, a, c)));
    }));
  });
}

test('what stands where it was billed is no charge, a meter that is not named counts as 0, and what has no price is left out', () => {
  assert.deepEqual(late(prices['package']!, '7', '7.000'), []);
  assert.deepEqual(priceLateUsage({ currency: 'usd', prices: [prices['package']!] }, new Map(), new Map([['m', '8'], ['other', '5']])), [{ meter: 'm', quantity: '8', billed: '0', present: '8', billedMinor: 0n, presentMinor: 198n }]);
});
