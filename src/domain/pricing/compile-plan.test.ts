import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nextPeriod } from '../billing-period.ts';
import type { PlanConfig, PriceConfig } from '../config.ts';
import { scaleDecimal } from '../decimal.ts';
import { addQuantity, readQuantity, type Quantity } from '../quantity.ts';
import { billPeriod } from './bill-period.ts';
import { compilePlan } from './compile-plan.ts';
import { meterQuantities } from './meter-quantities.ts';
import { minorPlacesOf } from './money.ts';

const digits = (max: bigint) => fc.bigInt({ min: 0n, max }).map(String);
/** Decimal text from nothing to twelve places, often at a border where rounding turns. */
const money = fc.oneof(fc.constantFrom('0', '0.005', '0.0049999', '0.000000000001', '0.5', '1', '0.125', '99999999999'), fc.tuple(digits(99_999n), fc.integer({ min: 0, max: 12 }), fc.bigInt({ min: 0n, max: 10n ** 12n - 1n })).map(([whole, places, rest]) => (places === 0 ? whole : `${whole}.${String(rest).padStart(12, '0').slice(0, places)}`)));
const count = fc.oneof(fc.constantFrom(0, 1, 9, 10, 11, 100, 101, 999_999), fc.integer({ min: 0, max: 2 ** 40 }));
const meters = ['requests', 'successes', 'bytes', 'tokens'];

const price = (meter: string): fc.Arbitrary<PriceConfig> => fc.record({
  model: fc.constantFrom('unit' as const, 'package' as const, 'graduated' as const, 'volume' as const), included: fc.oneof(fc.constant('0'), count.map(String), fc.constant('10.5')), unitPrice: money, packageSize: fc.integer({ min: 1, max: 5_000 }).map(String), packagePrice: money,
  bounds: fc.uniqueArray(fc.integer({ min: 1, max: 2_000_000 }), { maxLength: 4 }), costs: fc.array(fc.tuple(money, money), { minLength: 5, maxLength: 5 }), limits: fc.tuple(fc.option(money), fc.option(money)), source: fc.constantFrom(undefined, undefined, { meter: 'requests', operations: null }),
}).map(({ model, included, unitPrice, packageSize, packagePrice, bounds, costs, limits: [minimum, maximum], source }): PriceConfig => ({
  meter, model, included, minimum, maximum, ...(source !== undefined && meter === 'tokens' && { source }), unitPrice: model === 'unit' ? unitPrice : null, packageSize: model === 'package' ? packageSize : null, packagePrice: model === 'package' ? packagePrice : null,
  tiers: model === 'unit' || model === 'package' ? [] : [...bounds.toSorted((a, b) => a - b).map(String), null].map((upTo, index) => ({ upTo, unitPrice: costs[index]![0], flatFee: costs[index]![1] })),
}));
const plan = fc.record({ currency: fc.constantFrom('usd', 'jpy', 'kwd'), interval: fc.constantFrom('month' as const, 'year' as const, null), fee: money, prices: fc.subarray(meters).chain((chosen) => fc.tuple(...chosen.map(price))) })
  .map((fields): PlanConfig => ({ slug: 'p', name: 'P', description: '', default: false, access: 'public', trialDays: 0, limits: [], operations: null, ...fields }));
const period = fc.record({ anchorAt: fc.integer({ min: 20_000, max: 21_000 }).map((day) => day * 86_400_000), interval: fc.constantFrom('month' as const, 'year' as const), ahead: fc.integer({ min: 0, max: 14 }), cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true })) }).map(({ anchorAt, interval, ahead, cut }) => {
  let whole = nextPeriod(anchorAt, interval, anchorAt);
  for (let left = ahead; left > 0; left--) whole = nextPeriod(anchorAt, interval, whole.to);
  return { ...whole, to: cut === null ? whole.to : whole.from + Math.floor((whole.to - whole.from) * cut), anchorAt };
});
const quantity = fc.oneof(count, fc.constantFrom<Quantity>('0.000000000001', '10.5', '9007199254740993', '123456789012345678901234567890'), money);

test('a compiled plan bills what billPeriod bills, to the minor unit', () => {
  fc.assert(fc.property(plan, period, fc.dictionary(fc.constantFrom(...meters), quantity, { noNullPrototype: true }), (config, at, usage) => {
    const rows = meterQuantities(Object.entries(usage).map(([meter, value]) => ({ meter, operation: '', quantity: String(value) })), config.prices);
    const { subtotal } = billPeriod({ period: { kind: 'regular', ...at }, phases: [{ plan: config, from: at.from, to: null }], usage: [...rows].map(([meter, value]) => ({ meter, quantity: value })), coupons: [] });
    assert.equal(BigInt(compilePlan(config).bill(at, usage)), scaleDecimal(subtotal, minorPlacesOf(config.currency)));
  }), { numRuns: 2_000 });
});

test('quantities add up exactly, whole or not, beyond the safe integers too', () => {
  for (const [a, b, sum] of [[1, 2, '3'], [Number.MAX_SAFE_INTEGER, 1, '9007199254740992'], ['0.5', '0.5', '1'], ['0.1', 2, '2.1']] as [Quantity, Quantity, string][]) assert.equal(String(addQuantity(a, b)), sum);
  assert.deepEqual(['007', '1.50', '2.0', '12345678901234567890'].map(readQuantity), [7, '1.5', 2, '12345678901234567890']);
});

test('a plan whose price names operations says so', () => {
  const derived: PriceConfig = { meter: 'exports', source: { meter: 'requests', operations: ['export'] }, model: 'unit', included: '0', unitPrice: '1', packageSize: null, packagePrice: null, tiers: [], minimum: null, maximum: null };
  const config: PlanConfig = { slug: 'p', name: 'P', description: '', default: false, access: 'public', currency: 'usd', interval: null, fee: '0', trialDays: 0, limits: [], operations: null, prices: [derived] };
  const compiled = compilePlan(config);
  assert.equal(compiled.byOperation, true);
  assert.equal(compiled.bill({ from: 0, to: 1, anchorAt: 0 }, { requests: 500, exports: 3 }, true), 300);
});
