// An invoice enters, its document leaves. The one place that knows the PDF library.
import { Buffer } from 'node:buffer';
import type PDFDocument from 'pdfkit';
import { groupDigits } from '../../domain/pricing/describe-line.ts';
import { countryName } from '../../domain/country.ts';
import type { InvoiceDetail, InvoiceLine, Party } from '../services.ts';

/** TrueType files that are embedded: those of the pages. */
export interface DocumentFonts { regular: string; semibold: string }

const page = { width: 595.28, height: 841.89, margin: 50 };
const right = page.width - page.margin;
const bottom = page.height - page.margin - 24;
const columns = [
  { title: 'Description', x: page.margin, width: 218, align: 'left' as const },
  { title: 'Period', x: 272, width: 92, align: 'left' as const },
  { title: 'Quantity', x: 366, width: 58, align: 'right' as const },
  { title: 'Unit price', x: 428, width: 54, align: 'right' as const },
  { title: 'Amount', x: 486, width: right - 486, align: 'right' as const },
];
const ink = '#14181f';
const muted = '#5b6472';
const line = '#c9ced6';
/** A document of more lines would not be read by anybody; the rest is in the CSV file. */
const linesMax = 2_000;

/** A4, with the fonts embedded. Of a draft, a document that says so. */
export async function drawInvoice(invoice: InvoiceDetail, fonts: DocumentFonts): Promise<Uint8Array<ArrayBuffer>> {
  const { default: Document } = await import('pdfkit');
  const title = titleOf(invoice);
  const doc = new Document({
    size: 'A4', margin: page.margin, bufferPages: true, font: null, compress: true, lang: 'en', displayTitle: true, pdfVersion: '1.7',
    info: { Title: title, Author: invoice.seller.name, Subject: `${title} for ${invoice.buyer.name}`, Creator: 'Portico', CreationDate: new Date(invoice.finalisedAt ?? invoice.createdAt) },
  });
  const chunks: Uint8Array[] = [];
  const written = new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
    doc.on('data', (chunk) => void chunks.push(chunk)).on('end', () => resolve(new Uint8Array(Buffer.concat(chunks)))).on('error', reject);
  });
  doc.registerFont('regular', fonts.regular).registerFont('semibold', fonts.semibold);
  let y = drawHead(doc, invoice);
  y = drawTableHead(doc, invoice, y);
  for (const each of invoice.lines.slice(0, linesMax)) y = drawLine(doc, invoice, each, y);
  if (invoice.lines.length > linesMax) y = drawText(doc, `${invoice.lines.length - linesMax} more lines are in the CSV file of this invoice.`, page.margin, y + 6, { size: 8.5, colour: muted });
  y = drawSums(doc, invoice, y + 8);
  drawNotes(doc, invoice, y + 18);
  drawFooters(doc, title);
  doc.end();
  return written;
}

function titleOf({ kind, number }: InvoiceDetail): string {
  const noun = kind === 'invoice' ? 'Invoice' : 'Credit note';
  return number === null ? `${noun} (draft)` : `${noun} ${number}`;
}

interface TextStyle { size?: number; font?: 'regular' | 'semibold'; colour?: string; width?: number; align?: 'left' | 'right' }

/** Answers where the text ends. */
function drawText(doc: PDFDocument, text: string, x: number, y: number, { size = 9.5, font = 'regular', colour = ink, width = right - x, align = 'left' }: TextStyle = {}): number {
  const shown = drawable(doc, text, font);
  doc.font(font).fontSize(size).fillColor(colour).text(shown, x, y, { width, align });
  return y + doc.font(font).fontSize(size).heightOfString(shown === '' ? ' ' : shown, { width });
}

function drawRule(doc: PDFDocument, y: number, from: number = page.margin): void {
  doc.moveTo(from, y).lineTo(right, y).lineWidth(0.5).strokeColor(line).stroke();
}

