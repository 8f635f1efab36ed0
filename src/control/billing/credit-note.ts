// Credit notes: chosen lines of an invoice are reversed, never more than was billed. What was paid already becomes prepaid credit, or was paid back.
import { decimalText, scaleDecimal } from '../../domain/decimal.ts';
import { newId } from '../../domain/id.ts';
import { minorPlacesOf } from '../../domain/pricing/money.ts';
import { cutAmounts } from '../../domain/pricing/price-late-usage.ts';
import { taxOn } from '../../domain/pricing/tax.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import type { ControlDeps } from '../deps.ts';
import { invalid } from './billing-settings.ts';
import { readCredited, type Credited } from './credited-lines.ts';
import type { LateUsage } from './late-usage.ts';
import { payBack } from '../payments/pay-back.ts';
import { readBalance } from './settle-invoice.ts';
import { insertCreditNote, setPaid, type DraftLine, type InvoiceRow } from './write-invoice.ts';

type Deps = Pick<ControlDeps, 'clock' | 'random'>;
export interface LineChoice { position: number; amount?: string | undefined }

const open: ReadonlySet<InvoiceRow['state']> = new Set(['finalised', 'paid']);

/** Inside the caller's transaction. Without `lines`, all that is left of every line. @throws AppError `conflict`, `input_invalid` with the place */
export async function creditLines(deps: Deps, query: Query, invoice: InvoiceRow, { lines: chosen, refund }: { lines: LineChoice[] | undefined; refund: boolean }): Promise<{ id: string; number: string }> {
  if (invoice.kind !== 'invoice' || !open.has(invoice.state)) throw new AppError('conflict', `${invoice.number ?? 'A draft'} is ${invoice.kind === 'invoice' ? invoice.state : 'a credit note'}: only finalised and paid invoices are credited.`);
  const places = minorPlacesOf(invoice.currency);
  const rows = await query.selectFrom('invoice_line').selectAll().where('invoice_id', '=', invoice.id).orderBy('position').execute();
  const credited = await readCredited(query, invoice);
  const leftOf = new Map(rows.map(({ position, amount }) => [position, scaleDecimal(amount, places) + (credited.byPosition.get(position) ?? 0n)]));
  const choices: LineChoice[] = chosen ?? rows.map(({ position }) => ({ position }));
  if (new Set(choices.map(({ position }) => position)).size < choices.length) throw invalid('/lines', 'Name each line once.');
  const lines = choices.flatMap((choice, index): DraftLine[] => {
    const row = rows.find(({ position }) => position === choice.position);
    if (!row) throw invalid(`/lines/${index}/position`, `${invoice.number} has no line ${choice.position}.`);
    const left = leftOf.get(row.position)!;
    const amount = choice.amount === undefined ? left : partOf(choice, index, { left, places });
    if (amount === 0n) return [];
    return [{
      kind: 'reversal', description: row.description, meter: row.meter, quantity: '1', unitPrice: decimalText(-amount, places), amount: decimalText(-amount, places), from: row.from_at, to: row.to_at, periodId: row.period_id,
      detail: { position: row.position, of: decimalText(scaleDecimal(row.amount, places), places) },
    }];
  });
  const taken = lines.reduce((sum, { amount }) => sum - scaleDecimal(amount, places), 0n);
  const left = scaleDecimal(invoice.subtotal, places) + credited.subtotalMinor;
  if (left <= 0n && chosen === undefined) throw new AppError('conflict', `Nothing of ${invoice.number} is left to credit.`);
  if (taken <= 0n) throw invalid('/lines', 'These lines come to nothing that could be given back.');
  if (taken > left) throw invalid('/lines', `That is ${decimalText(taken, places)}, but only ${decimalText(left, places)} of ${invoice.number} is left: more than was billed is never given back.`);
  return issue(deps, query, { invoice, lines, takenMinor: taken, leftMinor: left, creditedTaxMinor: credited.taxMinor, refund });
}

/**
 * A period costs less now that more of it is known: the invoices that hold its lines give it back, its own first. Never more than they hold of it: what people have credited already, and what was made
 * void, is not given back again. Answers how many credit notes that took; `waits` while one of the invoices is a draft.
 */
export async function creditLateUsage(deps: Deps, query: Query, late: LateUsage): Promise<number | 'waits'> {
  const holders = await listHolders(query, late);
  if (holders.some(({ state }) => state === 'draft')) return 'waits';
  const places = minorPlacesOf(late.currency);
  const wholeMinor = -late.amountMinor;
  const amounts = late.lines.map(({ amount }) => -scaleDecimal(amount, places));
  let notes = 0;
  let given = 0n;
  for (const invoice of holders) {
    if (given === wholeMinor) break;
    if (!open.has(invoice.state) || invoice.currency !== late.currency) continue;
    const credited = await readCredited(query, invoice);
    const leftMinor = scaleDecimal(invoice.subtotal, places) + credited.subtotalMinor;
    const takenMinor = least(wholeMinor - given, least(leftMinor, await leftOfPeriod(query, invoice, { credited, periodId: late.period.id })));
    if (takenMinor <= 0n) continue;
    const parts = cutAmounts(amounts, { fromMinor: given, toMinor: given + takenMinor, wholeMinor });
    const lines = late.lines.map((line, index): DraftLine => partOfLine(line, decimalText(-parts[index]!, places), notes === 0)).filter((_, index) => parts[index] !== 0n);
    await issue(deps, query, { invoice, lines, takenMinor, leftMinor, creditedTaxMinor: credited.taxMinor, refund: false });
    given += takenMinor;
    notes++;
  }
  return notes;
}

