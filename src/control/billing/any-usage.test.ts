// Whatever is used, wherever the consumer lives, and whoever runs the billing: each hour is billed once, by an arithmetic of its own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decimalText } from '../../domain/decimal.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { openSubscriptions } from '../subscriptions/testkit.ts';
import { addConsumer } from '../testkit.ts';
import { billOnce } from './crash-child.testkit.ts';

const hourMs = 3_600_000;
const months = 4;
const plans = `
      - { slug: used, name: Used, default: true, currency: usd, interval: month, prices: [ { meter: tokens, model: unit, unitPrice: "0.000000000001" }, { meter: bytes, model: unit, unitPrice: "0.1" } ] }`;

/** Whole, with 12 places, or of 30 digits; in units of 10^-12. */
const quantity = fc.oneof(fc.nat(1_000).map((units) => BigInt(units) * 10n ** 12n), fc.bigInt({ min: 0n, max: 10n ** 14n }), fc.bigInt({ min: 10n ** 29n, max: 10n ** 30n - 1n }).map((units) => units * 10n ** 12n));
const usageCase = fc.record({
  // Around the ends of January and February, by a clock in UTC+14.
  year: fc.constantFrom(2027, 2028), day: fc.integer({ min: 28, max: 61 }), hour: fc.nat(23),
  rows: fc.array(fc.record({ meter: fc.constantFrom('tokens', 'bytes'), hour: fc.nat(months * 31 * 24), quantity }), { maxLength: 12 }),
});

forEachEngine('a bill of any usage', (stores) => {
  test('is exact to 30 digits, holds each hour once over the ends of months, and is made once by two runs', async () => {
    const { deps, at, plans: sales, query, use } = await openSubscriptions(await stores.open(), plans);
    const seed = Math.floor(Math.random() * 2 ** 31);
    const cases = fc.sample(usageCase, { numRuns: 6, seed }).sort((a, b) => a.year - b.year || a.day - b.day || a.hour - b.hour);
    const expected = new Map<string, string[]>();
    for (const [index, { year, day, hour, rows }] of cases.entries()) {
      // Such a consumer's morning of the 1st of March is still February's last day here.
      const begun = Date.UTC(year, 0, day, hour) - 14 * hourMs;
      at(new Date(begun).toISOString());
      const { id } = await sales.subscribe(await addConsumer(deps, `c${index}`), { productSlug: 'atlas', planSlug: 'used' });
      const first = begun - begun % (24 * hourMs);
      const used = Map.groupBy(rows, (row) => `${row.meter} ${row.hour}`);
      for (const group of used.values()) await use(id, group[0]!.meter, text(group.reduce((sum, row) => sum + row.quantity, 0n)), new Date(first + group[0]!.hour * hourMs).toISOString());
      expected.set(id, totals(first, rows.map((row) => ({ ...row, at: first + row.hour * hourMs }))));
    }
    const end = Date.UTC(2028, 10, 1);
    at(new Date(end).toISOString());
    for (const run of await Promise.all([billOnce(deps.database, end), billOnce(deps.database, end)])) assert.deepEqual(run.failures, [], `seed ${seed}`);
    for (const [id, amounts] of expected) {
      const periods = await query.selectFrom('billing_period').leftJoin('invoice', 'invoice.id', 'billing_period.invoice_id').select(['billing_period.from_at', 'billing_period.to_at', 'billing_period.state', 'invoice.total']).where('billing_period.subscription_id', '=', id).orderBy('billing_period.from_at').execute();
      for (const [index, period] of periods.entries()) assert.equal(period.from_at, periods[index - 1]?.to_at ?? period.from_at, `without a gap: ${id}, seed ${seed}`);
      assert.deepEqual(periods.slice(0, months + 2).map(({ total }) => total ?? '0.00'), amounts, `${id}, seed ${seed}`);
      assert.ok(periods.filter(({ to_at: to }) => to < end - hourMs).every(({ state }) => state === 'billed'), id);
    }
    const numbers = (await query.selectFrom('invoice').select('number').execute()).map(({ number }) => Number(number!.slice(4))).sort((a, b) => a - b);
    assert.deepEqual(numbers, numbers.map((_, index) => index + 1));
  });
});

function text(units: bigint): string {
  return units % 10n ** 12n === 0n ? String(units / 10n ** 12n) : decimalText(units, 12);
}

/** The anchor's day, or the last of a shorter month. */
function totals(anchor: number, rows: { meter: string; at: number; quantity: bigint }[]): string[] {
  const date = new Date(anchor);
  const start = (month: number): number => {
    const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + month + 1, 0)).getUTCDate();
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + month, Math.min(date.getUTCDate(), last));
  };
  return Array.from({ length: months + 2 }, (_, month) => {
    const within = (meter: string): bigint => rows.filter((row) => row.meter === meter && row.at >= start(month) && row.at < start(month + 1)).reduce((sum, row) => sum + row.quantity, 0n);
    // A token is 10^-12 dollars, and a byte ten cents: in cents, half up.
    const rounded = (value: bigint, step: bigint): bigint => (value + step / 2n) / step;
    return decimalText(rounded(within('tokens'), 10n ** 22n) + rounded(within('bytes'), 10n ** 11n), 2);
  });
}
