import { misuse, text } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import type { Subscription } from './subscriptions-list.ts';

export const subscriptionsCap: CommandDefinition = {
  name: 'cap',
  positional: { name: '<subscription>', meaning: 'Id of the subscription, such as sub_01K0...' },
  summary: 'set or take away a spend cap',
  description: 'Sets the most that a period of this subscription may cost, in the plan\'s currency, before coupons and tax. At the cap, calls are refused with 429 spend_cap_reached.',
  options: [
    { flags: '--amount <amount>', meaning: 'The cap, such as 200 or 49.50.' },
    { flags: '--none', meaning: 'No cap.' },
  ],
  running: true,
  examples: [['portico subscriptions cap sub_01K0G6Q8YB3V5N2M7R4T9W1X0Z --amount 200', 'At most 200 per period.'], ['portico subscriptions cap sub_01K0G6Q8YB3V5N2M7R4T9W1X0Z --none', 'Without one.']],
  async run({ positional: [id], options, terminal, api }) {
    const amount = text(options, 'amount');
    if ((amount === undefined) !== (options['none'] === true)) misuse('Name --amount or --none.');
    const management = await api();
    const subscription = await terminal.progress('Setting the cap, until every gateway knows', () => management.put<Subscription>(`/api/v1/subscriptions/${encodeURIComponent(id!)}/spend-cap`, { cap: amount ?? null }));
    terminal.printJson(subscription);
    terminal.print(subscription.spendCap === null ? `${subscription.id} has no spend cap.` : `${subscription.id} spends at most ${subscription.spendCap} per period.`);
  },
};
