import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PriceConfig } from '../../../../domain/config.ts';
import { cheapestOf, costOn, metersOf, pointsOf, plotPoints, quotaOf, readQuantity, stepAt, stepsOf, usageOf, type CalculatedPlan } from './reckon.ts';

const price = (part: Partial<PriceConfig>): PriceConfig => ({ meter: 'requests', model: 'unit', included: '0', unitPrice: null, packageSize: null, packagePrice: null, tiers: [], minimum: null, maximum: null, ...part });
const plan = (slug: string, part: Partial<CalculatedPlan> = {}): CalculatedPlan => ({ slug, name: slug, currency: 'usd', interval: 'month', fee: '0', prices: [], limits: [], default: false, ...part });
const free = plan('free', { interval: null, limits: [{ name: 'burst', requests: 5, per: 'second' }, { name: 'monthly', requests: 10_000, per: 'month' }] });
const growth = plan('growth', { fee: '49', prices: [price({ model: 'graduated', tiers: [{ upTo: '100000', unitPrice: '0', flatFee: '0' }, { upTo: null, unitPrice: '0.0005', flatFee: '0' }] }), price({ meter: 'tokens', unitPrice: '0.000002' })] });
const yearly = plan('yearly', { interval: 'year', fee: '100', prices: [price({ unitPrice: '0.0001', included: '120000' })] });
const plans = [free, growth, yearly];

test('each plan costs what its invoice would say; a yearly one a twelfth of twelve months', () => {
  const rows = (['5000', '10000', '10001', '200000'] as const).map((requests) => plans.map((one) => {
    const { perMonth, bill, fits } = costOn(one, { requests, tokens: '1000000' });
    return [perMonth, bill.total, fits];
  }));
  assert.deepEqual(rows, [
    [['0.00', '0.00', true], ['51.00', '51.00', true], ['8.33', '100.00', true]],
    [['0.00', '0.00', true], ['51.00', '51.00', true], ['8.33', '100.00', true]],
    [['0.00', '0.00', false], ['51.00', '51.00', true], ['8.33', '100.00', true]],
    [['0.00', '0.00', false], ['101.00', '101.00', true], ['27.33', '328.00', true]],
  ]);
});

test('the lowest bill is of a plan that serves so many requests, within one currency', () => {
  const cheapest = (requests: string, among = plans): string | undefined => cheapestOf(among.map((one) => costOn(one, { requests })))?.plan.slug;
  assert.deepEqual([cheapest('10000'), cheapest('10001'), cheapest('10001', [free]), cheapest('1', [free, plan('yen', { currency: 'jpy' })])], ['free', 'yearly', undefined, undefined]);
});

const quotas: [string, CalculatedPlan['limits'], string | null][] = [
  ['none', [{ name: 'a', requests: 5, per: 'minute' }], null],
  ['the least of several', [{ name: 'a', requests: 1_000, per: 'day' }, { name: 'b', requests: 20_000, per: 'period' }], '20000'],
  ['of a day', [{ name: 'a', requests: 100, per: 'day' }], '3000'],
  ['of a week, whole', [{ name: 'a', requests: 100, per: 'week' }], '428'],
  ['of a year', [{ name: 'a', requests: 1_200, per: 'year' }], '100'],
];
for (const [name, limits, expected] of quotas) test(`quota of a month: ${name}`, () => assert.equal(quotaOf({ limits }), expected));

test('meters are those with a price, and requests where a plan bounds them', () => {
  assert.deepEqual([metersOf(plans), metersOf([free]), metersOf([plan('a', { fee: '5' })])], [['requests', 'tokens'], ['requests'], []]);
});

test('a slider goes from 0 beyond what the plans name, and stands at the step below what was written', () => {
  const steps = stepsOf(plans, 'requests');
  assert.deepEqual([steps[0], steps.slice(1, 4), steps.at(-1)], ['0', ['1', '2', '3'], '1200000']);
  assert.deepEqual(steps.toSorted((a, b) => Number(a) - Number(b)), steps);
  assert.deepEqual(['0', '1', '130000', '99999999', '0.5'].map((wanted) => steps[stepAt(steps, wanted)]), ['0', '1', '120000', '1200000', '0']);
});

const written: [string, string | null][] = [['250000', '250000'], ['250,000', '250000'], [' 1 000 ', '1000'], ['0.5', '0.5'], ['-1', null], ['1e9', null], ['', null], ['many', null], ['1'.repeat(31), null], ['0.1234567890123', null]];
for (const [text, expected] of written) test(`"${text}" is ${expected ?? 'no quantity'}`, () => assert.equal(readQuantity(text), expected));

test('the plot has whole quantities up to twice the present one', () => {
  const points = pointsOf('1001', stepsOf(plans, 'requests'));
  assert.deepEqual([points.length, points[0], points[plotPoints / 2], points.at(-1)], [plotPoints + 1, '0', '1001', '2002']);
  assert.ok(Number(pointsOf('0', stepsOf(plans, 'requests')).at(-1)) > 0);
});

test('what was used fills the meters of the plans, derived ones too', () => {
  const writes = plan('writes', { prices: [price({ meter: 'writes', unitPrice: '1', source: { meter: 'requests', operations: ['addCity'] } })] });
  const rows = [{ meter: 'requests', operation: 'addCity', quantity: '3' }, { meter: 'requests', operation: 'getCity', quantity: '5' }, { meter: 'bytes', operation: 'getCity', quantity: '500' }];
  assert.deepEqual(usageOf([free, writes, plan('more', { prices: writes.prices })], rows), { requests: '8', writes: '3' });
});
