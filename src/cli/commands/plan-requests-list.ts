import { text, whole } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import { listPages } from '../list-pages.ts';
import { table, timeText } from '../terminal.ts';

interface PlanRequest { subscriptionId: string; consumerName: string; productSlug: string; planSlug: string; presentPlan: string | null; requestedAt: string; requestedBy: string | null; calls30d: string }

export const planRequestsList: CommandDefinition = {
  name: 'list',
  summary: 'list what waits for a decision, oldest first',
  description: 'Lists the plans with approval that consumers asked for and that nobody has decided on.',
  options: [
    { flags: '--product <slug>', meaning: 'Only this product.' },
    { flags: '--sort <order>', meaning: 'By when they asked, their name, the plan, or calls of the last 30 days; with - the greatest first.', default: 'asked', choices: ['asked', '-asked', 'consumer', '-consumer', 'plan', '-plan', 'calls', '-calls'] },
    { flags: '--limit <number>', meaning: 'At most so many.', default: '100' },
  ],
  running: true,
  examples: [
    ['portico plan-requests list', 'The hundred that wait longest.'],
    ['portico plan-requests list --sort=-calls --json', 'Who calls most first, as JSON.'],
  ],
  async run({ options, terminal, api }) {
    const limit = whole(options, 'limit', 1, 100_000)!;
    const management = await api();
    const requests = await terminal.progress('Listing plan requests', () => listPages<'requests', PlanRequest>(management, '/api/v1/plan-requests', 'requests', { product: text(options, 'product'), sort: text(options, 'sort') }, limit));
    terminal.printJson({ requests });
    if (requests.length === 0) terminal.print('Nothing waits for a decision.');
    else for (const line of table(terminal.colours, columns(terminal.colours), requests)) terminal.print(line);
  },
};

function columns({ dim }: { dim(text: string): string }) {
  return [
    { title: 'SUBSCRIPTION', value: (row: PlanRequest) => row.subscriptionId },
    { title: 'CONSUMER', value: (row: PlanRequest) => row.consumerName },
    { title: 'ASKS FOR', value: (row: PlanRequest) => `${row.productSlug}/${row.planSlug}` },
    { title: 'PRESENT PLAN', value: (row: PlanRequest) => row.presentPlan ?? '-' },
    { title: 'ASKED', value: (row: PlanRequest) => timeText(row.requestedAt) },
    { title: 'BY', value: (row: PlanRequest) => row.requestedBy ?? '-', colour: () => dim },
    { title: 'CALLS (30 D)', value: (row: PlanRequest) => row.calls30d, align: 'right' as const },
  ];
}
