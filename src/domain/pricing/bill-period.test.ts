import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PlanConfig, PriceConfig } from '../config.ts';
import { addDecimals } from '../decimal.ts';
import { billPeriod, type BillPeriodInput } from './bill-period.ts';

const price = (fields: Partial<PriceConfig>): PriceConfig => ({ meter: 'requests', model: 'unit', included: '0', unitPrice: null, packageSize: null, packagePrice: null, tiers: [], minimum: null, maximum: null, ...fields });
const plan = (slug: string, fee: string, more: Partial<PlanConfig> = {}): PlanConfig => ({ slug, name: slug, description: '', default: false, access: 'public', currency: 'usd', interval: 'month', fee, trialDays: 0, limits: [], operations: null, prices: [], ...more });
const at = (iso: string): number => Date.parse(iso);
const [april, may] = [at('2027-04-01'), at('2027-05-01')];
const period = { from: april, to: may, kind: 'regular' as const, anchorAt: april };
const ten = plan('ten', '10');
const twenty = plan('twenty', '20');
const yearly = plan('yearly', '365', { interval: 'year' });
const since = april - 86_400_000;
const metered = (unitPrice: string) => [price({ unitPrice, included: '100' })];

const cases: [name: string, input: Partial<BillPeriodInput>, lines: string[], subtotal: string][] = [
  ['a plan for the whole period', { phases: [{ plan: ten, from: since, to: null }] }, ['1 x 10.00 = 10.00'], '10.00'],
  ['10 to 20 halfway', { phases: [{ plan: ten, from: since, to: at('2027-04-16') }, { plan: twenty, from: at('2027-04-16'), to: null }] }, ['1 x 10.00 = 10.00', '-0.5 x 10.00 = -5.00', '0.5 x 20.00 = 10.00'], '15.00'],
  ['free to paid on the last third', { phases: [{ plan: plan('free', '0'), from: since, to: at('2027-04-21') }, { plan: ten, from: at('2027-04-21'), to: null }] }, ['0.333333333333 x 10.00 = 3.33'], '3.33'],
  ['there and back within a day is paid for that day', { phases: [{ plan: ten, from: since, to: at('2027-04-16') }, { plan: twenty, from: at('2027-04-16'), to: at('2027-04-17') }, { plan: ten, from: at('2027-04-17'), to: null }] }, ['1 x 10.00 = 10.00', '-0.5 x 10.00 = -5.00', '0.5 x 20.00 = 10.00', '-0.466666666667 x 20.00 = -9.33', '0.466666666667 x 10.00 = 4.67'], '10.34'],
  ['a yearly fee from the middle of a month is charged for that half month', { phases: [{ plan: plan('free', '0'), from: since, to: at('2027-04-16') }, { plan: yearly, from: at('2027-04-16'), to: null }] }, ['0.040983606557 x 365.00 = 14.96'], '14.96'],
  ['a monthly fee in a year counts by twelfths', { period: { ...period, to: at('2028-04-01') }, phases: [{ plan: yearly, from: since, to: at('2027-10-01') }, { plan: ten, from: at('2027-10-01'), to: null }] }, ['1 x 365.00 = 365.00', '-0.5 x 365.00 = -182.50', '6 x 10.00 = 60.00'], '242.50'],
  ['new limits of a plan are no line', { phases: [{ plan: ten, from: since, to: at('2027-04-16') }, { plan: { ...ten, limits: [{ name: 'a', requests: 5, per: 'day' }] }, from: at('2027-04-16'), to: null }] }, ['1 x 10.00 = 10.00'], '10.00'],
  ['a subscription that began at noon pays the fee whole', { phases: [{ plan: ten, from: april + 43_200_000, to: null }] }, ['1 x 10.00 = 10.00'], '10.00'],
  ['a subscription that ended on the tenth day pays a third', { period: { ...period, to: at('2027-04-11') }, phases: [{ plan: ten, from: since, to: at('2027-04-11') }] }, ['0.333333333333 x 10.00 = 3.33'], '3.33'],
  ['and of a year the days that it had, however few', { period: { ...period, to: at('2027-04-11') }, phases: [{ plan: plan('yearly', '366', { interval: 'year' }), from: since, to: at('2027-04-11') }] }, ['0.027322404372 x 366.00 = 10.00'], '10.00'],
  ['or many', { period: { ...period, to: at('2027-07-10') }, phases: [{ plan: plan('yearly', '366', { interval: 'year' }), from: since, to: at('2027-07-10') }] }, ['0.273224043716 x 366.00 = 100.00'], '100.00'],
  ['one that ended at once pays no fee', { period: { ...period, to: april }, phases: [{ plan: ten, from: april, to: april }] }, [], '0.00'],
  ['usage is priced once, by the last plan', { phases: [{ plan: plan('a', '0', { prices: metered('5') }), from: since, to: at('2027-04-16') }, { plan: plan('b', '0', { prices: metered('0.01') }), from: at('2027-04-16'), to: null }], usage: [{ meter: 'requests', quantity: '150' }, { meter: 'requests', quantity: '50' }] }, ['100 x 0.00 = 0.00', '100 x 0.01 = 1.00'], '1.00'],
  ['a trial costs nothing', { period: { ...period, kind: 'trial' }, phases: [{ plan: plan('a', '10', { prices: metered('5') }), from: since, to: null }], usage: [{ meter: 'requests', quantity: '500' }] }, [], '0.00'],
  ['coupons come off one after the other', { phases: [{ plan: ten, from: since, to: null }], coupons: [{ code: 'FIFTH', percent: '20', amount: null }, { code: 'THREE', percent: null, amount: '3' }] }, ['1 x 10.00 = 10.00', '1 x -2.00 = -2.00', '1 x -3.00 = -3.00'], '5.00'],
  ['and never take more than there is', { phases: [{ plan: ten, from: since, to: null }], coupons: [{ code: 'LOTS', percent: null, amount: '30' }, { code: 'MORE', percent: '50', amount: null }] }, ['1 x 10.00 = 10.00', '1 x -10.00 = -10.00'], '0.00'],
  ['yen have no cents', { phases: [{ plan: plan('yen', '1000', { currency: 'jpy' }), from: since, to: at('2027-04-21') }, { plan: plan('more', '2000', { currency: 'jpy' }), from: at('2027-04-21'), to: null }], coupons: [{ code: 'THIRD', percent: '33.3333', amount: null }] }, ['1 x 1000 = 1000', '-0.333333333333 x 1000 = -333', '0.333333333333 x 2000 = 667', '1 x -445 = -445'], '889'],
];

