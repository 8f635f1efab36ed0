import { duration, text } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import { table } from '../terminal.ts';

interface Row { meter: string; operation: string; version: string; mode: string; quantity: string }

export const usage: CommandDefinition = {
  name: 'usage',
  summary: 'quantities by meter, operation, version and mode',
  description: 'Shows what was used, by meter, operation, version and mode, from the ledger that quotas and invoices read. Quantities are exact.',
  options: [
    { flags: '--email <address>', meaning: 'Only the consumer of this developer.' },
    { flags: '--product <slug>', meaning: 'Only this product.' },
    { flags: '--since <duration>', meaning: 'From so long ago until now.', default: '24h' },
  ],
  running: true,
  examples: [
    ['portico usage', 'The last 24 hours.'],
    ['portico usage --email dev@example.com --product atlas --since 30d', 'One consumer, one product, 30 days.'],
  ],
  async run({ options, terminal, api }) {
    duration(options, 'since');
    const query = { email: text(options, 'email'), product: text(options, 'product'), since: text(options, 'since') };
    const management = await api();
    const { usage: rows, total } = await terminal.progress('Adding up usage', () => management.get<{ usage: Row[]; total: Record<string, string> }>('/api/v1/usage', query));
    terminal.printJson({ usage: rows, total });
    if (rows.length === 0) {
      terminal.print(`No usage in the last ${query.since}.`);
      return;
    }
    for (const line of table(terminal.colours, columns, rows)) terminal.print(line);
    terminal.print();
    for (const line of table(terminal.colours, totalColumns, Object.entries(total))) terminal.print(line);
  },
};

const columns = [
  { title: 'METER', value: (row: Row) => row.meter },
  { title: 'OPERATION', value: (row: Row) => row.operation },
  { title: 'VERSION', value: (row: Row) => row.version },
  { title: 'MODE', value: (row: Row) => row.mode },
  { title: 'QUANTITY', value: (row: Row) => row.quantity, align: 'right' as const },
];
const totalColumns = [
  { title: 'TOTAL', value: ([meter]: [string, string]) => meter },
  { title: 'QUANTITY', value: ([, quantity]: [string, string]) => quantity, align: 'right' as const },
];
