import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PriceConfig } from '../../../domain/config.ts';
import { atLimitText, feeText, priceLines } from './pricing.ts';

const price = (part: Partial<PriceConfig>): PriceConfig => ({ meter: 'requests', model: 'unit', included: '0', unitPrice: null, packageSize: null, packagePrice: null, tiers: [], minimum: null, maximum: null, ...part });

test('each price model is written out, exactly', () => {
  assert.deepEqual(priceLines(price({ unitPrice: '0.000002', included: '1000' }), 'usd'), ['first 1,000 included', '$0.000002 each']);
  assert.deepEqual(priceLines(price({ meter: 'writes', unitPrice: '1', source: { meter: 'requests', operations: ['addCity', 'dropCity'] } }), 'usd'), ['calls of addCity, dropCity', '$1.00 each']);
  assert.deepEqual(priceLines(price({ meter: 'answers', unitPrice: '1', source: { meter: 'successes', operations: ['a', 'b', 'c', 'd', 'e', 'f'] } }), 'usd'), ['successful calls of a, b, c, d, e and 1 more', '$1.00 each']);
  assert.deepEqual(priceLines(price({ meter: 'answers', unitPrice: '1', source: { meter: 'successes', operations: null } }), 'usd'), ['successful calls', '$1.00 each']);
  assert.deepEqual(priceLines(price({ model: 'package', packageSize: '100', packagePrice: '5' }), 'usd'), ['$5.00 per 100, begun packages count']);
  assert.deepEqual(priceLines(price({ model: 'graduated', tiers: [{ upTo: '100000', unitPrice: '0', flatFee: '0' }, { upTo: null, unitPrice: '0.0005', flatFee: '10' }], maximum: '500' }), 'usd'), [
    'up to 100,000: no charge per unit', 'above 100,000: $0.0005 each, plus $10.00', 'at most $500.00 per period',
  ]);
  assert.deepEqual(priceLines(price({ unitPrice: '47' }), 'jpy'), ['¥47 each']);
});

test('fees say their interval, and a fee of nothing says so', () => {
  assert.equal(feeText({ fee: '49.00', currency: 'usd', interval: 'month' }), '$49.00 per month');
  assert.equal(feeText({ fee: '0.00', currency: 'usd', interval: 'month' }), 'No fee');
});

test('what happens at the limit names the code of each kind', () => {
  const lines = atLimitText([{ name: 'burst', requests: 5, per: 'second' }, { name: 'monthly', requests: 10, per: 'month' }]);
  assert.match(lines[0]!, /429 rate_limited/);
  assert.match(lines[1]!, /429 quota_exhausted/);
  assert.deepEqual(atLimitText([]), ['There is no limit to reach.']);
});
