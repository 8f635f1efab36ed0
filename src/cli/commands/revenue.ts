import { text, whole } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import { table } from '../terminal.ts';

interface Month { from: string; complete: boolean; mrr: string; paying: number; arpu: string | null; created: string; returned: string; expansion: string; contraction: string; churned: string; consumerChurn: number | null; retention: number | null; yearRetention: number | null }
interface Cohort { from: string; signUps: number; within30: number | null; within90: number | null; ever: number }
interface Report { currencies: { currency: string; months: Month[] }[]; cohorts: Cohort[] }

export const revenue: CommandDefinition = {
  name: 'revenue',
  summary: 'recurring revenue, churn, retention and free to paid, by month',
  description: 'Shows monthly recurring revenue and how it moves, by currency and UTC month, and how many of those who signed up began to pay. A month with * is not complete.',
  options: [
    { flags: '--basis <basis>', meaning: 'By plan fees as they stand, or by what invoices say.', choices: ['contracted', 'invoiced'], default: 'contracted' },
    { flags: '--product <slug>', meaning: 'Only this product.' },
    { flags: '--months <number>', meaning: 'So many, the present one included: 1 to 36.', default: '12' },
  ],
  running: true,
  examples: [
    ['portico revenue', 'The last twelve months.'],
    ['portico revenue --basis invoiced --product atlas --months 6 --json', 'One product by its invoices, as JSON.'],
  ],
  async run({ options, terminal, api }) {
    const months = whole(options, 'months', 1, 36)!;
    const management = await api();
    const report = await terminal.progress('Reckoning', () => management.get<Report>('/api/v1/revenue', { basis: text(options, 'basis'), product: text(options, 'product'), months }));
    terminal.printJson(report);
    const { colours, print } = terminal;
    if (report.currencies.length === 0) print('Nobody has paid yet.');
    for (const { currency, months: rows } of report.currencies) {
      print(currency.toUpperCase());
      for (const line of table(colours, columns, rows)) print(line);
      print();
    }
    if (report.cohorts.every(({ signUps }) => signUps === 0)) return;
    for (const line of table(colours, cohortColumns, report.cohorts.filter(({ signUps }) => signUps > 0))) print(line);
  },
};

const amounts = ['mrr', 'created', 'returned', 'expansion', 'contraction', 'churned'] as const;
const titles: Record<(typeof amounts)[number], string> = { mrr: 'MRR', created: 'NEW', returned: 'BACK', expansion: 'EXPANSION', contraction: 'CONTRACTION', churned: 'CHURNED' };
const columns = [
  { title: 'MONTH', value: ({ from, complete }: Month) => `${from.slice(0, 7)}${complete ? '' : '*'}` },
  ...amounts.map((name) => ({ title: titles[name], value: (month: Month) => month[name], align: 'right' as const })),
  { title: 'PAYING', value: (month: Month) => String(month.paying), align: 'right' as const },
  { title: 'ARPU', value: (month: Month) => month.arpu ?? '-', align: 'right' as const },
  { title: 'LOST', value: (month: Month) => percent(month.consumerChurn), align: 'right' as const },
  { title: 'NRR', value: (month: Month) => percent(month.retention), align: 'right' as const },
  { title: 'NRR 12 M', value: (month: Month) => percent(month.yearRetention), align: 'right' as const },
];
const cohortColumns = [
  { title: 'SIGNED UP', value: ({ from }: Cohort) => from.slice(0, 7) },
  { title: 'ACCOUNTS', value: ({ signUps }: Cohort) => String(signUps), align: 'right' as const },
  { title: 'PAID IN 30 D', value: ({ within30 }: Cohort) => String(within30 ?? '-'), align: 'right' as const },
  { title: 'IN 90 D', value: ({ within90 }: Cohort) => String(within90 ?? '-'), align: 'right' as const },
  { title: 'SINCE', value: ({ ever }: Cohort) => String(ever), align: 'right' as const },
];

function percent(share: number | null): string {
  return share === null ? '-' : `${Math.round(share * 1000) / 10} %`;
}
