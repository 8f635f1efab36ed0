import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import type { InvoiceDetail, InvoiceLine } from '../services.ts';
import { documentFonts } from '../testkit.ts';
import { drawInvoice } from './invoice-pdf.ts';

const [from, to] = [Date.UTC(2026, 7, 1), Date.UTC(2026, 8, 1)];
const line = (position: number): InvoiceLine => ({ position, kind: 'usage', description: `requests \u202e€ ₹ ₽ Łódź\u0000 ${position}`, meter: 'requests', quantity: '123456789012345678901234567890', unitPrice: '0.000000000001', amount: '10.00', credited: '0.00', from, to, periodId: null, detail: {} });
const party = { name: 'Łódź & Söhne', address: 'Weg 1\nBerlin', country: 'DE', taxId: 'DE1', email: null };
const invoice: InvoiceDetail = {
  id: 'bil_1', number: 'INV-000001', kind: 'invoice', state: 'finalised', overdue: false, paymentState: 'none', consumerId: 'con_1', consumerName: 'Ada', subscriptionId: 'sub_1', productSlug: 'atlas', productName: 'Atlas', currency: 'usd', total: '10.00', due: '10.00', open: '10.00', period: { id: 'per_1', from, to },
  createdAt: to, finalisedAt: to, dueAt: to, paidAt: null, voidedAt: null, subtotal: '10.00', tax: { name: null, percent: null, amount: '0.00' }, credit: '0.00', seller: party, buyer: party, lines: [line(0)], corrects: null, creditNotes: [], payments: [],
};

async function draw(given: Partial<InvoiceDetail>): Promise<{ text: string; pages: number }> {
  const content = await drawInvoice({ ...invoice, ...given }, documentFonts);
  const text = Buffer.from(content).toString('latin1');
  return { text, pages: text.match(/\/Type \/Page\b/g)!.length };
}

test('a document is a PDF whose fonts are embedded, with its number as the title', async () => {
  const { text, pages } = await draw({});
  assert.match(text, /^%PDF-1\.7/);
  assert.match(text, /%%EOF\s*$/);
  assert.equal(text.match(/\/FontFile2/g)?.length, 2);
  assert.ok(text.includes('INV-000001') || text.includes(Buffer.from('\ufeffInvoice INV-000001', 'utf16le').swap16().toString('latin1')), 'the title names it');
  assert.equal(pages, 1);
});

test('the same invoice is the same document', async () => {
  const strip = (text: string): string => text.replace(/\/ID \[[^\]]*\]/, '');
  assert.equal(strip((await draw({})).text), strip((await draw({})).text));
});

test('many lines break over pages, and a document ends somewhere', async () => {
  assert.equal((await draw({ lines: Array.from({ length: 70 }, (_, index) => line(index)) })).pages, 6);
  const endless = await draw({ lines: Array.from({ length: 3_000 }, (_, index) => line(index)) });
  assert.ok(endless.pages < 200);
});

for (const [name, given] of Object.entries<Partial<InvoiceDetail>>({
  'a draft': { number: null, state: 'draft', finalisedAt: null, dueAt: null }, 'a credit note': { kind: 'credit-note', corrects: { id: 'bil_0', number: 'INV-000000' } }, 'an invoice of nothing': { lines: [], period: null, productName: null }, 'a void one': { state: 'void' },
  'names without end': { buyer: { ...party, name: 'A'.repeat(200), address: Array.from({ length: 8 }, () => 'B'.repeat(120)).join('\n') } },
})) test(`${name} is drawn`, async () => assert.match((await draw(given)).text, /^%PDF/));

/** The characters that a reader may select, by the document's own tables of them, as four hexadecimal digits. */
async function charactersOf(name: string): Promise<Set<string>> {
  const content = Buffer.from(await drawInvoice({ ...invoice, lines: [], buyer: { ...party, name } }, documentFonts));
  const tables: string[] = [];
  for (let at = content.indexOf('stream\n'); at >= 0; at = content.indexOf('stream\n', at + 1)) {
    const end = content.indexOf('endstream', at);
    if (content.subarray(at - 3, at).toString() !== 'end' && content[at + 7] === 0x78) tables.push(inflateSync(content.subarray(at + 7, end)).toString('latin1'));
  }
  return new Set(tables.filter((table) => table.includes('beginbfrange')).flatMap((table) => [...table.matchAll(/<([0-9a-f]{4})>/g)].map(([, code]) => code!)));
}

for (const [name, { buyer, drawn, lacking }] of Object.entries<{ buyer: string; drawn: string; lacking: string }>({
  'Greek': { buyer: 'Ελλάς', drawn: 'Ελάς', lacking: '' }, 'Cyrillic': { buyer: 'Жюль', drawn: 'Жюль', lacking: '' },
  'Chinese': { buyer: '東京 Ωmega', drawn: 'Ω?', lacking: '東京' }, 'letters with marks apart': { buyer: 'Z\u030c', drawn: 'Ž', lacking: '' },
})) test(`a name in ${name} is drawn as it is, or its lacking characters as question marks`, async () => {
  const characters = await charactersOf(buyer);
  const has = (text: string): boolean[] => [...text].map((each) => characters.has(each.codePointAt(0)!.toString(16).padStart(4, '0')));
  assert.deepEqual([has(drawn), has(lacking), has('?')], [[...drawn].map(() => true), [...lacking].map(() => false), [lacking !== '']]);
});
