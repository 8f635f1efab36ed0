import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { PlanConfig, PriceConfig } from '../config.ts';
import { addDecimals, decimalText } from '../decimal.ts';
import { billPlan } from './bill.ts';
import { minorPlacesOf } from './money.ts';
import { fraction, referenceCost, times, toMinor } from './reference.testkit.ts';

const terms = { meter: 'requests', included: '0', unitPrice: null, packageSize: null, packagePrice: null, tiers: [], minimum: null, maximum: null } as const;
const unit = (unitPrice: string, more: Partial<PriceConfig> = {}): PriceConfig => ({ ...terms, model: 'unit', tiers: [], unitPrice, ...more });
const packages = (packageSize: string, packagePrice: string, more: Partial<PriceConfig> = {}): PriceConfig => ({ ...terms, model: 'package', packageSize, packagePrice, tiers: [], ...more });
const tiered = (model: 'graduated' | 'volume', tiers: [upTo: string | null, unitPrice: string, flatFee?: string][], more: Partial<PriceConfig> = {}): PriceConfig =>
  ({ ...terms, model, tiers: tiers.map(([upTo, unitPrice, flatFee = '0']) => ({ upTo, unitPrice, flatFee })), ...more });
const plan = (prices: PriceConfig[], more: Partial<Pick<PlanConfig, 'currency' | 'interval' | 'fee'>> = {}): Parameters<typeof billPlan>[0] => ({ name: 'Growth', currency: 'usd', interval: null, fee: '0', prices, ...more });
const bill = (price: PriceConfig, quantity: string, currency = 'usd'): ReturnType<typeof billPlan> => billPlan(plan([price], { currency }), [{ meter: 'requests', quantity }]);