function drawHead(doc: PDFDocument, invoice: InvoiceDetail): number {
  const half = page.margin + 270;
  const sellerEnd = drawParty(doc, invoice.seller, page.margin, page.margin, 'semibold', 13);
  let y = drawText(doc, invoice.kind === 'invoice' ? 'Invoice' : 'Credit note', half, page.margin, { size: 20, font: 'semibold' });
  y = drawText(doc, invoice.number ?? 'Draft: not yet an invoice', half, y, { size: 11, colour: muted }) + 10;
  for (const [name, value] of facts(invoice)) {
    drawText(doc, name, half, y, { colour: muted, width: 92 });
    y = drawText(doc, value, half + 96, y) + 2;
  }
  const top = Math.max(sellerEnd, y) + 22;
  drawText(doc, invoice.kind === 'invoice' ? 'Billed to' : 'Credited to', page.margin, top, { size: 8.5, colour: muted });
  return drawParty(doc, invoice.buyer, page.margin, top + 13, 'semibold', 10.5) + 24;
}

function facts(invoice: InvoiceDetail): [string, string][] {
  const list: [string, string | null][] = [
    ['Date', day(invoice.finalisedAt ?? invoice.createdAt)],
    ['Corrects invoice', invoice.corrects?.number ?? null],
    ['Due', invoice.kind === 'invoice' && invoice.dueAt !== null ? day(invoice.dueAt) : null],
    ['Period', invoice.period && span(invoice.period.from, invoice.period.to)],
    ['Product', invoice.productName],
    ['Currency', invoice.currency.toUpperCase()],
  ];
  return list.filter((fact): fact is [string, string] => fact[1] !== null);
}

function drawParty(doc: PDFDocument, party: Party, x: number, from: number, font: 'semibold', size: number): number {
  const width = 250;
  let y = drawText(doc, party.name, x, from, { font, size, width }) + 2;
  const rest = [...party.address.split('\n'), party.country === null ? '' : countryName(party.country), party.taxId === null ? '' : `Tax number ${party.taxId}`, party.email ?? ''];
  for (const text of rest.filter((each) => each !== '')) y = drawText(doc, text, x, y, { width, colour: muted });
  return y;
}

function drawTableHead(doc: PDFDocument, { currency }: InvoiceDetail, y: number): number {
  for (const { title, x, width, align } of columns) drawText(doc, title === 'Amount' ? `Amount ${currency.toUpperCase()}` : title, x, y, { size: 8.5, colour: muted, width, align });
  drawRule(doc, y + 14);
  return y + 20;
}

function drawLine(doc: PDFDocument, invoice: InvoiceDetail, each: InvoiceLine, from: number): number {
  const cells = [each.description, span(each.from, each.to), groupDigits(each.quantity), each.kind === 'late-usage' ? '' : groupDigits(each.unitPrice), groupDigits(each.amount)].map((text) => drawable(doc, text));
  doc.font('regular').fontSize(9);
  const height = Math.max(...cells.map((text, index) => doc.heightOfString(text, { width: columns[index]!.width })));
  let y = from;
  if (y + height > bottom) {
    doc.addPage();
    y = drawTableHead(doc, invoice, page.margin);
  }
  for (const [index, text] of cells.entries()) drawText(doc, text, columns[index]!.x, y, { size: 9, width: columns[index]!.width, align: columns[index]!.align, colour: index === 1 ? muted : ink });
  drawRule(doc, y + height + 4);
  return y + height + 9;
}

