import { text } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import { consumerOptions, consumerPath } from '../consumer-option.ts';
import type { Subscription } from './subscriptions-list.ts';

export const subscriptionsCreate: CommandDefinition = {
  name: 'create',
  summary: 'put a consumer on a plan, also from a day in the past',
  description: 'Puts a consumer on a plan of a product. With --started-at, for consumers that come from elsewhere, the periods since then are billed by the next run.',
  options: [
    ...consumerOptions,
    { flags: '--product <slug>', meaning: 'The product.', required: true },
    { flags: '--plan <slug>', meaning: 'The plan (default: the default plan of the product).' },
    { flags: '--started-at <time>', meaning: 'A day or moment in the past, at most 10 years ago, such as 2026-01-31.' },
  ],
  running: true,
  examples: [
    ['portico subscriptions create --email dev@example.com --product atlas --plan growth', 'From now on.'],
    ['portico subscriptions create --email dev@example.com --product atlas --plan growth --started-at 2026-01-31', 'As it began elsewhere.'],
  ],
  async run({ options, terminal, api }) {
    const [plan, startedAt] = [text(options, 'plan'), text(options, 'startedAt')];
    const body = { product: text(options, 'product'), ...(plan !== undefined && { plan }), ...(startedAt !== undefined && { startedAt }) };
    const path = await consumerPath(api, options);
    const management = await api();
    const subscription = await terminal.progress('Subscribing, until every gateway knows', () => management.post<Subscription>(`${path}/subscriptions`, body));
    terminal.printJson(subscription);
    terminal.print(`${subscription.id} is on ${subscription.productSlug}/${subscription.planSlug}.`);
  },
};
