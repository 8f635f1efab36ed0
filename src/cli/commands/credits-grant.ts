import { text } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import { consumerOptions, consumerPath } from '../consumer-option.ts';

interface Credit { id: string; amount: string; currency: string; expiresAt: string | null }

export const creditsGrant: CommandDefinition = {
  name: 'grant',
  summary: 'give a consumer prepaid credit',
  description: 'Gives a consumer prepaid money that pays its invoices in that currency until it expires.',
  options: [
    ...consumerOptions,
    { flags: '--amount <amount>', meaning: 'How much, such as 100.00.', required: true },
    { flags: '--currency <code>', meaning: 'ISO 4217.', required: true },
    { flags: '--reason <text>', meaning: 'Why: the consumer reads it.', required: true },
    { flags: '--expires-at <time>', meaning: 'Gone from then on (default: never).' },
  ],
  running: true,
  examples: [["portico credits grant --email dev@example.com --amount 100 --currency usd --reason 'Prepaid for 2027' --expires-at 2028-01-01", 'For a year.']],
  async run({ options, terminal, api }) {
    const expiresAt = text(options, 'expiresAt');
    const credit = await (await api()).post<Credit>(`${await consumerPath(api, options)}/credits`, { amount: text(options, 'amount'), currency: text(options, 'currency'), reason: text(options, 'reason'), ...(expiresAt !== undefined && { expiresAt }) });
    terminal.printJson(credit);
    terminal.print(`${credit.id}: ${credit.amount} ${credit.currency.toUpperCase()}.`);
  },
};