/** The quantity stands on the first note alone. */
function partOfLine(line: DraftLine, amount: string, isFirst: boolean): DraftLine {
  return line.kind === 'coupon' ? { ...line, amount, unitPrice: amount } : { ...line, amount, quantity: isFirst ? line.quantity : '0' };
}

/** Invoices with lines of a period: its own, and later ones with what came late, oldest first. */
async function listHolders(query: Query, { period, consumerId }: LateUsage): Promise<InvoiceRow[]> {
  const later = query.selectFrom('invoice_line').innerJoin('invoice', 'invoice.id', 'invoice_line.invoice_id').select('invoice.id').where('invoice.consumer_id', '=', consumerId).where('invoice_line.period_id', '=', period.id);
  const rows = await query.selectFrom('invoice').selectAll().where('kind', '=', 'invoice').where('consumer_id', '=', consumerId).where((eb) => eb.or([eb('id', '=', period.invoiceId ?? ''), eb('id', 'in', later)])).orderBy('id').execute();
  return rows.sort((a, b) => Number(b.id === period.invoiceId) - Number(a.id === period.invoiceId));
}

async function leftOfPeriod(query: Query, invoice: InvoiceRow, { credited, periodId }: { credited: Credited; periodId: string }): Promise<bigint> {
  const places = minorPlacesOf(invoice.currency);
  const rows = await query.selectFrom('invoice_line').select(['position', 'amount', 'period_id']).where('invoice_id', '=', invoice.id).execute();
  return rows.filter((row) => (row.period_id ?? invoice.period_id) === periodId).reduce((left, { position, amount }) => left + scaleDecimal(amount, places) + (credited.byPosition.get(position) ?? 0n), 0n);
}

function partOf({ amount }: LineChoice, index: number, { left, places }: { left: bigint; places: number }): bigint {
  const place = `/lines/${index}/amount`;
  if (!/^\d{1,30}(\.\d+)?$/.test(amount!) || (amount!.split('.')[1]?.length ?? 0) > places) throw invalid(place, `"${amount}" is no amount in this currency: write digits with at most ${places} places.`);
  const part = scaleDecimal(amount!, places);
  if (part === 0n || part > left) throw invalid(place, `Give back more than 0 and at most ${decimalText(left < 0n ? 0n : left, places)}: that is what is left of this line.`);
  return part;
}

interface Issue { invoice: InvoiceRow; lines: DraftLine[]; takenMinor: bigint; /** Of the subtotal, before this note. */ leftMinor: bigint; creditedTaxMinor: bigint; refund: boolean }

/** What is open is taken off first; of the rest, `refund` pays back what was paid, and all else becomes prepaid credit. */
async function issue(deps: Deps, query: Query, { invoice, lines, takenMinor, leftMinor, creditedTaxMinor, refund }: Issue): Promise<{ id: string; number: string }> {
  const { openMinor, paidMinor, places } = await readBalance(query, invoice);
  // The last note takes the rest of the tax, so that nothing is left by rounding.
  const taxLeft = scaleDecimal(invoice.tax, places) + creditedTaxMinor;
  const tax = takenMinor === leftMinor ? taxLeft : least(taxLeft, taxOn(takenMinor, invoice.tax_percent ?? '0'));
  const total = takenMinor + tax;
  const takenOff = least(total, openMinor < 0n ? 0n : openMinor);
  const paidBack = refund ? least(total - takenOff, paidMinor) : 0n;
  const granted = total - takenOff - paidBack;
  const text = (minor: bigint): string => decimalText(minor, places);
  const note = await insertCreditNote(deps, query, { corrects: invoice, lines, tax: text(-tax), credit: text(-granted), due: text(-takenOff - paidBack) });
  const now = deps.clock.now();
  if (granted > 0n) await query.insertInto('credit_grant').values({ id: newId('creditGrant', now, deps.random), consumer_id: invoice.consumer_id, currency: invoice.currency, amount: text(granted), remaining: text(granted), reason: `Credit note ${note.number}`, granted_at: now, granted_by: 'system', expires_at: null }).execute();
  if (paidBack > 0n) await payBack(deps, query, invoice, { amountMinor: paidBack, note: note.number });
  if (invoice.state === 'finalised' && takenOff === openMinor) await setPaid(query, invoice.id, now);
  await recordActivity(query, deps, { consumerId: invoice.consumer_id, actor: 'system', kind: 'invoice.credited', subject: note.id, detail: { id: note.id, number: note.number, corrects: invoice.number, amount: text(total), currency: invoice.currency } });
  return note;
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
