import { text } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import { warnUnconfirmed } from '../terminal.ts';

interface ChangedBinding { id: string; issuer: string; subject: string; keyId: string; masked: string; unconfirmed: string[] }

export const tokensBind: CommandDefinition = {
  name: 'bind',
  positional: { name: '<key>', meaning: 'Id of the key, such as key_01K0...' },
  summary: 'have tokens of another issuer act as a key',
  description: 'From now on calls with tokens in which the issuer names the subject are calls of the key. Answers once every connected gateway knows.',
  options: [
    { flags: '--issuer <issuer>', meaning: 'The `iss` of the tokens, as portico.yaml has it.', required: true },
    { flags: '--subject <subject>', meaning: 'What the claim says that names who calls.', required: true },
  ],
  running: true,
  examples: [['portico tokens bind key_01K0G6Q8YB3V5N2M7R4T9W1X0Z --issuer https://id.example.com --subject billing-service', 'Tokens for that client count on the plan of the key.']],
  async run({ options, positional, terminal, api }) {
    const management = await api();
    const body = { issuer: text(options, 'issuer'), subject: text(options, 'subject'), key: positional[0]! };
    const { unconfirmed, ...binding } = await terminal.progress('Binding, until every gateway knows', () => management.post<ChangedBinding>('/api/v1/token-bindings', body));
    terminal.printJson(binding);
    terminal.print(`${binding.id}: tokens in which ${binding.issuer} names ${binding.subject} are calls of ${binding.masked} (${binding.keyId}).`);
    warnUnconfirmed(terminal, unconfirmed);
  },
};

export const tokensUnbind: CommandDefinition = {
  name: 'unbind',
  positional: { name: '<binding>', meaning: 'Id of the binding, such as tkb_01K0...' },
  summary: 'end a binding',
  description: 'Ends a binding: tokens that name its subject are refused. Answers once every connected gateway refuses them.',
  running: true,
  examples: [['portico tokens unbind tkb_01K0G6Q8YB3V5N2M7R4T9W1X0Z', 'The key itself goes on.']],
  async run({ positional, terminal, api }) {
    const management = await api();
    const { unconfirmed, ...binding } = await terminal.progress('Unbinding, until every gateway refuses', () => management.post<ChangedBinding>(`/api/v1/token-bindings/${encodeURIComponent(positional[0]!)}/unbind`));
    terminal.printJson(binding);
    terminal.print(`${binding.subject} of ${binding.issuer} is bound to no key any more.`);
    warnUnconfirmed(terminal, unconfirmed);
  },
};
