import type { CommandDefinition } from '../command.ts';
import { printBill, type Bill } from '../bill-lines.ts';
import { timeText } from '../terminal.ts';

interface RunningBill { period: { from: string; to: string }; soFar: Bill; forecast: Bill; credit: string; spendCap: string | null; capUsed: number | null }

export const subscriptionsBill: CommandDefinition = {
  name: 'bill',
  positional: { name: '<subscription>', meaning: 'Id of the subscription, such as sub_01K0...' },
  summary: 'the running bill of the present period',
  description: 'Shows what the present period costs so far, and what it is likely to cost at its end: linear by the time that has passed, of at least a day.',
  running: true,
  examples: [['portico subscriptions bill sub_01K0G6Q8YB3V5N2M7R4T9W1X0Z', 'So far and forecast.']],
  async run({ positional: [id], terminal, api }) {
    const bill = await (await api()).get<RunningBill>(`/api/v1/subscriptions/${encodeURIComponent(id!)}/bill`);
    terminal.printJson(bill);
    printBill(terminal, `Since ${timeText(bill.period.from)}`, bill.soFar);
    terminal.print(`Forecast for ${timeText(bill.period.to)}: ${bill.forecast.subtotal} ${bill.forecast.currency.toUpperCase()}`);
    if (bill.spendCap !== null) terminal.print(`Spend cap: ${bill.spendCap}, ${bill.capUsed} % of it spent`);
    if (/[1-9]/.test(bill.credit)) terminal.print(`Prepaid credit: ${bill.credit}`);
  },
};
