import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PriceConfig } from '../../../domain/config.ts';
import { costOf } from './operation-cost.ts';

const price = (part: Partial<PriceConfig>): PriceConfig => ({ meter: 'requests', model: 'unit', included: '0', unitPrice: null, packageSize: null, packagePrice: null, tiers: [], minimum: null, maximum: null, ...part });
const tier = (upTo: string | null, unitPrice: string, flatFee = '0') => ({ upTo, unitPrice, flatFee });

const rows: [string, PriceConfig[], string][] = [
  ['no price', [], 'no charge per call'],
  ['so much each', [price({ unitPrice: '0.000002' })], '$0.000002 per call'],
  ['some included', [price({ unitPrice: '0.01', included: '1000' })], 'first 1,000 free, then $0.01 per call'],
  ['by package', [price({ model: 'package', packageSize: '100', packagePrice: '5', included: '100' })], 'first 100 free, then $5.00 per 100 calls, begun packages count'],
  ['a free tier, then one', [price({ model: 'graduated', tiers: [tier('100000', '0'), tier(null, '0.0005')] })], 'first 100,000 free, then $0.0005 per call'],
  ['three tiers and a maximum', [price({ model: 'graduated', tiers: [tier('100000', '0'), tier('1000000', '0.0005'), tier(null, '0.0003')], maximum: '500' })], 'first 100,000 free, then $0.0005 per call up to 1,000,000, then $0.0003 per call beyond 1,000,000; at most $500.00 per period'],
  ['a fee to enter a tier', [price({ model: 'graduated', tiers: [tier('10', '0'), tier(null, '1', '2.50')] })], 'first 10 free, then $1.00 per call, plus $2.50'],
  ['by volume', [price({ model: 'volume', tiers: [tier('10', '2'), tier(null, '1')] })], '$2.00 per call up to 10, then $1.00 per call; the tier that the whole quantity reaches prices all calls'],
  ['another meter', [price({ meter: 'tokens', unitPrice: '1' })], 'no charge per call; besides, tokens are metered'],
  ['a meter of other operations', [price({ meter: 'writes', unitPrice: '1', source: { meter: 'requests', operations: ['addCity'] } })], 'no charge per call'],
  ['a meter of this operation', [price({ unitPrice: '0.01' }), price({ meter: 'lookups', unitPrice: '1', source: { meter: 'requests', operations: ['getCity'] } })], '$0.01 per call; $1.00 per call'],
  ['successes of this operation', [price({ meter: 'answers', unitPrice: '1', source: { meter: 'successes', operations: ['getCity'] } })], 'no charge per call; besides, answers are metered'],
];
for (const [name, prices, words] of rows) test(name, () => assert.equal(costOf({ prices, currency: 'usd' }, 'getCity'), words));
