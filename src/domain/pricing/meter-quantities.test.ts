import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MeterConfig, PriceConfig } from '../config.ts';
import { meterQuantities, withSources } from './meter-quantities.ts';

const price = (meter: string, source?: PriceConfig['source']): PriceConfig => ({ meter, model: 'unit', included: '0', unitPrice: '1', packageSize: null, packagePrice: null, tiers: [], minimum: null, maximum: null, ...(source && { source }) });
const rows = [
  { meter: 'requests', operation: 'addCity', quantity: '3' },
  { meter: 'requests', operation: 'getCity', quantity: '5' },
  { meter: 'requests', operation: '', quantity: '2' },
  { meter: 'successes', operation: 'addCity', quantity: '1' },
  { meter: 'tokens', operation: 'addCity', quantity: '0.25' },
];

const sums: [string, PriceConfig[], Record<string, string>][] = [
  ['what the ledger counts, priced or not', [price('requests')], { requests: '10', successes: '1', tokens: '0.25' }],
  ['calls of named operations', [price('writes', { meter: 'requests', operations: ['addCity', 'dropCity'] })], { requests: '10', writes: '3', successes: '1', tokens: '0.25' }],
  ['successes of all operations under another name', [price('done', { meter: 'successes', operations: null })], { requests: '10', successes: '1', done: '1', tokens: '0.25' }],
  ['two meters over the same rows', [price('writes', { meter: 'requests', operations: ['addCity'] }), price('all', { meter: 'requests', operations: null })], { requests: '10', writes: '3', all: '10', successes: '1', tokens: '0.25' }],
];
for (const [name, prices, expected] of sums) test(`adds up ${name}`, () => assert.deepEqual(Object.fromEntries(meterQuantities(rows, prices)), Object.fromEntries(Object.entries(expected))));

test('a plan takes what its meters are sums of from the product, and loses what is gone', () => {
  const meters: MeterConfig[] = [{ name: 'tokens', header: 'X-Tokens' }, { name: 'writes', operations: ['addCity'], only: null }, { name: 'done', operations: null, only: 'successes' }];
  const { prices } = withSources({ prices: [price('tokens', { meter: 'requests', operations: null }), price('writes'), price('done'), price('requests')] }, meters);
  assert.deepEqual(prices.map(({ meter, source }) => [meter, source]), [['tokens', undefined], ['writes', { meter: 'requests', operations: ['addCity'] }], ['done', { meter: 'successes', operations: null }], ['requests', undefined]]);
});
