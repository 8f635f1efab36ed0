import type { CommandDefinition } from '../command.ts';
import { warnUnconfirmed } from '../terminal.ts';

interface RevokedKey { id: string; masked: string; unconfirmed: string[] }

export const keysRevoke: CommandDefinition = {
  name: 'revoke',
  positional: { name: '<id>', meaning: 'Id of the key, such as key_01K0...' },
  summary: 'end a key for good',
  description: 'Ends a key for good. Answers once every connected gateway refuses it.',
  running: true,
  examples: [['portico keys revoke key_01K0G6Q8YB3V5N2M7R4T9W1X0Z', 'It never works again.']],
  async run({ positional, terminal, api }) {
    const management = await api();
    const { unconfirmed, ...key } = await terminal.progress('Revoking the key, until every gateway refuses it', () => management.post<RevokedKey>(`/api/v1/keys/${encodeURIComponent(positional[0]!)}/revoke`));
    terminal.printJson(key);
    terminal.print(`${key.id} (${key.masked}) is revoked.${unconfirmed.length === 0 ? ' Every connected gateway refuses it.' : ''}`);
    warnUnconfirmed(terminal, unconfirmed);
  },
};
