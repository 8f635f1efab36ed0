import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PriceConfig } from '../config.ts';
import { one, readPrice } from './price.ts';
import { priceUsage } from './price-usage.ts';
import { unitsWithin } from './units-within.ts';

const price = (fields: Partial<PriceConfig>): PriceConfig => ({ meter: 'requests', model: 'unit', included: '0', unitPrice: null, packageSize: null, packagePrice: null, tiers: [], minimum: null, maximum: null, ...fields });
const tier = (upTo: string | null, unitPrice: string, flatFee = '0') => ({ upTo, unitPrice, flatFee });

const cases: [name: string, price: Partial<PriceConfig>, room: bigint, expected: number][] = [
  ['each a cent, a dollar', { unitPrice: '0.01' }, 100n, 100],
  ['rounding half up counts: 0.4 cents each, 3 cents', { unitPrice: '0.004' }, 3n, 8],
  ['included ones come first', { unitPrice: '1', included: '10' }, 200n, 12],
  ['free ones never end', { unitPrice: '0' }, 0n, Infinity],
  ['no room at all', { unitPrice: '1' }, -1n, 0],
  ['the minimum alone is too much', { unitPrice: '0.01', minimum: '5' }, 499n, 0],
  ['the minimum holds the first ones', { unitPrice: '0.01', minimum: '5' }, 500n, 500],
  ['a maximum within the room never ends', { unitPrice: '1', maximum: '5' }, 500n, Infinity],
  ['packages are paid when they are begun', { model: 'package', packageSize: '100', packagePrice: '5' }, 1499n, 200],
  ['graduated, into the second tier with its flat fee', { model: 'graduated', tiers: [tier('10', '0.10'), tier(null, '0.05', '1')] }, 210n, 12],
  ['graduated, the flat fee does not fit', { model: 'graduated', tiers: [tier('10', '0.10'), tier(null, '0.05', '1')] }, 199n, 10],
  ['volume passes its peak before it falls: 10 at 0.10 are 1.00, 11 at 0.05 are 0.55', { model: 'volume', tiers: [tier('10', '0.10'), tier(null, '0.05')] }, 90n, 9],
  ['volume with room for the peak goes on', { model: 'volume', tiers: [tier('10', '0.10'), tier(null, '0.05')] }, 100n, 20],
  ['volume with included ones', { model: 'volume', included: '5', tiers: [tier('10', '0.10'), tier(null, '0.05')] }, 100n, 25],
];

for (const [name, config, room, expected] of cases) test(`units within a room: ${name}`, () => assert.equal(unitsWithin(readPrice(price(config)), room, 2), expected));

test('units within a room: as many as counting one by one finds', () => {
  const money = fc.integer({ min: 0, max: 50 }).map((cents) => (cents / 100).toFixed(2));
  const tiers = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), money, money, money, money).map(([first, more, a, b, c, fee]) => [tier(String(first), a), tier(String(first + more), b, fee), tier(null, c)]);
  const any = fc.oneof(
    fc.record({ model: fc.constant('unit' as const), unitPrice: money, included: fc.constantFrom('0', '3') }), fc.record({ model: fc.constant('package' as const), packageSize: fc.constantFrom('1', '7'), packagePrice: money }),
    fc.record({ model: fc.constantFrom('graduated' as const, 'volume' as const), tiers, included: fc.constantFrom('0', '4'), maximum: fc.constantFrom(null, '2.00') }),
  );
  fc.assert(fc.property(any, fc.integer({ min: 0, max: 500 }), (config, room) => {
    const read = readPrice(price(config));
    const cost = (count: number): bigint => priceUsage(read, BigInt(count) * one, 2).reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
    let counted = 0;
    while (counted < 300 && cost(counted + 1) <= BigInt(room)) counted++;
    if (cost(0) > BigInt(room)) counted = 0;
    assert.equal(Math.min(unitsWithin(read, BigInt(room), 2), 300), counted);
  }));
});
