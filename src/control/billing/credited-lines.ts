// How much of each line of an invoice credit notes have taken off.
import { scaleDecimal } from '../../domain/decimal.ts';
import { minorPlacesOf } from '../../domain/pricing/money.ts';
import type { Query } from '../../store/database.ts';
import type { InvoiceRow } from './write-invoice.ts';

export interface Credited {
  /** At most 0. */
  subtotalMinor: bigint;
  taxMinor: bigint;
  /** By position; above 0 for a coupon's line. */
  byPosition: Map<number, bigint>;
}

interface Line { position: number; kind: string; meter: string | null; amount: string; period_id: string | null; detail: string }

/** A reversal names its line. What late usage made cheaper comes off the lines of its meter or coupon and period, and then off others, so that what is left of the lines is what is left of the invoice. */
export async function readCredited(query: Query, invoice: Pick<InvoiceRow, 'id' | 'currency' | 'period_id'>): Promise<Credited> {
  const places = minorPlacesOf(invoice.currency);
  const notes = await query.selectFrom('invoice').select(['id', 'subtotal', 'tax']).where('corrects_invoice_id', '=', invoice.id).where('state', '!=', 'void').execute();
  const sum = (texts: string[]): bigint => texts.reduce((total, text) => total + scaleDecimal(text, places), 0n);
  const byPosition = new Map<number, bigint>();
  const credited: Credited = { subtotalMinor: sum(notes.map(({ subtotal }) => subtotal)), taxMinor: sum(notes.map(({ tax }) => tax)), byPosition };
  if (notes.length === 0) return credited;
  const columns = ['position', 'kind', 'meter', 'amount', 'period_id', 'detail'] as const;
  const own = await query.selectFrom('invoice_line').select(columns).where('invoice_id', '=', invoice.id).orderBy('position').execute();
  const taken = await query.selectFrom('invoice_line').select(columns).where('invoice_id', 'in', notes.map(({ id }) => id)).orderBy('invoice_id').orderBy('position').execute();
  const take = (position: number, amount: bigint): void => void byPosition.set(position, (byPosition.get(position) ?? 0n) + amount);
  for (const { detail, amount } of taken.filter(({ kind }) => kind === 'reversal')) take((JSON.parse(detail) as { position: number }).position, scaleDecimal(amount, places));
  for (const line of taken.filter(({ kind }) => kind !== 'reversal')) {
    let rest = scaleDecimal(line.amount, places);
    const isSame = (other: Line): boolean => nameOf(other) === nameOf(line) && (other.period_id ?? invoice.period_id) === line.period_id;
    for (const other of [...own.filter(isSame), ...own.filter((each) => !isSame(each))]) {
      const part = partOf(rest, scaleDecimal(other.amount, places) + (byPosition.get(other.position) ?? 0n));
      if (part === 0n) continue;
      take(other.position, part);
      rest -= part;
    }
  }
  return credited;
}

/** Of what is to come off, as much as a line has left, towards zero. */
function partOf(amount: bigint, left: bigint): bigint {
  if (amount < 0n) return left <= 0n ? 0n : -amount < left ? amount : -left;
  return left >= 0n ? 0n : amount < -left ? amount : -left;
}

function nameOf({ kind, meter, detail }: Line): string {
  return kind === 'coupon' ? `coupon ${(JSON.parse(detail) as { code: string }).code}` : `meter ${meter}`;
}
