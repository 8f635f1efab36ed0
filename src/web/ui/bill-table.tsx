import { texts } from '../texts.ts';
import { DataTable } from './data-table.tsx';
import { formatMoney } from './money.ts';
import { formatCount } from './number.ts';

const words = texts.bill;

export interface ShownBill { currency: string; subtotal: string; lines: { description: string; quantity: string; unitPrice: string; amount: string }[] }

/** The lines of a bill, and their sum. */
export function BillTable({ bill, caption }: { bill: ShownBill; caption: string }) {
  const rows = bill.lines.map((line, index) => ({ ...line, key: String(index) }));
  const sum = { key: 'sum', description: words.sum, quantity: '', unitPrice: '', amount: bill.subtotal };
  return (
    <DataTable caption={caption} rows={[...rows, sum]} rowKey={({ key }) => key} columns={[
      { key: 'description', header: words.line, cell: (row) => <span className={row.key === 'sum' ? 'font-semibold' : ''}>{row.description}</span> },
      { key: 'quantity', header: words.quantity, align: 'right', from: 'sm', cell: (row) => quantityText(row.quantity) },
      { key: 'price', header: words.price, align: 'right', from: 'sm', cell: (row) => (row.unitPrice === '' ? '' : formatMoney(row.unitPrice, bill.currency)) },
      { key: 'amount', header: words.amount, align: 'right', cell: (row) => <span className={row.key === 'sum' ? 'font-semibold' : ''}>{formatMoney(row.amount, bill.currency)}</span> },
    ]} />
  );
}

/** A share of a period is exact to 12 places; nobody reads more than four of them. */
function quantityText(quantity: string): string {
  if (quantity === '') return '';
  const [whole, places = ''] = quantity.split('.');
  return places.length <= 4 ? formatCount(quantity) : `${whole}.${places.slice(0, 4)}`;
}