describe('price and quantity to lines', () => {
  const rows: { name: string; price: PriceConfig; quantity: string; currency?: string; lines: string[]; total: string }[] = [
    { name: 'unit', price: unit('0.0005'), quantity: '1999', lines: ['requests | 1999 x 0.0005 = 1.00'], total: '1.00' }, // 0.9995
    { name: 'half a cent is rounded up', price: unit('0.005'), quantity: '1', lines: ['requests | 1 x 0.005 = 0.01'], total: '0.01' },
    { name: 'just below half a cent is rounded down', price: unit('0.004999999999'), quantity: '1', lines: ['requests | 1 x 0.004999999999 = 0.00'], total: '0.00' },
    { name: 'three places of the dinar', price: unit('0.0015'), quantity: '1', currency: 'kwd', lines: ['requests | 1 x 0.0015 = 0.002'], total: '0.002' },
    { name: 'no place of the yen', price: unit('0.5'), quantity: '3', currency: 'jpy', lines: ['requests | 3 x 0.5 = 2'], total: '2' },
    { name: 'thirty digits', price: unit('0.000000000001'), quantity: '999999999999999999999999999999', lines: ['requests | 999999999999999999999999999999 x 0.000000000001 = 1000000000000000000.00'], total: '1000000000000000000.00' },
    { name: 'all units included', price: unit('1', { included: '100' }), quantity: '100', lines: ['requests, included | 100 x 0.00 = 0.00'], total: '0.00' },
    { name: 'one unit more than included', price: unit('1', { included: '100' }), quantity: '100.5', lines: ['requests, included | 100 x 0.00 = 0.00', 'requests | 0.5 x 1.00 = 0.50'], total: '0.50' },
    { name: 'minimum at zero usage', price: unit('1', { minimum: '3' }), quantity: '0', lines: ['requests | 0 x 1.00 = 0.00', 'requests, raised to the minimum of 3.00 | 1 x 3.00 = 3.00'], total: '3.00' },
    { name: 'minimum reached exactly', price: unit('1', { minimum: '3' }), quantity: '3', lines: ['requests | 3 x 1.00 = 3.00'], total: '3.00' },
    { name: 'maximum', price: unit('1', { maximum: '500' }), quantity: '512', lines: ['requests | 512 x 1.00 = 512.00', 'requests, lowered to the maximum of 500.00 | 1 x -12.00 = -12.00'], total: '500.00' },
    { name: 'a package begun', price: packages('1000', '2.5'), quantity: '1000.1', lines: ['requests, packages of 1,000 | 2 x 2.50 = 5.00'], total: '5.00' },
    { name: 'no package begun', price: packages('1000', '2.5'), quantity: '0', lines: ['requests, packages of 1,000 | 0 x 2.50 = 0.00'], total: '0.00' },
    { name: 'graduated, the last unit of the first tier', price: tiered('graduated', [['5', '7'], [null, '6']]), quantity: '5', lines: ['requests, up to 5 | 5 x 7.00 = 35.00'], total: '35.00' },
    { name: 'graduated, part of a unit into the second', price: tiered('graduated', [['5', '7'], [null, '6', '1']]), quantity: '5.5', lines: ['requests, up to 5 | 5 x 7.00 = 35.00', 'requests, flat fee above 5 | 1 x 1.00 = 1.00', 'requests, above 5 | 0.5 x 6.00 = 3.00'], total: '39.00' },
    { name: 'graduated, the first flat fee at quantity 0', price: tiered('graduated', [['5', '7', '10'], [null, '6', '1']]), quantity: '0', lines: ['requests, flat fee up to 5 | 1 x 10.00 = 10.00'], total: '10.00' },
    { name: 'graduated, tiers after what is included', price: tiered('graduated', [['5', '7'], ['10', '6.5'], [null, '6']], { included: '4' }), quantity: '10', lines: ['requests, included | 4 x 0.00 = 0.00', 'requests, up to 5 | 5 x 7.00 = 35.00', 'requests, above 5 up to 10 | 1 x 6.50 = 6.50'], total: '41.50' },
    { name: 'volume, only the reached flat fee', price: tiered('volume', [['5', '7', '10'], [null, '6', '1']]), quantity: '6', lines: ['requests, flat fee above 5 | 1 x 1.00 = 1.00', 'requests, all at the price above 5 | 6 x 6.00 = 36.00'], total: '37.00' },
    { name: 'volume, the first flat fee at quantity 0', price: tiered('volume', [['5', '7', '10'], [null, '6', '1']]), quantity: '0', lines: ['requests, flat fee up to 5 | 1 x 10.00 = 10.00'], total: '10.00' },
    { name: 'volume, the last unit of the first tier', price: tiered('volume', [['5', '7', '10'], [null, '6', '1']]), quantity: '5', lines: ['requests, flat fee up to 5 | 1 x 10.00 = 10.00', 'requests, all at the price up to 5 | 5 x 7.00 = 35.00'], total: '45.00' },
    { name: 'volume may cost less for more', price: tiered('volume', [['10', '1'], [null, '0.5']]), quantity: '11', lines: ['requests, all at the price above 10 | 11 x 0.50 = 5.50'], total: '5.50' },
  ];
  for (const { name, price, quantity, currency, lines, total } of rows) {
    test(name, () => {
      const made = bill(price, quantity, currency);
      assert.deepEqual(made.lines.map((line) => `${line.description} | ${line.quantity} x ${line.unitPrice} = ${line.amount}`), lines);
      assert.equal(made.total, total);
    });
  }

  test('the fee first, then the prices in the plan\'s order', () => {
    const made = billPlan(plan([unit('1', { meter: 'tokens' }), unit('2')], { fee: '49', interval: 'month' }), [{ meter: 'requests', quantity: '1' }, { meter: 'rows', quantity: '9' }]);
    assert.deepEqual(made.lines.map(({ description, amount }) => [description, amount]), [['Growth, fee per month', '49.00'], ['tokens', '0.00'], ['requests', '2.00']]);
    assert.equal(made.total, '51.00');
  });

  test('a plan without fee and prices costs nothing', () => {
    assert.deepEqual(billPlan(plan([], { currency: 'jpy' }), []), { currency: 'jpy', total: '0', lines: [] });
  });

  test('a negative quantity, a 13th place and an unknown currency are refused', () => {
    assert.throws(() => bill(unit('1'), '-1'), RangeError);
    assert.throws(() => bill(unit('1'), '0.0000000000001'), RangeError);
    assert.throws(() => bill(unit('1'), '1', 'xau'), RangeError);
  });
});

