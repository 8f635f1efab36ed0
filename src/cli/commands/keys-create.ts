import { text } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import { warnUnconfirmed } from '../terminal.ts';

interface CreatedKey { key: string; id: string; subscription: string; consumer: string; unconfirmed: string[] }

export const keysCreate: CommandDefinition = {
  name: 'create',
  summary: 'make a key for an e-mail address',
  description: 'Makes a key, and the consumer, developer and subscription when they do not exist. Answers once every connected gateway knows the key. The key is shown this once.',
  options: [
    { flags: '--product <slug>', meaning: 'Product that the key opens.', required: true },
    { flags: '--plan <slug>', meaning: 'Plan of the subscription (default: the default plan of the product).' },
    { flags: '--email <address>', meaning: 'Developer that the key belongs to.', required: true },
    { flags: '--mode <mode>', meaning: 'Test calls never cost.', choices: ['live', 'test'], default: 'live' },
    { flags: '--name <name>', meaning: 'Name of the key, to tell it from others.' },
  ],
  running: true,
  examples: [
    ['portico keys create --product atlas --plan free --email dev@example.com', 'A live key on the free plan.'],
    ['portico keys create --product atlas --email dev@example.com --mode test', 'A test key on the default plan.'],
  ],
  async run({ options, terminal, api }) {
    const management = await api();
    const body = { product: text(options, 'product'), plan: text(options, 'plan'), email: text(options, 'email'), mode: text(options, 'mode'), name: text(options, 'name') };
    const { key, id, subscription, consumer, unconfirmed } = await terminal.progress('Making the key, until every gateway knows it', () => management.post<CreatedKey>('/api/v1/keys', body));
    terminal.printJson({ key, id, subscription, consumer });
    terminal.print(terminal.colours.bold(key));
    terminal.print(`${id} opens ${body.product} for ${body.email}. The key is shown this once; send it as \`Authorization: Bearer <key>\`.`);
    warnUnconfirmed(terminal, unconfirmed);
  },
};
