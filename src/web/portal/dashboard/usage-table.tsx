import type { UsageRow } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { formatCount } from '../../ui/number.ts';

const words = texts.dashboard.usage;

/** One row per operation, version and mode; one column per meter, `requests` first. */
export function UsageTable({ usage }: { usage: UsageRow[] }) {
  const nameOf = (row: UsageRow): string => `${row.operation} ${row.version} ${row.mode}`;
  const quantities = new Map(usage.map((row) => [`${nameOf(row)} ${row.meter}`, row.quantity]));
  const rows = [...new Map(usage.map((row) => [nameOf(row), row])).values()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const meters = [...new Set(usage.map(({ meter }) => meter))].sort((a, b) => Number(b === 'requests') - Number(a === 'requests'));
  return (
    <DataTable caption={words.ledger} rows={rows} rowKey={nameOf} columns={[
      { key: 'operation', header: words.operation, cell: (row) => <code className="text-sm">{row.operation}</code> },
      { key: 'version', header: words.version, cell: (row) => row.version },
      { key: 'mode', header: words.mode, cell: (row) => row.mode },
      ...meters.map((meter) => ({ key: `meter ${meter}`, header: meter, align: 'right' as const, cell: (row: UsageRow) => formatCount(quantities.get(`${nameOf(row)} ${meter}`) ?? '0') })),
    ]} />
  );
}
