import type { CommandDefinition, CommandInput } from '../command.ts';
import { timeText } from '../terminal.ts';
import type { Subscription } from './subscriptions-list.ts';

const positional = { name: '<subscription>', meaning: 'Id of the subscription, such as sub_01K0...' };

export const subscriptionsCancel: CommandDefinition = {
  name: 'cancel', positional, running: true,
  summary: 'end a subscription with its period',
  description: 'Cancels a subscription with the end of its period: a paid plan falls to the default plan of the product, where there is another; else the subscription ends.',
  examples: [['portico subscriptions cancel sub_01K0G6Q8YB3V5N2M7R4T9W1X0Z', 'With the end of its period.']],
  run: (input) => post(input, 'cancel', ({ id, cancelsAt }) => `${id} is cancelled as of ${timeText(cancelsAt)}.`),
};

export const subscriptionsResume: CommandDefinition = {
  name: 'resume', positional, running: true,
  summary: 'take back a cancellation or a change that waits',
  description: 'Takes back a cancellation, or a change of plan that waits for the end of the period.',
  examples: [['portico subscriptions resume sub_01K0G6Q8YB3V5N2M7R4T9W1X0Z', 'It goes on as it is.']],
  run: (input) => post(input, 'resume', ({ id, productSlug, planSlug }) => `${id} stays on ${productSlug}/${planSlug}.`),
};

async function post({ positional: [id], terminal, api }: CommandInput, action: string, said: (subscription: Subscription) => string): Promise<void> {
  const subscription = await (await api()).post<Subscription>(`/api/v1/subscriptions/${encodeURIComponent(id!)}/${action}`);
  terminal.printJson(subscription);
  terminal.print(said(subscription));
}
