// Who paid how much enters, month by month; the revenue numbers leave. Amounts are whole minor units of one currency.

/** What each consumer comes to in a month, by id: above zero who pays; at or below it, by corrections and coupons, who does not. Who is not in it comes to zero. */
export type Payers = ReadonlyMap<string, bigint>;

/** Movements from the month before: `start + created + returned + expansion - contraction - churned = mrr`. */
export interface RevenueMonth {
  mrr: bigint;
  paying: number;
  start: bigint;
  startPaying: number;
  /** Of those who paid the month before: what they paid then, and what they come to now. */
  former: bigint;
  kept: bigint;
  /** Of consumers that never paid before, and of those that had stopped. */
  created: bigint;
  returned: bigint;
  expansion: bigint;
  contraction: bigint;
  churned: bigint;
  newConsumers: number;
  churnedConsumers: number;
  /** Of the consumers that paid a year before: what they paid then, and what they pay now. */
  yearBefore: { former: bigint; present: bigint } | null;
}

const monthsPerYear = 12;

/** One row per month from the second on; the first is what came before, and `paidBefore` who had paid before that. */
export function revenueMonths(months: readonly Payers[], paidBefore: Iterable<string> = []): RevenueMonth[] {
  const known = new Set([...paidBefore, ...payersOf(months[0] ?? new Map())]);
  return months.slice(1).map((present, index) => {
    const before = months[index]!;
    const yearAgo = months[index + 1 - monthsPerYear];
    const row: RevenueMonth = {
      mrr: sum(present.values()), paying: payersOf(present).length, start: sum(before.values()), startPaying: payersOf(before).length, ...retained(before, present),
      created: 0n, returned: 0n, expansion: 0n, contraction: 0n, churned: 0n, newConsumers: 0, churnedConsumers: 0,
      yearBefore: yearAgo ? yearRetained(yearAgo, present) : null,
    };
    for (const consumer of new Set([...present.keys(), ...before.keys()])) addChange(row, { amount: present.get(consumer) ?? 0n, former: before.get(consumer) ?? 0n, isKnown: known.has(consumer) });
    for (const consumer of payersOf(present)) known.add(consumer);
    return row;
  });
}

function addChange(row: RevenueMonth, { amount, former, isKnown }: { amount: bigint; former: bigint; isKnown: boolean }): void {
  const change = amount - former;
  if (former <= 0n && amount > 0n && !isKnown) {
    row.created += change;
    row.newConsumers++;
  } else if (former <= 0n && amount > 0n) row.returned += change;
  else if (former > 0n && amount <= 0n) {
    row.churned -= change;
    row.churnedConsumers++;
  } else if (change > 0n) row.expansion += change;
  else row.contraction -= change;
}

function payersOf(month: Payers): string[] {
  return [...month].flatMap(([consumer, amount]) => (amount > 0n ? [consumer] : []));
}

function retained(then: Payers, now: Payers): { former: bigint; kept: bigint } {
  const payers = payersOf(then);
  return { former: sum(payers.map((consumer) => then.get(consumer)!)), kept: sum(payers.map((consumer) => now.get(consumer) ?? 0n)) };
}

function yearRetained(then: Payers, now: Payers): { former: bigint; present: bigint } {
  const { former, kept } = retained(then, now);
  return { former, present: kept };
}

/**
 * An amount for [from, to) by the shares of time that fall between neighbouring `bounds`. The shares add up to the amount: each is the rounded amount up to its
 * end less that up to its beginning.
 */
export function spreadAmount(amount: bigint, { from, to }: { from: number; to: number }, bounds: readonly number[]): bigint[] {
  const length = BigInt(Math.max(1, to - from));
  const until = (at: number): bigint => {
    const passed = at <= from ? 0n : BigInt(at - from);
    return (2n * amount * (passed < length ? passed : length) + (amount < 0n ? -length : length)) / (2n * length);
  };
  return bounds.slice(1).map((end, index) => until(end) - until(bounds[index]!));
}

/** The first moments of `count` UTC months and of the one after them; the last month holds `now`. */
export function monthBounds(now: number, count: number): number[] {
  const date = new Date(now);
  return Array.from({ length: count + 1 }, (_, index) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - count + 1 + index, 1));
}

function sum(amounts: Iterable<bigint>): bigint {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
}
