import { duration, text } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import type { ManagementApi } from '../management-api.ts';
import { table } from '../terminal.ts';

interface Meter { consumerName: string; productSlug: string; period: { from: string; to: string; state: string }; invoiceNumber: string | null; meter: string; gateway: string | null; ledger: string; invoiced: string | null; gatewayLessLedger: string | null; ledgerLessInvoiced: string | null }
interface Money { currency: string; invoiced: string; credit: string; paid: string; open: string; difference: string }
interface Reconciliation { meters: Meter[]; money: Money[]; differing: number; nextCursor: string | null }

export const invoicesReconcile: CommandDefinition = {
  name: 'reconcile',
  summary: 'compare gateway, ledger and invoices',
  description: 'Compares what the gateway counted with the ledger and with what was invoiced, by period and meter, and what invoices came to with credit, payments and what is open. Exits with 1 when something differs.',
  options: [
    { flags: '--email <address>', meaning: 'Only the consumer of this developer.' },
    { flags: '--since <duration>', meaning: 'Periods that touch the time from so long ago until now.', default: '62d' },
    { flags: '--differing', meaning: 'Only rows that differ.' },
  ],
  running: true,
  examples: [['portico invoices reconcile', 'All consumers, the last two months.'], ['portico invoices reconcile --email dev@example.com --since 365d', 'One consumer, a year.']],
  async run({ options, terminal, api }) {
    duration(options, 'since');
    const management = await api();
    const found = await terminal.progress('Comparing', () => readAll(management, { email: text(options, 'email'), since: text(options, 'since'), differing: options['differing'] === true ? 'true' : undefined }));
    terminal.printJson(found);
    const { print, colours } = terminal;
    const rowColour = (row: Meter) => (isOff(row.gatewayLessLedger) || isOff(row.ledgerLessInvoiced) ? colours.red : String);
    if (found.meters.length === 0) print(options['differing'] === true ? 'Nothing differs.' : 'No period touches this time.');
    else for (const line of table(colours, columns.map((column) => ({ ...column, colour: rowColour })), found.meters)) print(line);
    if (found.money.length > 0) {
      print();
      for (const line of table(colours, moneyColumns, found.money)) print(line);
    }
    return found.differing > 0 || found.money.some(({ difference }) => isOff(difference)) ? 1 : 0;
  },
};

/** Page by page; the money is that of the whole range on each. */
async function readAll(api: ManagementApi, query: Record<string, string | undefined>): Promise<Omit<Reconciliation, 'nextCursor'>> {
  const meters: Meter[] = [];
  let differing = 0;
  for (let cursor: string | undefined; ;) {
    const page: Reconciliation = await api.get('/api/v1/invoices/reconciliation', { ...query, cursor });
    meters.push(...page.meters);
    differing += page.differing;
    if (page.nextCursor === null) return { meters, money: page.money, differing };
    cursor = page.nextCursor;
  }
}

function isOff(difference: string | null): boolean {
  return difference !== null && /[1-9]/.test(difference);
}

const columns = [
  { title: 'CONSUMER', value: (row: Meter) => row.consumerName },
  { title: 'PRODUCT', value: (row: Meter) => row.productSlug },
  { title: 'FROM', value: (row: Meter) => row.period.from.slice(0, 10) },
  { title: 'TO', value: (row: Meter) => row.period.to.slice(0, 10) },
  { title: 'INVOICE', value: (row: Meter) => row.invoiceNumber ?? (row.period.state === 'billed' ? '-' : row.period.state) },
  { title: 'METER', value: (row: Meter) => row.meter },
  { title: 'GATEWAY', value: (row: Meter) => row.gateway ?? '-', align: 'right' as const },
  { title: 'LEDGER', value: (row: Meter) => row.ledger, align: 'right' as const },
  { title: 'INVOICED', value: (row: Meter) => row.invoiced ?? '-', align: 'right' as const },
];
const moneyColumns = [
  { title: 'CURRENCY', value: (row: Money) => row.currency.toUpperCase() },
  { title: 'INVOICED', value: (row: Money) => row.invoiced, align: 'right' as const },
  { title: 'CREDIT', value: (row: Money) => row.credit, align: 'right' as const },
  { title: 'PAID', value: (row: Money) => row.paid, align: 'right' as const },
  { title: 'OPEN', value: (row: Money) => row.open, align: 'right' as const },
  { title: 'DIFFERENCE', value: (row: Money) => row.difference, align: 'right' as const },
];
