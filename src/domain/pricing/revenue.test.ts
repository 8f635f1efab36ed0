import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { monthBounds, revenueMonths, spreadAmount, type Payers } from './revenue.ts';

const payers = (of: Record<string, number>): Payers => new Map(Object.entries(of).map(([consumer, amount]) => [consumer, BigInt(amount)]));

test('who came, grew, shrank, left and came back adds up to what is paid', () => {
  const [april, may, june] = revenueMonths([payers({ ada: 1000, bob: 500, cid: 300 }), payers({ ada: 1500, bob: 400, dan: 700 }), payers({ ada: 1500, cid: 300, eve: 100 }), payers({ ada: 1500, eve: 100, fay: 50 })], ['fay']);
  assert.deepEqual(april, { mrr: 2600n, paying: 3, start: 1800n, startPaying: 3, former: 1800n, kept: 1900n, created: 700n, returned: 0n, expansion: 500n, contraction: 100n, churned: 300n, newConsumers: 1, churnedConsumers: 1, yearBefore: null });
  assert.deepEqual([may!.created, may!.returned, may!.expansion, may!.churned, may!.churnedConsumers, may!.newConsumers], [100n, 300n, 0n, 1100n, 2, 1]);
  assert.deepEqual([june!.created, june!.returned], [0n, 50n], 'who paid before all of these months is not new');
});

test('who gets back more than they pay does not pay that month, and every cent stays in the sums', () => {
  const rows = revenueMonths([payers({ ada: 1000, bob: 500 }), payers({ ada: -300, bob: 500, cid: -50 }), payers({ ada: -100, bob: 500, cid: 200 }), payers({ ada: 400, bob: 500, cid: 200 })]);
  assert.deepEqual(rows.map(({ mrr, paying, start, created, returned, expansion, contraction, churned, churnedConsumers, former, kept }) => [mrr, paying, start, created, returned, expansion, contraction, churned, churnedConsumers, former, kept]), [
    // Ada's 1000 and her 300 are gone; what Cid got back is no churn, since he had not paid.
    [150n, 1, 1500n, 0n, 0n, 0n, 50n, 1300n, 1, 1500n, 200n],
    [600n, 2, 150n, 250n, 0n, 200n, 0n, 0n, 0, 500n, 500n],
    [1100n, 3, 600n, 0n, 500n, 0n, 0n, 0n, 0, 700n, 700n],
  ]);
});

test('retention of a year looks at those who paid a year before', () => {
  const months = Array.from({ length: 14 }, (_, month) => payers(month < 12 ? { ada: 1000, bob: 1000 } : { ada: 1500, cid: 9000 }));
  const rows = revenueMonths(months);
  assert.equal(rows[10]!.yearBefore, null);
  assert.deepEqual(rows[11]!.yearBefore, { former: 2000n, present: 1500n });
});

test('movements always add up, and nobody is in two of them', () => {
  const month = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: -1_000_000, max: 1_000_000 })).map(payers);
  fc.assert(fc.property(fc.array(month, { minLength: 2, maxLength: 20 }), (months) => {
    for (const row of revenueMonths(months)) {
      assert.equal(row.start + row.created + row.returned + row.expansion - row.contraction - row.churned, row.mrr);
      assert.ok(row.paying <= row.startPaying - row.churnedConsumers + 5);
      assert.ok(row.churned >= 0n && row.created >= 0n && row.returned >= 0n && row.expansion >= 0n && row.contraction >= 0n);
    }
  }));
});

const day = 86_400_000;
const spreads: [string, bigint, [number, number], number[], bigint[]][] = [
  ['within one month', 1000n, [2, 10], [0, 30, 60], [1000n, 0n]],
  ['over two', 1000n, [15, 45], [0, 30, 60], [500n, 500n]],
  ['begun before the first', 900n, [-30, 60], [0, 30, 60], [300n, 300n]],
  ['uneven shares lose nothing', 100n, [0, 90], [0, 30, 60, 90], [33n, 34n, 33n]],
  ['taken back', -100n, [0, 90], [0, 30, 60, 90], [-33n, -34n, -33n]],
  ['of a moment', 500n, [30, 30], [0, 30, 60], [0n, 500n]],
  ['beside all months', 500n, [70, 80], [0, 30, 60], [0n, 0n]],
];
for (const [name, amount, [from, to], bounds, expected] of spreads) test(`an amount is spread by time: ${name}`, () => assert.deepEqual(spreadAmount(amount, { from: from * day, to: to * day }, bounds.map((bound) => bound * day)), expected));

test('shares add up to the amount, whatever the bounds', () => {
  fc.assert(fc.property(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 400 }), fc.uniqueArray(fc.integer({ min: 1, max: 800 }), { maxLength: 20 }), (amount, from, length, inner) => {
    const bounds = [0, ...inner.toSorted((a, b) => a - b), 801].map((bound) => bound * day);
    assert.equal(spreadAmount(amount, { from: from * day, to: (from + length) * day }, bounds).reduce((sum, share) => sum + share, 0n), amount);
  }));
});

test('months are UTC months, over the turn of a year too', () => {
  assert.deepEqual(monthBounds(Date.parse('2026-01-31T23:59:59Z'), 3).map((at) => new Date(at).toISOString().slice(0, 10)), ['2025-11-01', '2025-12-01', '2026-01-01', '2026-02-01']);
});