const decimal = (digitsMax: number) => fc.tuple(fc.bigInt({ min: 0n, max: 10n ** BigInt(digitsMax) - 1n }), fc.integer({ min: 0, max: 12 })).map(([digits, places]) => decimalText(digits, places));
const bounds = fc.oneof(
  fc.constant({}),
  fc.record({ minimum: decimal(6) }),
  fc.record({ maximum: decimal(6) }),
  fc.tuple(decimal(6), decimal(6)).map(([minimum, more]) => ({ minimum, maximum: addDecimals(minimum, more) })),
);
const whole = (max: number) => fc.integer({ min: 1, max }).map(String);
const more = fc.tuple(bounds, fc.oneof(fc.constant('0'), whole(500))).map(([bound, included]) => ({ ...bound, included }));
const tiers = (flatFee: fc.Arbitrary<string>) => fc.tuple(fc.uniqueArray(fc.integer({ min: 1, max: 2000 }), { maxLength: 5 }), fc.array(fc.tuple(decimal(7), flatFee), { minLength: 6, maxLength: 6 }))
  .map(([ends, costs]) => [...ends.toSorted((a, b) => a - b).map(String), null].map((upTo, index): [string | null, string, string] => [upTo, ...costs[index]!]));
const models = {
  unit: fc.tuple(decimal(7), more).map(([price, rest]) => unit(price, rest)),
  package: fc.tuple(whole(300), decimal(7), more).map(([size, price, rest]) => packages(size, price, rest)),
  graduated: fc.tuple(tiers(decimal(5)), more).map(([of, rest]) => tiered('graduated', of, rest)),
  volume: fc.tuple(tiers(decimal(5)), more).map(([of, rest]) => tiered('volume', of, rest)),
};
const anyPrice = fc.oneof(models.unit, models.package, models.graduated, models.volume);
const currency = fc.constantFrom('usd', 'jpy', 'kwd', 'clf');
const quantity = fc.oneof(fc.integer({ min: 0, max: 3000 }).map(String), fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 9n }), fc.integer({ min: 0, max: 12 })).map(([digits, places]) => decimalText(digits, places)));
const minor = (amount: string): bigint => BigInt(amount.replace('.', ''));

