// What a billed period costs now that more of its usage is known, less what its documents hold already.
import { scaleDecimal } from '../decimal.ts';

/** A line of a bill or a document, as far as it says what it is for. */
export interface KnownLine { kind: string; meter: string | null; amount: string; detail: Record<string, unknown> }
/** Of a meter, or of a coupon by its code; minor units. */
export interface LateCharge { kind: 'usage' | 'coupon'; name: string; billedMinor: bigint; presentMinor: bigint }

/**
 * A charge per meter and coupon that comes to something else now. Both sides are lines of one period: `present` as if all of its usage had arrived in time, `billed` whatever was charged for it less what
 * was given back because it became cheaper. So the documents of a period add up to its bill, however its usage arrives. Fees do not change.
 */
export function priceLateUsage(present: readonly KnownLine[], billed: readonly KnownLine[], minorPlaces: number): LateCharge[] {
  const charges = new Map<string, LateCharge>();
  const add = (lines: readonly KnownLine[], side: 'presentMinor' | 'billedMinor'): void => {
    for (const line of lines) {
      const kind = line.kind === 'coupon' ? 'coupon' : line.meter === null ? null : 'usage';
      if (kind === null) continue;
      const name = kind === 'coupon' ? String(line.detail['code']) : line.meter!;
      const charge = charges.get(`${kind} ${name}`) ?? { kind, name, billedMinor: 0n, presentMinor: 0n };
      charge[side] += scaleDecimal(line.amount, minorPlaces);
      charges.set(`${kind} ${name}`, charge);
    }
  };
  add(present, 'presentMinor');
  add(billed, 'billedMinor');
  return [...charges.values()].filter(({ billedMinor, presentMinor }) => billedMinor !== presentMinor);
}

/**
 * Cuts amounts that come to `wholeMinor` into the part from `fromMinor` to `toMinor` of it, in proportion. Each cut adds up to its length, and neighbouring cuts to the whole; the largest amount takes
 * what rounding leaves.
 */
export function cutAmounts(amounts: readonly bigint[], { fromMinor, toMinor, wholeMinor }: { fromMinor: bigint; toMinor: bigint; wholeMinor: bigint }): bigint[] {
  const size = (amount: bigint): bigint => (amount < 0n ? -amount : amount);
  const largest = amounts.reduce((best, amount, index) => (size(amount) > size(amounts[best]!) ? index : best), 0);
  const until = (end: bigint): bigint[] => {
    const parts = amounts.map((amount) => (amount * end) / wholeMinor);
    parts[largest]! += end - parts.reduce((sum, part) => sum + part, 0n);
    return parts;
  };
  const [start, end] = [until(fromMinor), until(toMinor)];
  return end.map((part, index) => part - start[index]!);
}
