import { misuse, text, texts } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import { printInvoice, type ShownInvoice } from '../invoice-lines.ts';

const positional = { name: '<number>', meaning: 'Number of the invoice, or the id of a draft.' };
const addressOf = (numbers: string[], change: string): string => `/api/v1/invoices/${encodeURIComponent(numbers[0]!)}/${change}`;

export const invoicesFinalise: CommandDefinition = {
  name: 'finalise', positional, summary: 'give a draft its number',
  description: 'Finalises a draft: number, tax, prepaid credit, due date. From then on it stays as it is.',
  running: true,
  examples: [['portico invoices finalise bil_01K0G6Q8YB3V5N2M7R4T9W1X0Z', 'The draft that `portico invoices list --state draft` shows.']],
  async run({ positional: numbers, terminal, api }) {
    const invoice = await (await api()).post<ShownInvoice>(addressOf(numbers, 'finalise'));
    terminal.printJson(invoice);
    printInvoice(terminal, invoice);
  },
};

export const invoicesPay: CommandDefinition = {
  name: 'pay', positional, summary: 'mark an invoice as paid',
  description: 'Marks what is open of an invoice as paid by other means, such as a bank transfer.',
  options: [{ flags: '--at <date>', meaning: 'The day of the payment, UTC: 2026-08-09 (default: now).' }, { flags: '--note <text>', meaning: 'What to find the payment by.' }],
  running: true,
  examples: [['portico invoices pay INV-000042 --at 2026-08-09 --note "Transfer 77"', 'Paid by transfer.']],
  async run({ options, positional: numbers, terminal, api }) {
    const day = text(options, 'at');
    if (day !== undefined && (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day)))) misuse(`--at is "${day}", but it must be a date such as 2026-08-09.`);
    const invoice = await (await api()).post<ShownInvoice>(addressOf(numbers, 'pay'), { ...(day !== undefined && { at: `${day}T00:00:00Z` }), note: text(options, 'note') });
    terminal.printJson(invoice);
    terminal.print(`${invoice.number} is paid.`);
  },
};

export const invoicesVoid: CommandDefinition = {
  name: 'void', positional, summary: 'void an invoice',
  description: 'Voids a draft, or an invoice on which nothing was paid or credited. It keeps its number; its prepaid credit goes back. The period is not billed again.',
  options: [{ flags: '--reason <text>', meaning: 'Why; the audit trail keeps it.', required: true }],
  running: true,
  examples: [['portico invoices void INV-000042 --reason "A test account"', 'Nobody pays it.']],
  async run({ options, positional: numbers, terminal, api }) {
    const invoice = await (await api()).post<ShownInvoice>(addressOf(numbers, 'void'), { reason: text(options, 'reason') });
    terminal.printJson(invoice);
    terminal.print(`${invoice.number ?? 'The draft'} is void.`);
  },
};

export const invoicesCredit: CommandDefinition = {
  name: 'credit', positional, summary: 'reverse lines of an invoice by a credit note',
  description: 'Makes a credit note over lines of an invoice, over all that is left of it without --line. What was paid already becomes prepaid credit; with --refund it goes back, through the payment provider where that collected it. Never more than was billed.',
  options: [
    { flags: '--line <position...>', meaning: 'A line by its position in `invoices show`, or a part of it: 0, or 0=10.00.' },
    { flags: '--reason <text>', meaning: 'Why; the audit trail keeps it.', required: true },
    { flags: '--refund', meaning: 'What was paid is paid back instead of kept as credit.' },
  ],
  running: true,
  examples: [['portico invoices credit INV-000042 --reason "Wrong plan"', 'All of it.'], ['portico invoices credit INV-000042 --line 0=10.00 --reason "An outage"', 'A part of the first line.']],
  async run({ options, positional: numbers, terminal, api }) {
    const lines = texts(options, 'line').map((each) => {
      const [, position, amount] = /^(\d{1,6})(?:=(\d+(?:\.\d+)?))?$/.exec(each) ?? misuse(`--line is "${each}", but it must be a position such as 0, or a part such as 0=10.00.`);
      return { position: Number(position), ...(amount !== undefined && { amount }) };
    });
    const note = await (await api()).post<ShownInvoice>(addressOf(numbers, 'credit-notes'), { ...(lines.length > 0 && { lines }), reason: text(options, 'reason'), refund: options['refund'] === true });
    terminal.printJson(note);
    printInvoice(terminal, note);
  },
};
