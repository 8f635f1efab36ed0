import { duration, text } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import { durationText, table, timeText } from '../terminal.ts';

interface Report {
  from: string; to: string; product: string | null;
  funnel: { step: string; consumers: number }[];
  ttfc: { medianMs: number | null; p90Ms: number | null; reached: number; without: number; share: number | null };
  errors: { total: number; failed: number; share: number | null };
  refusals: { code: string; count: number; stranger: number }[];
}

export const adoption: CommandDefinition = {
  name: 'adoption',
  summary: 'from sign-up to the first successful call, and after',
  description: 'Shows the numbers of the workspace’s first page: the funnel from sign-up to the second week, time to first call, errors and refusals.',
  options: [
    { flags: '--product <slug>', meaning: 'Only this product.' },
    { flags: '--since <duration>', meaning: 'From so long ago until now.', default: '30d' },
  ],
  running: true,
  examples: [
    ['portico adoption', 'The last 30 days.'],
    ['portico adoption --product atlas --since 90d --json', 'One product, 90 days, as JSON.'],
  ],
  async run({ options, terminal, api }) {
    duration(options, 'since');
    const management = await api();
    const report = await terminal.progress('Counting', () => management.get<Report>('/api/v1/adoption', { product: text(options, 'product'), since: text(options, 'since') }));
    terminal.printJson(report);
    const { colours, print } = terminal;
    print(`${report.product ?? 'All products'}, ${timeText(report.from)} to ${timeText(report.to)}`);
    print();
    for (const line of table(colours, [{ title: 'STEP', value: (row) => row.step }, { title: 'CONSUMERS', value: (row) => String(row.consumers), align: 'right' }], report.funnel)) print(line);
    print();
    const { ttfc, errors } = report;
    const time = (ms: number | null): string => (ms === null ? '-' : durationText(ms));
    print(`Time to first call  median ${time(ttfc.medianMs)}, p90 ${time(ttfc.p90Ms)}; ${ttfc.reached} got there, ${ttfc.without} did not${ttfc.share === null ? '' : ` (${percent(ttfc.share)} did)`}`);
    print(`Calls               ${errors.total}, of which ${errors.failed} failed${errors.share === null ? '' : ` (${percent(errors.share)})`}`);
    if (report.refusals.length === 0) return;
    print();
    for (const line of table(colours, [{ title: 'REFUSED WITH', value: (row) => row.code }, { title: 'CALLS', value: (row) => String(row.count), align: 'right' }, { title: 'WITHOUT A VALID KEY', value: (row) => String(row.stranger), align: 'right' }], report.refusals)) print(line);
  },
};

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
