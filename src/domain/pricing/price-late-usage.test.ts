import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PlanConfig, PriceConfig } from '../config.ts';
import { decimalText, scaleDecimal } from '../decimal.ts';
import { billPeriod, type PeriodLine } from './bill-period.ts';
import { cutAmounts, priceLateUsage, type KnownLine } from './price-late-usage.ts';

const nothing = { included: '0', unitPrice: null, packageSize: null, packagePrice: null, tiers: [], minimum: null, maximum: null };
const tiers = [{ upTo: '10', unitPrice: '1', flatFee: '0' }, { upTo: '100', unitPrice: '0.333', flatFee: '2' }, { upTo: null, unitPrice: '0.05', flatFee: '0' }];
const prices: Record<string, PriceConfig> = {
  unit: { ...nothing, meter: 'm', model: 'unit', unitPrice: '0.0137', included: '5', minimum: '1', maximum: '3' },
  package: { ...nothing, meter: 'm', model: 'package', packageSize: '7', packagePrice: '0.99' },
  graduated: { ...nothing, meter: 'm', model: 'graduated', tiers },
  volume: { ...nothing, meter: 'm', model: 'volume', tiers },
};
const [from, to] = [Date.UTC(2026, 7, 1), Date.UTC(2026, 8, 1)];
const couponSets = [[], [{ code: 'A', percent: '33.3333', amount: null }], [{ code: 'A', percent: null, amount: '5.00' }, { code: 'B', percent: '12.5', amount: null }], [{ code: 'A', percent: '100', amount: null }]];
const billOf = (price: PriceConfig, coupons: (typeof couponSets)[number], quantity: string): PeriodLine[] => billPeriod({
  period: { from, to, kind: 'regular', anchorAt: from }, phases: [{ plan: { slug: 'p', name: 'P', currency: 'usd', interval: 'month', fee: '1.99', prices: [price] } as unknown as PlanConfig, from, to: null }], usage: [{ meter: 'm', quantity }], coupons,
}).lines;
const quantity = fc.bigInt({ min: 0n, max: 400_000n }).map((thousandths) => decimalText(thousandths, 3));
const total = (lines: readonly KnownLine[]): bigint => lines.reduce((sum, { amount }) => sum + scaleDecimal(amount, 2), 0n);

for (const [model, price] of Object.entries(prices)) {
  test(`${model}: with coupons, late batches come to the bill of all in time, however they are cut`, () => {
    fc.assert(fc.property(fc.constantFrom(...couponSets), fc.array(quantity, { minLength: 2, maxLength: 5 }), (coupons, batches) => {
      const documents: KnownLine[] = billOf(price, coupons, batches[0]!);
      for (const batch of batches.slice(1)) {
        const charges = priceLateUsage(billOf(price, coupons, batch), documents, 2);
        documents.push(...charges.map(({ kind, name, billedMinor, presentMinor }): KnownLine => ({ kind: kind === 'usage' ? 'late-usage' : kind, meter: kind === 'usage' ? name : null, amount: decimalText(presentMinor - billedMinor, 2), detail: { code: name } })));
        assert.equal(total(documents), total(billOf(price, coupons, batch)));
        assert.deepEqual(priceLateUsage(billOf(price, coupons, batch), documents, 2), [], 'nothing twice');
      }
    }));
  });
}

test('amounts that are cut add up to each cut, and the cuts to the whole', () => {
  const amounts = fc.array(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), { minLength: 1, maxLength: 5 }).filter((all) => all.reduce((sum, amount) => sum + amount, 0n) > 0n);
  fc.assert(fc.property(amounts, fc.array(fc.bigInt({ min: 0n, max: 10n ** 31n }), { maxLength: 3 }), (all, ends) => {
    const wholeMinor = all.reduce((sum, amount) => sum + amount, 0n);
    const bounds = [0n, ...ends.map((end) => end % (wholeMinor + 1n)).sort((a, b) => (a < b ? -1 : 1)), wholeMinor];
    const cuts = bounds.slice(1).map((toMinor, index) => ({ length: toMinor - bounds[index]!, parts: cutAmounts(all, { fromMinor: bounds[index]!, toMinor, wholeMinor }) }));
    for (const { length, parts } of cuts) assert.equal(parts.reduce((sum, part) => sum + part, 0n), length);
    assert.deepEqual(all.map((_, index) => cuts.reduce((sum, { parts }) => sum + parts[index]!, 0n)), all);
  }));
  assert.deepEqual(cutAmounts([15n, -3n], { fromMinor: 0n, toMinor: 7n, wholeMinor: 12n }), [8n, -1n], 'every line is in each part');
});