for (const [name, input, lines, subtotal] of cases) {
  test(`a period's bill: ${name}`, () => {
    const bill = billPeriod({ period, phases: [], usage: [], coupons: [], ...input });
    assert.deepEqual(bill.lines.map(({ quantity, unitPrice, amount }) => `${quantity} x ${unitPrice} = ${amount}`), lines);
    assert.equal(bill.subtotal, subtotal);
  });
}

test('a period\'s bill: two currencies are none', () => {
  assert.throws(() => billPeriod({ period, phases: [{ plan: ten, from: since, to: april + 1 }, { plan: plan('yen', '1', { currency: 'jpy' }), from: april + 1, to: null }], usage: [], coupons: [] }), RangeError);
});

test('a period\'s bill: its lines sum to it, and however often the plan changes it costs no more than the dearest and no less than the cheapest, but for rounding', () => {
  const phase = fc.record({ day: fc.integer({ min: 1, max: 29 }), cents: fc.integer({ min: 0, max: 10_000 }) });
  fc.assert(fc.property(fc.integer({ min: 0, max: 10_000 }), fc.array(phase, { maxLength: 5 }), (first, changes) => {
    const starts = [{ day: 0, cents: first }, ...changes.toSorted((a, b) => a.day - b.day)];
    const phases = starts.map(({ day, cents }, index) => ({ plan: plan(`p${index}`, (cents / 100).toFixed(2)), from: april + day * 86_400_000, to: null }));
    const bill = billPeriod({ period, phases, usage: [], coupons: [] });
    assert.equal(bill.subtotal, bill.lines.reduce((sum, { amount }) => addDecimals(sum, amount), '0.00'));
    const total = Math.round(Number(bill.subtotal) * 100);
    const slack = bill.lines.length;
    assert.ok(total <= Math.max(...starts.map(({ cents }) => cents)) + slack && total >= Math.min(...starts.map(({ cents }) => cents)) - slack, `${total}`);
  }));
});
