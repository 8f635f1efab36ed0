import { text, whole } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import { listPages } from '../list-pages.ts';
import { table, timeText } from '../terminal.ts';

interface Key { id: string; name: string; mode: string; masked: string; developerEmail: string; state: string; products: string[]; createdAt: string; lastUsedAt: string | null }

export const keysList: CommandDefinition = {
  name: 'list',
  summary: 'list keys, newest first',
  description: 'Lists keys, newest first, masked.',
  options: [
    { flags: '--consumer <id>', meaning: 'Only keys of this consumer.' },
    { flags: '--limit <number>', meaning: 'At most so many.', default: '100' },
  ],
  running: true,
  examples: [
    ['portico keys list', 'The newest hundred.'],
    ['portico keys list --limit 1000 --json', 'A thousand, as JSON.'],
  ],
  async run({ options, terminal, api }) {
    const limit = whole(options, 'limit', 1, 100_000)!;
    const management = await api();
    const keys = await terminal.progress('Listing keys', () => listPages<'keys', Key>(management, '/api/v1/keys', 'keys', { consumer: text(options, 'consumer') }, limit));
    terminal.printJson({ keys });
    if (keys.length === 0) terminal.print('No keys. `portico keys create` makes one.');
    else for (const line of table(terminal.colours, columns(terminal.colours), keys)) terminal.print(line);
  },
};

function columns({ green, dim }: { green(text: string): string; dim(text: string): string }) {
  return [
    { title: 'ID', value: (key: Key) => key.id },
    { title: 'KEY', value: (key: Key) => key.masked },
    { title: 'NAME', value: (key: Key) => key.name },
    { title: 'STATE', value: (key: Key) => key.state, colour: (key: Key) => (key.state === 'active' ? green : dim) },
    { title: 'PRODUCTS', value: (key: Key) => key.products.join(', ') },
    { title: 'DEVELOPER', value: (key: Key) => key.developerEmail },
    { title: 'MADE', value: (key: Key) => timeText(key.createdAt) },
    { title: 'LAST USED', value: (key: Key) => timeText(key.lastUsedAt) },
  ];
}
