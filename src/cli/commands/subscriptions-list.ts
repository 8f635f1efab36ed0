import type { CommandDefinition } from '../command.ts';
import { consumerOptions, consumerPath } from '../consumer-option.ts';
import { table, timeText } from '../terminal.ts';

export interface Subscription { id: string; productSlug: string; planSlug: string; state: string; scheduledPlan: { slug: string; at: string } | null; cancelsAt: string | null; period: { from: string; to: string } | null; spendCap: string | null }

export const subscriptionsList: CommandDefinition = {
  name: 'list',
  summary: 'list the subscriptions of a consumer',
  description: 'Lists the subscriptions of a consumer, with their plans and their present billing periods.',
  options: consumerOptions,
  running: true,
  examples: [['portico subscriptions list --email dev@example.com', 'All of one consumer.']],
  async run({ options, terminal, api }) {
    const { subscriptions } = await (await api()).get<{ subscriptions: Subscription[] }>(`${await consumerPath(api, options)}/subscriptions`);
    terminal.printJson({ subscriptions });
    if (subscriptions.length === 0) terminal.print('No subscriptions. `portico subscriptions create` makes one.');
    else for (const line of table(terminal.colours, columns, subscriptions)) terminal.print(line);
  },
};

const columns = [
  { title: 'ID', value: (row: Subscription) => row.id },
  { title: 'PLAN', value: (row: Subscription) => `${row.productSlug}/${row.planSlug}` },
  { title: 'STATE', value: (row: Subscription) => row.state },
  { title: 'PERIOD ENDS', value: (row: Subscription) => timeText(row.period?.to ?? null) },
  { title: 'THEN', value: nextOf },
  { title: 'SPEND CAP', value: (row: Subscription) => row.spendCap ?? '-', align: 'right' as const },
];

/** What waits for the end of the period. */
export function nextOf({ scheduledPlan, cancelsAt }: Subscription): string {
  return cancelsAt !== null ? 'cancelled' : (scheduledPlan?.slug ?? '-');
}
