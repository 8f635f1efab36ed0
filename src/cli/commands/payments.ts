import type { CommandDefinition } from '../command.ts';
import { consumerOptions, consumerPath } from '../consumer-option.ts';
import { table, timeText } from '../terminal.ts';

interface Account { provider: 'manual' | 'stripe'; method: string | null }
interface PaymentEvent { id: string; type: string; receivedAt: string; processedAt: string | null; attempts: number; nextAttemptAt: string | null; error: string | null }

export const paymentsMethod: CommandDefinition = {
  name: 'method', summary: 'show how a consumer pays',
  description: 'Shows the payment method that the provider keeps for a consumer.',
  options: consumerOptions,
  running: true,
  examples: [['portico payments method --email dev@example.com', 'How they pay.']],
  async run({ options, terminal, api }) {
    const account = await (await api()).get<Account>(`${await consumerPath(api, options)}/payment-method`);
    terminal.printJson(account);
    terminal.print(account.provider === 'manual' ? 'No payment provider is set: invoices are marked as paid by hand.' : (account.method ?? 'No payment method is kept.'));
  },
};

export const paymentsCollect: CommandDefinition = {
  name: 'collect', positional: { name: '<number>', meaning: 'Number or id of the invoice.' }, summary: 'try a declined invoice again',
  description: 'Charges the payment method that is kept once more, now. What is declined again waits for its next day.',
  running: true,
  examples: [['portico payments collect INV-000042', 'Once more.']],
  async run({ positional, terminal, api }) {
    const invoice = await (await api()).post<{ number: string; paymentState: string; open: string; currency: string }>(`/api/v1/invoices/${encodeURIComponent(positional[0]!)}/collect`);
    terminal.printJson(invoice);
    terminal.print(`${invoice.number}: ${invoice.paymentState}, ${invoice.open} ${invoice.currency.toUpperCase()} open.`);
  },
};

export const paymentsEvents: CommandDefinition = {
  name: 'events', summary: 'list what the provider reported',
  description: 'Lists reports (webhooks) of the payment provider, newest first.',
  options: [{ flags: '--failed', meaning: 'Only those that did not work.' }],
  running: true,
  examples: [['portico payments events --failed', 'What waits for somebody.']],
  async run({ options, terminal, api }) {
    const { events } = await (await api()).get<{ events: PaymentEvent[] }>('/api/v1/payments/events', { failed: String(options['failed'] === true) });
    terminal.printJson({ events });
    if (events.length === 0) terminal.print(options['failed'] === true ? 'Every report was worked off.' : 'No report has come yet.');
    else for (const line of table(terminal.colours, columns, events)) terminal.print(line);
  },
};

export const paymentsRetry: CommandDefinition = {
  name: 'retry', positional: { name: '<id>', meaning: 'Id of the report, as `portico payments events` shows it.' }, summary: 'work a report off again',
  description: 'Works a report off again that did not work.',
  running: true,
  examples: [['portico payments retry evt_1QyW2bLkdIwHu7ix', 'Once more.']],
  async run({ positional, terminal, api }) {
    await (await api()).post(`/api/v1/payments/events/${encodeURIComponent(positional[0]!)}/retry`);
    terminal.printJson({ id: positional[0]! });
    terminal.print(`${positional[0]} is worked off again.`);
  },
};

const columns = [
  { title: 'ID', value: (event: PaymentEvent) => event.id },
  { title: 'REPORT', value: (event: PaymentEvent) => event.type },
  { title: 'RECEIVED', value: (event: PaymentEvent) => timeText(event.receivedAt) },
  { title: 'STATE', value: (event: PaymentEvent) => (event.processedAt !== null ? 'worked off' : event.nextAttemptAt === null ? 'given up' : 'repeated') },
  { title: 'ERROR', value: (event: PaymentEvent) => event.error ?? '' },
];
