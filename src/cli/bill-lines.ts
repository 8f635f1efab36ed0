import type { Terminal } from './terminal.ts';
import { table } from './terminal.ts';

export interface Bill { currency: string; subtotal: string; lines: { description: string; quantity: string; unitPrice: string; amount: string }[] }

/** A bill as lines with its sum. */
export function printBill(terminal: Terminal, title: string, { currency, subtotal, lines }: Bill): void {
  terminal.print(`${title}: ${subtotal} ${currency.toUpperCase()} before tax`);
  if (lines.length === 0) return;
  const columns = [
    { title: 'LINE', value: (line: Bill['lines'][number]) => line.description },
    ...(['quantity', 'unitPrice', 'amount'] as const).map((name) => ({ title: name === 'unitPrice' ? 'PRICE' : name.toUpperCase(), value: (line: Bill['lines'][number]) => line[name], align: 'right' as const })),
  ];
  for (const line of table(terminal.colours, columns, lines)) terminal.print(line);
}
