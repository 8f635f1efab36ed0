// Credit notes: chosen lines of an invoice are reversed, never more than was billed. What was paid already becomes prepaid credit, or was paid back.
import { decimalText, scaleDecimal } from '../../domain/decimal.ts';
import { newId } from '../../domain/id.ts';
import { minorPlacesOf } from '../../domain/pricing/money.ts';
import { taxOn } from '../../domain/pricing/tax.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import type { ControlDeps } from '../deps.ts';
import { invalid } from './billing-settings.ts';
import type { LateUsage } from './late-usage.ts';
import { payBack } from '../payments/pay-back.ts';
import { readBalance } from './settle-invoice.ts';
import { getInvoiceRow, insertCreditNote, setPaid, type DraftLine, type InvoiceRow } from './write-invoice.ts';

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

/** A period costs less now that more of it is known. `waits` while its invoice is a draft; `nothing` where there is nothing to give back. */
export async function creditLateUsage(deps: Deps, query: Query, late: LateUsage): Promise<'credited' | 'nothing' | 'waits'> {
  if (late.period.invoiceId === null) return 'nothing';
  const invoice = await getInvoiceRow(query, late.period.invoiceId);
  if (invoice.state === 'draft') return 'waits';
  const places = minorPlacesOf(invoice.currency);
  const credited = await readCredited(query, invoice);
  const leftMinor = scaleDecimal(invoice.subtotal, places) + credited.subtotalMinor;
  if (!open.has(invoice.state) || invoice.currency !== late.currency || leftMinor <= 0n) return 'nothing';
  const takenMinor = least(-late.amountMinor, leftMinor);
  // What credit notes have given back already is not given back again.
  const lines = takenMinor === -late.amountMinor ? late.lines : late.lines.slice(0, 1).map((line): DraftLine => ({ ...line, amount: decimalText(-takenMinor, places) }));
  await issue(deps, query, { invoice, lines, takenMinor, leftMinor, creditedTaxMinor: credited.taxMinor, refund: false });
  return 'credited';
}

function partOf({ amount }: LineChoice, index: number, { left, places }: { left: bigint; places: number }): bigint {
  const place = `/lines/${index}/amount`;
  if (!/^\d{1,30}(\.\d+)?$/.test(amount!) || (amount!.split('.')[1]?.length ?? 0) > places) throw invalid(place, `"${amount}" is no amount in this currency: write digits with at most ${places} places.`);
  const part = scaleDecimal(amount!, places);
  if (part === 0n || part > left) throw invalid(place, `Give back more than 0 and at most ${decimalText(left < 0n ? 0n : left, places)}: that is what is left of this line.`);
  return part;
}

/** What earlier credit notes took off; at most 0. */
async function readCredited(query: Query, invoice: InvoiceRow): Promise<{ subtotalMinor: bigint; taxMinor: bigint; byPosition: Map<number, bigint> }> {
  const places = minorPlacesOf(invoice.currency);
  const notes = await query.selectFrom('invoice').select(['id', 'subtotal', 'tax']).where('corrects_invoice_id', '=', invoice.id).where('state', '!=', 'void').execute();
  const byPosition = new Map<number, bigint>();
  if (notes.length > 0) {
    const lines = await query.selectFrom('invoice_line').select(['amount', 'detail']).where('invoice_id', 'in', notes.map(({ id }) => id)).where('kind', '=', 'reversal').execute();
    for (const { amount, detail } of lines) {
      const { position } = JSON.parse(detail) as { position: number };
      byPosition.set(position, (byPosition.get(position) ?? 0n) + scaleDecimal(amount, places));
    }
  }
  const sum = (texts: string[]): bigint => texts.reduce((total, text) => total + scaleDecimal(text, places), 0n);
  return { subtotalMinor: sum(notes.map(({ subtotal }) => subtotal)), taxMinor: sum(notes.map(({ tax }) => tax)), byPosition };
}

interface Issue { invoice: InvoiceRow; lines: DraftLine[]; takenMinor: bigint; /** Of the subtotal, before this note. */ leftMinor: bigint; creditedTaxMinor: bigint; refund: boolean }

/** What is open is taken off first; of the rest, `refund` pays back what was paid, and all else becomes prepaid credit. */
async function issue(deps: Deps, query: Query, { invoice, lines, takenMinor, leftMinor, creditedTaxMinor, refund }: Issue): Promise<{ id: string; number: string }> {
  const { openMinor, paidMinor, places } = await readBalance(query, invoice);
  // The last note takes the rest of the tax, so that nothing is left by rounding.
  const taxLeft = scaleDecimal(invoice.tax, places) + creditedTaxMinor;
  const tax = takenMinor === leftMinor ? taxLeft : least(taxLeft, taxOn(takenMinor, invoice.tax_percent ?? '0'));
  const total = takenMinor + tax;
  const takenOff = least(total, openMinor);
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
