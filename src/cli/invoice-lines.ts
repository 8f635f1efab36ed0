// An invoice as the commands print it.
import { printable, table, timeText, type Terminal } from './terminal.ts';

export interface ShownInvoice {
  id: string; number: string | null; kind: string; state: string; overdue: boolean; consumerName: string; currency: string; subtotal: string; total: string; credit: string; due: string; open: string; finalisedAt: string | null; dueAt: string | null;
  tax: { name: string | null; percent: string | null; amount: string }; buyer: { name: string }; corrects: { number: string | null } | null; creditNotes: { number: string | null; total: string }[]; payments: { provider: string; state: string; amount: string; at: string; reference: string | null }[];
  lines: { position: number; kind: string; description: string; quantity: string; unitPrice: string; amount: string; from: string; to: string }[];
}

export function printInvoice({ print, colours }: Pick<Terminal, 'print' | 'colours'>, invoice: ShownInvoice): void {
  print(`${colours.bold(invoice.number ?? `Draft ${invoice.id}`)}  ${invoice.kind}, ${invoice.overdue ? 'overdue' : invoice.state}${invoice.corrects ? `, corrects ${invoice.corrects.number}` : ''}`);
  print(`To ${printable(invoice.buyer.name)}${invoice.finalisedAt === null ? '' : `, ${timeText(invoice.finalisedAt)}`}${invoice.dueAt === null ? '' : `, due ${invoice.dueAt.slice(0, 10)}`}`);
  print();
  for (const line of table(colours, columns, invoice.lines)) print(line);
  print();
  const sums: [string, string][] = [
    ['Subtotal', invoice.subtotal], ...(invoice.tax.name === null ? [] : [[`${invoice.tax.name} ${invoice.tax.percent} %`, invoice.tax.amount] as [string, string]]), [`Total ${invoice.currency.toUpperCase()}`, invoice.total],
    ...(/[1-9]/.test(invoice.credit) ? [['Prepaid credit', invoice.credit] as [string, string]] : []), ['Due', invoice.due], ['Open', invoice.open],
  ];
  const width = Math.max(...sums.map(([, amount]) => amount.length));
  for (const [name, amount] of sums) print(`${name.padEnd(16)}  ${amount.padStart(width)}`);
  for (const { number, total } of invoice.creditNotes) print(`Credit note ${number}: ${total}`);
  for (const { provider, state, amount, at, reference } of invoice.payments) print(`Payment ${timeText(at)}, ${provider}: ${amount}, ${state}${reference === null ? '' : ` (${printable(reference)})`}`);
}

type Line = ShownInvoice['lines'][number];
const columns = [
  { title: 'LINE', value: (row: Line) => String(row.position), align: 'right' as const },
  { title: 'DESCRIPTION', value: (row: Line) => row.description },
  { title: 'FROM', value: (row: Line) => row.from.slice(0, 10) },
  { title: 'TO', value: (row: Line) => row.to.slice(0, 10) },
  { title: 'QUANTITY', value: (row: Line) => row.quantity, align: 'right' as const },
  { title: 'PRICE', value: (row: Line) => (row.kind === 'late-usage' ? '-' : row.unitPrice), align: 'right' as const },
  { title: 'AMOUNT', value: (row: Line) => row.amount, align: 'right' as const },
];
