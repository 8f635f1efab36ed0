import { text, whole } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import { listPages } from '../list-pages.ts';
import { table, timeText } from '../terminal.ts';

interface Binding { id: string; issuer: string; subject: string; keyId: string; masked: string; createdAt: string; createdBy: string }

export const tokensList: CommandDefinition = {
  name: 'list',
  summary: 'list bindings, newest first',
  description: 'Lists whom other issuers of tokens name, and the keys that their calls are made with; newest first.',
  options: [
    { flags: '--key <id>', meaning: 'Only those of this key.' },
    { flags: '--limit <number>', meaning: 'At most so many.', default: '100' },
  ],
  running: true,
  examples: [['portico tokens list', 'The newest hundred.']],
  async run({ options, terminal, api }) {
    const limit = whole(options, 'limit', 1, 100_000)!;
    const management = await api();
    const bindings = await terminal.progress('Listing bindings', () => listPages<'bindings', Binding>(management, '/api/v1/token-bindings', 'bindings', { key: text(options, 'key') }, limit));
    terminal.printJson({ bindings });
    if (bindings.length === 0) terminal.print('No bindings. `portico tokens bind` makes one.');
    else for (const line of table(terminal.colours, columns, bindings)) terminal.print(line);
  },
};

const columns = [
  { title: 'ID', value: (binding: Binding) => binding.id },
  { title: 'ISSUER', value: (binding: Binding) => binding.issuer },
  { title: 'SUBJECT', value: (binding: Binding) => binding.subject },
  { title: 'KEY', value: (binding: Binding) => binding.masked },
  { title: 'KEY ID', value: (binding: Binding) => binding.keyId },
  { title: 'MADE', value: (binding: Binding) => timeText(binding.createdAt) },
  { title: 'BY', value: (binding: Binding) => binding.createdBy },
];
