import type { CommandDefinition } from '../command.ts';
import { consumerOptions, consumerPath } from '../consumer-option.ts';
import { table, timeText } from '../terminal.ts';

interface Credit { id: string; amount: string; remaining: string; currency: string; reason: string; expiresAt: string | null }

export const creditsList: CommandDefinition = {
  name: 'list',
  summary: 'list the prepaid credit of a consumer',
  description: 'Lists prepaid credit in the order that invoices draw it: what expires first comes first.',
  options: consumerOptions,
  running: true,
  examples: [['portico credits list --email dev@example.com', 'All of one consumer.']],
  async run({ options, terminal, api }) {
    const { grants, left } = await (await api()).get<{ grants: Credit[]; left: { currency: string; amount: string }[] }>(`${await consumerPath(api, options)}/credits`);
    terminal.printJson({ grants, left });
    if (grants.length === 0) terminal.print('No credit. `portico credits grant` gives some.');
    else for (const line of table(terminal.colours, columns, grants)) terminal.print(line);
  },
};

const columns = [
  { title: 'ID', value: (credit: Credit) => credit.id },
  { title: 'LEFT', value: (credit: Credit) => credit.remaining, align: 'right' as const },
  { title: 'OF', value: (credit: Credit) => `${credit.amount} ${credit.currency.toUpperCase()}`, align: 'right' as const },
  { title: 'EXPIRES', value: (credit: Credit) => timeText(credit.expiresAt) },
  { title: 'REASON', value: (credit: Credit) => credit.reason },
];
