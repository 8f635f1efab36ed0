import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decimalText } from '../../../domain/decimal.ts';
import { minorPlacesOf } from '../../../domain/pricing/money.ts';
import { amountOfStripe, stripeAmount } from './stripe-amount.ts';

const exact: [amount: string, currency: string, stripe: number][] = [
  ['12.34', 'usd', 1234], ['0.50', 'eur', 50], ['1000', 'jpy', 1000], ['5.120', 'kwd', 5120], ['700', 'isk', 70_000], ['3500', 'ugx', 350_000], ['12.00', 'mga', 12], ['250', 'krw', 250], ['99.00', 'huf', 9900], ['30.00', 'twd', 3000], ['7.500', 'tnd', 7500],
  ['90071992.54', 'usd', 9_007_199_254],
];
for (const [amount, currency, stripe] of exact) {
  test(`${amount} ${currency} is ${stripe} to Stripe, and back`, () => {
    assert.equal(stripeAmount(amount, currency), stripe);
    assert.equal(amountOfStripe(stripe, currency), amount);
  });
}

const refused: [amount: string, currency: string, reason: RegExp][] = [
  ['5.125', 'kwd', /hundredths only/], ['12.20', 'mga', /whole units only/], ['12.345', 'usd', /more than 2 decimal places/], ['10000000000.00', 'usd', /too much/],
];
for (const [amount, currency, reason] of refused) {
  test(`${amount} ${currency} is refused, since Stripe cannot charge it exactly`, () => assert.throws(() => stripeAmount(amount, currency), reason));
}

test('what can be charged comes back as it went, in every currency that Stripe counts in its own way', () => {
  fc.assert(fc.property(fc.constantFrom('usd', 'eur', 'jpy', 'kwd', 'bhd', 'isk', 'ugx', 'mga', 'clp', 'xof', 'huf'), fc.bigInt(1n, 99_999_999n), (currency, minor) => {
    const amount = decimalText(minor, minorPlacesOf(currency));
    try {
      assert.equal(amountOfStripe(stripeAmount(amount, currency), currency), amount);
    } catch (error) {
      assert.ok(error instanceof RangeError);
    }
  }));
});
