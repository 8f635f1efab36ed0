import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlanConfig } from '../../../domain/config.ts';
import { newPlan, readPlanForm, withAddedRow } from './plan-form.ts';

function formOf(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}
const basics = { slug: 'scale', name: 'Scale', access: 'public', currency: 'USD', interval: 'month', fee: '0.10', trialDays: '' };
const none = { unitPrice: null, packageSize: null, packagePrice: null, tiers: [], minimum: null, maximum: null };

const cases: [string, Record<string, string>, Partial<PlanConfig>][] = [
  ['amounts stay the text that they are', { fee: '0.30' }, { fee: '0.30', currency: 'usd', interval: 'month', trialDays: 0, default: false, operations: null }],
  ['rows without anything in them are dropped', { 'limits/0/name': '', 'limits/0/requests': '', 'limits/0/per': 'day', 'limits/2/name': 'daily', 'limits/2/requests': '100', 'limits/2/per': 'day' }, { limits: [{ name: 'daily', requests: 100, per: 'day' }] }],
  ['what is no number stays for the check', { 'limits/0/name': 'daily', 'limits/0/requests': 'many', 'limits/0/per': 'day', trialDays: 'two' }, { limits: [{ name: 'daily', requests: 'many' as unknown as number, per: 'day' }], trialDays: 'two' as unknown as number }],
  ['only the fields of the model count', { 'prices/0/meter': 'requests', 'prices/0/model': 'package', 'prices/0/unitPrice': '9', 'prices/0/packageSize': '100', 'prices/0/packagePrice': '5.00', 'prices/0/tiers/0/unitPrice': '1' }, { prices: [{ ...none, meter: 'requests', model: 'package', included: '0', packageSize: '100', packagePrice: '5.00' }] }],
  ['tiers in their order, the last one open', { 'prices/0/meter': 'requests', 'prices/0/model': 'graduated', 'prices/0/tiers/0/upTo': '100', 'prices/0/tiers/0/unitPrice': '0', 'prices/0/tiers/1/upTo': '', 'prices/0/tiers/1/unitPrice': '0.0005', 'prices/0/tiers/2/upTo': '', 'prices/0/tiers/2/unitPrice': '' }, { prices: [{ ...none, meter: 'requests', model: 'graduated', included: '0', tiers: [{ upTo: '100', unitPrice: '0', flatFee: '0' }, { upTo: null, unitPrice: '0.0005', flatFee: '0' }] }] }],
  ['a price without a meter is none', { 'prices/0/meter': '', 'prices/0/model': 'unit', 'prices/0/unitPrice': '1' }, { prices: [] }],
  ['operations one a line or with commas', { operations: 'getCity\r\n listCities, addCity' }, { operations: ['getCity', 'listCities', 'addCity'] }],
  ['a checkbox', { default: 'on' }, { default: true }],
];
for (const [what, fields, expected] of cases) {
  test(`the form: ${what}`, () => {
    const plan = readPlanForm(formOf({ ...basics, ...fields }), null);
    for (const [name, value] of Object.entries(expected)) assert.deepEqual(plan[name as keyof PlanConfig], value, name);
  });
}

test('the short name of a plan that exists is not the form\'s to change', () => assert.equal(readPlanForm(formOf({ ...basics, slug: 'other' }), 'scale').slug, 'scale'));

test('buttons add a row where they stand', () => {
  const priced = withAddedRow(newPlan(), 'add-price');
  assert.equal(withAddedRow(newPlan(), 'add-limit').limits.length, 3);
  assert.equal(priced.prices.length, 1);
  assert.equal(withAddedRow(priced, 'add-tier-0').prices[0]!.tiers.length, 1);
  assert.deepEqual(withAddedRow(priced, 'add-tier-7'), priced);
});
