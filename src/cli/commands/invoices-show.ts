import { writeFile } from 'node:fs/promises';
import { Buffer } from 'node:buffer';
import { text } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import { printInvoice, type ShownInvoice } from '../invoice-lines.ts';

export const invoicesShow: CommandDefinition = {
  name: 'show',
  positional: { name: '<number>', meaning: 'Number of the invoice, or the id of a draft.' },
  summary: 'show an invoice with its lines',
  description: 'Shows an invoice or a credit note: lines, tax, prepaid credit, payments, credit notes.',
  options: [{ flags: '--pdf <file>', meaning: 'Also write the document to this file.' }],
  running: true,
  examples: [['portico invoices show INV-000042', 'The invoice.'], ['portico invoices show INV-000042 --pdf INV-000042.pdf', 'And its document.']],
  async run({ options, positional, terminal, api }) {
    const management = await api();
    const path = `/api/v1/invoices/${encodeURIComponent(positional[0]!)}`;
    const invoice = await terminal.progress('Reading the invoice', () => management.get<ShownInvoice>(path));
    const file = text(options, 'pdf');
    if (file !== undefined) await writeFile(file, Buffer.from(await (await management.download(`${path}/pdf`)).arrayBuffer()));
    terminal.printJson(invoice);
    printInvoice(terminal, invoice);
  },
};