function drawSums(doc: PDFDocument, invoice: InvoiceDetail, from: number): number {
  const code = invoice.currency.toUpperCase();
  const rows: [name: string, amount: string, strong: boolean][] = [
    ['Subtotal', invoice.subtotal, false],
    [invoice.tax.name === null ? 'Tax' : `${invoice.tax.name} ${invoice.tax.percent} %`, invoice.tax.amount, false],
    [`Total ${code}`, invoice.total, true],
    ...(/[1-9]/.test(invoice.credit) ? [[invoice.kind === 'invoice' ? 'Prepaid credit' : 'Kept as prepaid credit', invoice.kind === 'invoice' ? `-${invoice.credit}` : invoice.credit, false] as [string, string, boolean]] : []),
    ...(invoice.kind === 'invoice' ? [[`Amount due ${code}`, invoice.due, true] as [string, string, boolean]] : []),
  ];
  let y = from;
  if (y + rows.length * 17 > bottom) {
    doc.addPage();
    y = page.margin;
  }
  for (const [name, amount, strong] of rows) {
    const style: TextStyle = { font: strong ? 'semibold' : 'regular', size: strong ? 10.5 : 9.5, align: 'right' };
    if (strong) drawRule(doc, y - 1, 340);
    drawText(doc, name, 300, y + 2, { ...style, width: 150, colour: strong ? ink : muted });
    drawText(doc, groupDigits(amount), 456, y + 2, { ...style, width: right - 456 });
    y += 17;
  }
  return y;
}

function drawNotes(doc: PDFDocument, invoice: InvoiceDetail, from: number): void {
  const notes = [
    invoice.tax.name === null && invoice.buyer.taxId !== null ? `No tax is charged. Tax number of the recipient: ${invoice.buyer.taxId}.` : '',
    invoice.corrects === null ? '' : `This credit note reverses lines of invoice ${invoice.corrects.number}.`,
    invoice.state === 'void' ? 'This invoice is void: nothing of it is to be paid.' : '',
    lacksCharacters(doc, invoice) ? 'Some characters are not in the fonts of this document. Each of them is shown as a question mark.' : '',
  ].filter((note) => note !== '');
  let y = from;
  for (const note of notes) {
    if (y + 14 > bottom) {
      doc.addPage();
      y = page.margin;
    }
    y = drawText(doc, note, page.margin, y, { size: 9 }) + 3;
  }
}

function drawFooters(doc: PDFDocument, title: string): void {
  const { start, count } = doc.bufferedPageRange();
  for (let index = start; index < start + count; index++) {
    doc.switchToPage(index);
    const y = page.height - page.margin - 11;
    doc.font('regular').fontSize(8).fillColor(muted).text(printable(title), page.margin, y, { width: 300, lineBreak: false });
    doc.text(`Page ${index - start + 1} of ${count}`, right - 120, y, { width: 120, align: 'right', lineBreak: false });
  }
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

function day(ms: number): string {
  return dayFormat.format(ms);
}

/** Both days belong to it. */
function span(from: number, to: number): string {
  const last = Math.max(to - 1, from);
  const sameYear = new Date(from).getUTCFullYear() === new Date(last).getUTCFullYear();
  return `${sameYear ? day(from).replace(/ \d{4}$/, '') : day(from)} to ${day(last)}`;
}

/** Names come from strangers: control characters, and those that turn the direction of text, have no place on paper. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ');
}

/** What the fonts lack is a question mark, not a box that reads as a fault of the printer. */
function drawable(doc: PDFDocument, text: string, font: 'regular' | 'semibold' = 'regular'): string {
  const { font: face } = doc.font(font)._font;
  return printable(text.normalize('NFC')).replaceAll(/\P{ASCII}/gu, (each) => (face.hasGlyphForCodePoint(each.codePointAt(0)!) ? each : '?'));
}

function lacksCharacters(doc: PDFDocument, { seller, buyer, productName, lines }: InvoiceDetail): boolean {
  const texts = [seller, buyer].flatMap(({ name, address, taxId, email }) => [name, address, taxId ?? '', email ?? '']);
  return [...texts, productName ?? '', ...lines.slice(0, linesMax).map(({ description }) => description)].some((text) => drawable(doc, text) !== printable(text.normalize('NFC')));
}
