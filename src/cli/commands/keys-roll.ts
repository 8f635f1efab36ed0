import { duration } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import { timeText, warnUnconfirmed } from '../terminal.ts';

interface RolledKey { key: string; id: string; subscription: string; consumer: string; unconfirmed: string[]; previousExpiresAt: string }

export const keysRoll: CommandDefinition = {
  name: 'roll',
  positional: { name: '<id>', meaning: 'Id of the key, such as key_01K0...' },
  summary: 'make a new key in place of one',
  description: 'Makes a new key in place of one, which works for the overlap more. Answers once every connected gateway knows both.',
  options: [{ flags: '--overlap <duration>', meaning: 'How long the old key still works.', default: '24h' }],
  running: true,
  examples: [
    ['portico keys roll key_01K0G6Q8YB3V5N2M7R4T9W1X0Z', 'Both keys work for a day.'],
    ['portico keys roll key_01K0G6Q8YB3V5N2M7R4T9W1X0Z --overlap 0', 'The old key stops at once.'],
  ],
  async run({ options, positional, terminal, api }) {
    const overlapMs = duration(options, 'overlap');
    const management = await api();
    const { key, id, subscription, consumer, previousExpiresAt, unconfirmed } = await terminal.progress('Rolling the key, until every gateway knows it', () => management.post<RolledKey>(`/api/v1/keys/${encodeURIComponent(positional[0]!)}/roll`, { overlapMs }));
    terminal.printJson({ key, id, subscription, consumer, previousExpiresAt });
    terminal.print(terminal.colours.bold(key));
    terminal.print(`${id} replaces ${positional[0]}, which works until ${timeText(previousExpiresAt)}. The key is shown this once.`);
    warnUnconfirmed(terminal, unconfirmed);
  },
};
