import { text, whole } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import { listPages } from '../list-pages.ts';
import { table, timeText } from '../terminal.ts';

interface Consumer { id: string; name: string; plans: string[]; calls: number; createdAt: string; firstSuccessAt: string | null; lastActiveAt: string | null }

export const consumersList: CommandDefinition = {
  name: 'list',
  summary: 'list consumers, newest first',
  description: 'Lists the accounts of developers with their plans, calls of the last 30 days, and first and last steps; newest first.',
  options: [
    { flags: '--search <text>', meaning: 'Part of a name or an e-mail address, an id, or the last four characters of a key.' },
    { flags: '--email <address>', meaning: 'Only the consumer of this developer.' },
    { flags: '--product <slug>', meaning: 'Only subscribers of this product.' },
    { flags: '--plan <slug>', meaning: 'Only those on this plan.' },
    { flags: '--state <state>', meaning: 'Only these: stalled is a day without a success, active a live success in 30 days.', choices: ['stalled', 'active', 'blocked', 'unverified'] },
    { flags: '--limit <number>', meaning: 'At most so many.', default: '100' },
  ],
  running: true,
  examples: [
    ['portico consumers list --state stalled', 'Who has not had a successful call.'],
    ['portico consumers list --product atlas --plan growth --json', 'Who is on a plan, as JSON.'],
  ],
  async run({ options, terminal, api }) {
    const limit = whole(options, 'limit', 1, 100_000)!;
    const management = await api();
    const filter = Object.fromEntries(['search', 'email', 'product', 'plan', 'state'].map((name) => [name, text(options, name)]));
    const consumers = await terminal.progress('Listing consumers', () => listPages<'consumers', Consumer>(management, '/api/v1/consumers', 'consumers', filter, limit));
    terminal.printJson({ consumers });
    if (consumers.length === 0) terminal.print('No consumers that match.');
    else for (const line of table(terminal.colours, columns, consumers)) terminal.print(line);
  },
};

const columns = [
  { title: 'ID', value: (consumer: Consumer) => consumer.id },
  { title: 'NAME', value: (consumer: Consumer) => consumer.name },
  { title: 'PLANS', value: (consumer: Consumer) => consumer.plans.join(', ') },
  { title: 'CALLS 30 D', value: (consumer: Consumer) => String(consumer.calls), align: 'right' as const },
  { title: 'SINCE', value: (consumer: Consumer) => timeText(consumer.createdAt) },
  { title: 'FIRST SUCCESS', value: (consumer: Consumer) => timeText(consumer.firstSuccessAt) },
  { title: 'LAST ACTIVE', value: (consumer: Consumer) => timeText(consumer.lastActiveAt) },
];