describe('of every price and quantity', () => {
  test('lines sum to the total, each is quantity times unit price rounded once, and has the digits of the minor unit', () => {
    fc.assert(fc.property(fc.array(anyPrice, { maxLength: 3 }), decimal(6), currency, quantity, (prices, fee, money, used) => {
      const priced = prices.map((price, index) => ({ ...price, meter: `meter${index}` }));
      const made = billPlan(plan(priced, { fee, currency: money }), priced.map(({ meter }) => ({ meter, quantity: used })));
      const places = minorPlacesOf(money);
      const digits = new RegExp(places === 0 ? '^-?(0|[1-9]\\d*)$' : `^-?(0|[1-9]\\d*)\\.\\d{${places}}$`);
      for (const { quantity: by, unitPrice, amount } of made.lines) {
        assert.match(amount, digits);
        assert.equal(minor(amount), toMinor(times(fraction(by), signed(unitPrice)), places));
      }
      assert.match(made.total, digits);
      assert.equal(minor(made.total), made.lines.reduce((sum, { amount }) => sum + minor(amount), 0n));
      for (const { meter } of priced) assert.ok(made.lines.some(({ description }) => description.startsWith(meter)), 'each price has its line');
    }));
  });

  test('a second reckoning in fractions agrees', () => {
    fc.assert(fc.property(anyPrice, currency, quantity, (price, money, used) => {
      const ends = price.tiers.flatMap(({ upTo }) => (upTo === null ? [] : [addDecimals(upTo, price.included)]));
      for (const quantityHere of [used, price.included, ...ends]) assert.equal(minor(bill(price, quantityHere, money).total), referenceCost(price, quantityHere, minorPlacesOf(money)));
    }), { numRuns: 500 });
  });

  test('ledger rows may be split at any point and come in any order', () => {
    fc.assert(fc.property(anyPrice, currency, fc.array(quantity, { minLength: 1, maxLength: 8 }), fc.nat(), (price, money, rows, at) => {
      const bought = (quantities: string[]): unknown => billPlan(plan([price], { currency: money }), quantities.map((one) => ({ meter: 'requests', quantity: one })));
      const sum = rows.reduce(addDecimals);
      const expected = bought([sum]);
      assert.deepEqual(bought(rows), expected);
      assert.deepEqual(bought(rows.toReversed()), expected);
      const cut = at % rows.length;
      assert.deepEqual(bought([rows.slice(0, cut).reduce(addDecimals, '0'), rows.slice(cut).reduce(addDecimals, '0')]), expected);
    }));
  });

  test('the total keeps between minimum and maximum', () => {
    fc.assert(fc.property(anyPrice, currency, quantity, (price, money, used) => {
      const total = minor(bill(price, used, money).total);
      const places = minorPlacesOf(money);
      if (price.minimum !== null) assert.ok(total >= toMinor(fraction(price.minimum), places));
      if (price.maximum !== null) assert.ok(total <= toMinor(fraction(price.maximum), places));
    }));
  });

  test('more usage never costs less by unit, package and graduated', () => {
    fc.assert(fc.property(fc.oneof(models.unit, models.package, models.graduated), currency, quantity, quantity, (price, money, used, extra) => {
      assert.ok(minor(bill(price, addDecimals(used, extra), money).total) >= minor(bill(price, used, money).total));
    }), { numRuns: 500 });
  });

  test('more usage never costs less by volume within a tier', () => {
    fc.assert(fc.property(models.volume, currency, quantity, quantity, (price, money, a, b) => {
      const tierOf = (used: string): number => price.tiers.findIndex(({ upTo }) => upTo === null || Number(used) - Number(price.included) <= Number(upTo));
      fc.pre(tierOf(a) === tierOf(b));
      const [less, most] = [a, b].toSorted((x, y) => Number(x) - Number(y));
      assert.ok(minor(bill(price, most!, money).total) >= minor(bill(price, less!, money).total));
    }));
  });

  test('graduated without flat fees is continuous where tiers meet', () => {
    fc.assert(fc.property(tiers(fc.constant('0')), currency, (of, money) => {
      const price = tiered('graduated', of.map(([upTo, unitPrice]) => [upTo, `${Number(unitPrice.split('.')[0]) % 1000}.${unitPrice.split('.')[1] ?? '0'}`]));
      for (const { upTo } of price.tiers) if (upTo !== null) assert.equal(bill(price, `${upTo}.000000000001`, money).total, bill(price, upTo, money).total);
    }));
  });

  test('all quantities within one package cost the same', () => {
    fc.assert(fc.property(whole(300), decimal(7), fc.integer({ min: 0, max: 20 }), currency, fc.integer({ min: 1, max: 999 }), (size, price, full, money, thousandth) => {
      const start = BigInt(size) * BigInt(full);
      const inside = decimalText(start * 1000n + BigInt(size) * BigInt(thousandth), 3);
      assert.equal(bill(packages(size, price), inside, money).total, bill(packages(size, price), String(start + BigInt(size)), money).total);
    }));
  });
});

function signed(text: string): { n: bigint; d: bigint } {
  const { n, d } = fraction(text.replace('-', ''));
  return { n: text.startsWith('-') ? -n : n, d };
}
