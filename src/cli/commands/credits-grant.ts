import { text } from '../command.ts';
import type { CommandDefinition } from '../command.ts';

interface Credit { id: string; amount: string; currency: string; expiresAt: string | null }

export const creditsGrant: CommandDefinition = {
  name: 'grant',
  summary: 'give a consumer prepaid credit',
  description: 'Gives a consumer prepaid money that pays its invoices in that currency until it expires.',
  options: [
    { flags: '--consumer <id>', meaning: 'Whose, such as con_01K0...', required: true },
    { flags: '--amount <amount>', meaning: 'How much, such as 100.00.', required: true },
    { flags: '--currency <code>', meaning: 'ISO 4217.', required: true },
    { flags: '--reason <text>', meaning: 'Why: the consumer reads it.', required: true },
    { flags: '--expires-at <time>', meaning: 'Gone from then on (default: never).' },
  ],
  running: true,
  examples: [["portico credits grant --consumer con_01K0G6Q8YB3V5N2M7R4T9W1X0Z --amount 100 --currency usd --reason 'Prepaid for 2027' --expires-at 2028-01-01", 'For a year.']],
  async run({ options, terminal, api }) {
    const expiresAt = text(options, 'expiresAt');
    const credit = await (await api()).post<Credit>(`/api/v1/consumers/${encodeURIComponent(text(options, 'consumer')!)}/credits`, { amount: text(options, 'amount'), currency: text(options, 'currency'), reason: text(options, 'reason'), ...(expiresAt !== undefined && { expiresAt }) });
    terminal.printJson(credit);
    terminal.print(`${credit.id}: ${credit.amount} ${credit.currency.toUpperCase()}.`);
  },
};
