import type { ReactNode } from 'react';

export interface Column<Row> {
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Numbers stand right. */
  numeric?: boolean;
}

/** Rows with hairlines between them; scrolls sideways by itself on narrow screens. */
export function Table<Row>({ caption, columns, rows, keyOf, visibleCaption = false }: { caption: string; columns: Column<Row>[]; rows: Row[]; keyOf: (row: Row) => string; visibleCaption?: boolean }) {
  return (
    <div className="relative overflow-x-auto" tabIndex={0} role="region" aria-label={caption}>
      <table className="w-full border-collapse text-left">
        <caption className={visibleCaption ? 'pb-2 text-left text-sm text-muted' : 'sr-only'}>{caption}</caption>
        <thead>
          <tr>{columns.map((column, index) => <th key={index} scope="col" className={`border-b px-2 py-1.5 text-sm font-medium whitespace-nowrap text-muted first:pl-0 last:pr-0 ${column.numeric ? 'text-right' : ''}`}>{column.header}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="hover:bg-sunken">
              {columns.map((column, index) => <td key={index} className={`border-b px-2 py-1.5 align-top first:pl-0 last:pr-0 ${column.numeric ? 'text-right tabular-nums' : ''}`}>{column.cell(row)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
