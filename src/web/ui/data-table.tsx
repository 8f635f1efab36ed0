import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import { texts } from '../texts.ts';
import { ArrowDown, ArrowUp, ChevronsUpDown } from './icon.ts';

export interface DataColumn<Row> {
  /** Unique; also the value of `?sort=`. */
  key: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Numbers stand right, with tabular figures. */
  align?: 'right';
  sortable?: boolean;
  /** Left out below this width, where the row has no room for it. */
  from?: 'sm' | 'md' | 'lg' | 'xl';
}

export interface DataTableProps<Row> {
  caption: string;
  columns: DataColumn<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  /** The order when the address names none: `key`, or `-key` for largest first. */
  sort?: string;
  empty?: ReactNode;
  visibleCaption?: boolean;
}

const fromWidth = { sm: 'hidden sm:table-cell', md: 'hidden md:table-cell', lg: 'hidden lg:table-cell', xl: 'hidden xl:table-cell' } as const;

/** Rows with hairlines between them. Headers of sortable columns are links that set `?sort=`; what does not fit scrolls inside. */
export function DataTable<Row>({ caption, columns, rows, rowKey, sort, empty, visibleCaption = false }: DataTableProps<Row>) {
  const { search } = useLocation();
  const order = new URLSearchParams(search).get('sort') ?? sort ?? '';
  if (rows.length === 0 && empty !== undefined) return empty;
  const width = ({ from }: DataColumn<Row>): string => (from ? fromWidth[from] : '');
  return (
    <div className="relative overflow-x-auto" tabIndex={0} role="region" aria-label={caption}>
      <table className="w-full border-collapse text-left">
        <caption className={visibleCaption ? 'pb-2 text-left text-sm text-muted' : 'sr-only'}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" aria-sort={column.sortable ? ariaSort(order, column.key) : undefined} className={`border-b px-2 py-1.5 text-sm font-medium whitespace-nowrap text-muted first:pl-0 last:pr-0 ${column.align === 'right' ? 'text-right' : ''} ${width(column)}`}>
                {column.sortable ? <SortLink column={column} order={order} search={search} /> : column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className="hover:bg-sunken">
              {columns.map((column) => <td key={column.key} className={`border-b px-2 py-1.5 align-top first:pl-0 last:pr-0 ${column.align === 'right' ? 'text-right tabular-nums' : ''} ${width(column)}`}>{column.cell(row)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SortLink<Row>({ column, order, search }: { column: DataColumn<Row>; order: string; search: string }) {
  const Icon = order === column.key ? ArrowUp : order === `-${column.key}` ? ArrowDown : ChevronsUpDown;
  return (
    <Link to={sortAddress(search, nextOrder(order, column))} preventScrollReset className={`group -mx-1 inline-flex items-center gap-1 align-bottom rounded-sm px-1 hover:text-ink ${order.replace('-', '') === column.key ? 'text-ink' : ''} ${column.align === 'right' ? 'flex-row-reverse' : ''}`}>
      {column.header}<Icon className={`size-3.5 ${Icon === ChevronsUpDown ? 'opacity-60 group-hover:opacity-100' : ''}`} aria-hidden="true" />
      <span className="sr-only">{texts.ui.sortBy}</span>
    </Link>
  );
}

/** Numbers begin with the largest, words with A; the second press turns the order round. */
export function nextOrder(order: string, { key, align }: { key: string; align?: 'right' | undefined }): string {
  if (order === key) return `-${key}`;
  if (order === `-${key}`) return key;
  return align === 'right' ? `-${key}` : key;
}

/** The same page in another order, from its first row on. */
export function sortAddress(search: string, order: string): string {
  const parameters = new URLSearchParams(search);
  parameters.delete('cursor');
  parameters.set('sort', order);
  return `?${parameters}`;
}

function ariaSort(order: string, key: string): 'ascending' | 'descending' | 'none' {
  return order === key ? 'ascending' : order === `-${key}` ? 'descending' : 'none';
}
