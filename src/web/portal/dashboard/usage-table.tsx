import type { UsageRow } from '../../../control/services.ts';
import { formatCount } from '../../ui/number.ts';
import { Table } from '../../ui/table.tsx';

/** One row per operation, version and mode; one column per meter, `requests` first. */
export function UsageTable({ usage }: { usage: UsageRow[] }) {
  const nameOf = (row: UsageRow): string => `${row.operation} ${row.version} ${row.mode}`;
  const quantities = new Map(usage.map((row) => [`${nameOf(row)} ${row.meter}`, row.quantity]));
  const rows = [...new Map(usage.map((row) => [nameOf(row), row])).values()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const meters = [...new Set(usage.map(({ meter }) => meter))].sort((a, b) => Number(b === 'requests') - Number(a === 'requests'));
  return (
    <Table caption="Usage by operation, version and mode" rows={rows} keyOf={nameOf} columns={[
      { header: 'Operation', cell: (row) => <code className="text-sm">{row.operation}</code> },
      { header: 'Version', cell: (row) => row.version },
      { header: 'Mode', cell: (row) => row.mode },
      ...meters.map((meter) => ({ header: meter, numeric: true, cell: (row: UsageRow) => formatCount(quantities.get(`${nameOf(row)} ${meter}`) ?? '0') })),
    ]} />
  );
}
