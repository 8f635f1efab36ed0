import { text } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import { printBill, type Bill } from '../bill-lines.ts';
import { timeText } from '../terminal.ts';
import type { Subscription } from './subscriptions-list.ts';

interface Preview { planSlug: string; when: 'now' | 'period-end'; effectiveAt: string; before: Bill; after: Bill; next: Bill & { from: string; to: string } }

export const subscriptionsPreview: CommandDefinition = {
  name: 'preview',
  positional: { name: '<subscription>', meaning: 'Id of the subscription, such as sub_01K0...' },
  summary: 'what another plan would do to the bills',
  description: 'Shows the bill of this period with and without a change of plan, and the first whole period on the plan. Usage is forecast as it went so far. Changes nothing.',
  options: [
    { flags: '--plan <slug>', meaning: 'The plan.', required: true },
    { flags: '--when <moment>', meaning: 'At once, or with the end of the period.', choices: ['now', 'period-end'] },
  ],
  running: true,
  examples: [['portico subscriptions preview sub_01K0G6Q8YB3V5N2M7R4T9W1X0Z --plan growth', 'Before a change to Growth.']],
  async run({ positional: [id], options, terminal, api }) {
    const preview = await (await api()).get<Preview>(`/api/v1/subscriptions/${encodeURIComponent(id!)}/preview`, { plan: text(options, 'plan'), when: text(options, 'when') });
    terminal.printJson(preview);
    terminal.print(`${preview.planSlug} would begin ${preview.when === 'now' ? 'at once' : `on ${timeText(preview.effectiveAt)}`}.`);
    printBill(terminal, 'This period as it is', preview.before);
    if (preview.when === 'now') printBill(terminal, 'This period with the change', preview.after);
    printBill(terminal, `From ${timeText(preview.next.from)} to ${timeText(preview.next.to)}`, preview.next);
  },
};

export const subscriptionsChange: CommandDefinition = {
  name: 'change',
  positional: { name: '<subscription>', meaning: 'Id of the subscription, such as sub_01K0...' },
  summary: 'move a subscription to another plan',
  description: 'Moves a subscription to another plan, with its keys. Another currency waits for the end of the period.',
  options: [
    { flags: '--plan <slug>', meaning: 'The plan.', required: true },
    { flags: '--when <moment>', meaning: 'At once, or with the end of the period.', choices: ['now', 'period-end'], default: 'now' },
  ],
  running: true,
  examples: [['portico subscriptions change sub_01K0G6Q8YB3V5N2M7R4T9W1X0Z --plan growth', 'At once.'], ['portico subscriptions change sub_01K0G6Q8YB3V5N2M7R4T9W1X0Z --plan free --when period-end', 'Later.']],
  async run({ positional: [id], options, terminal, api }) {
    const management = await api();
    const subscription = await terminal.progress('Changing the plan, until every gateway knows', () => management.post<Subscription>(`/api/v1/subscriptions/${encodeURIComponent(id!)}/plan`, { plan: text(options, 'plan'), when: text(options, 'when') }));
    terminal.printJson(subscription);
    const { scheduledPlan } = subscription;
    terminal.print(scheduledPlan === null ? `${subscription.id} is on ${subscription.productSlug}/${subscription.planSlug}.` : `${subscription.id} moves to ${subscription.productSlug}/${scheduledPlan.slug} on ${timeText(scheduledPlan.at)}.`);
  },
};
