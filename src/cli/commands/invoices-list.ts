import { duration, text, whole } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import { listPages } from '../list-pages.ts';
import { table } from '../terminal.ts';

interface Row { id: string; number: string | null; kind: string; state: string; overdue: boolean; consumerName: string; currency: string; total: string; open: string; finalisedAt: string | null; createdAt: string; dueAt: string | null }

export const invoicesList: CommandDefinition = {
  name: 'list',
  summary: 'list invoices and credit notes, newest first',
  description: 'Lists invoices and credit notes with what they come to and what is open.',
  options: [
    { flags: '--email <address>', meaning: 'Only the consumer of this developer.' },
    { flags: '--product <slug>', meaning: 'Only this product.' },
    { flags: '--state <state>', meaning: 'Only these.', choices: ['draft', 'finalised', 'paid', 'void', 'overdue'] },
    { flags: '--since <duration>', meaning: 'Only those of so long ago until now.' },
    { flags: '--sort <order>', meaning: 'By when they were made, their due date, consumer or number; with - the greatest first.', default: '-created', choices: ['created', '-created', 'due', '-due', 'consumer', '-consumer', 'number', '-number'] },
    { flags: '--limit <number>', meaning: 'At most so many.', default: '100' },
  ],
  running: true,
  examples: [['portico invoices list', 'The newest hundred.'], ['portico invoices list --state overdue --sort due', 'What should have been paid, longest first.'], ['portico invoices list --email dev@example.com --json', 'One consumer, as JSON.']],
  async run({ options, terminal, api }) {
    duration(options, 'since');
    const limit = whole(options, 'limit', 1, 100_000)!;
    const management = await api();
    const query = { email: text(options, 'email'), product: text(options, 'product'), state: text(options, 'state'), since: text(options, 'since'), sort: text(options, 'sort') };
    const invoices = await terminal.progress('Listing invoices', () => listPages<'invoices', Row>(management, '/api/v1/invoices', 'invoices', query, limit));
    terminal.printJson({ invoices });
    if (invoices.length === 0) terminal.print('No such invoices.');
    else for (const line of table(terminal.colours, columns(terminal.colours), invoices)) terminal.print(line);
  },
};

function columns({ red, dim }: { red(text: string): string; dim(text: string): string }) {
  return [
    { title: 'NUMBER', value: (row: Row) => row.number ?? `draft ${row.id}` },
    { title: 'KIND', value: (row: Row) => row.kind, colour: () => dim },
    { title: 'STATE', value: (row: Row) => (row.overdue ? 'overdue' : row.state), colour: (row: Row) => (row.overdue ? red : String) },
    { title: 'CONSUMER', value: (row: Row) => row.consumerName },
    { title: 'DATE', value: (row: Row) => (row.finalisedAt ?? row.createdAt).slice(0, 10) },
    { title: 'DUE', value: (row: Row) => row.dueAt?.slice(0, 10) ?? '-' },
    { title: 'TOTAL', value: (row: Row) => `${row.total} ${row.currency.toUpperCase()}`, align: 'right' as const },
    { title: 'OPEN', value: (row: Row) => row.open, align: 'right' as const },
  ];
}
