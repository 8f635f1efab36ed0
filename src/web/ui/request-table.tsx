import type { RequestRow } from '../../control/services.ts';
import { Badge, Method, StatusCode } from './badge.tsx';
import { Table, type Column } from './table.tsx';
import { TextLink } from './text-link.tsx';
import { Time } from './time.tsx';

export type ShownRequest = Pick<RequestRow, 'id' | 'at' | 'productSlug' | 'version' | 'operation' | 'method' | 'status' | 'code' | 'mode' | 'durationMs' | 'keyMasked' | 'consumerName'>;

export function shownRequest(row: RequestRow): ShownRequest {
  const { id, at, productSlug, version, operation, method, status, code, mode, durationMs, keyMasked, consumerName } = row;
  return { id, at, productSlug, version, operation, method, status, code, mode, durationMs, keyMasked, consumerName };
}

/** Calls, newest first; each opens its own page below `base`. */
export function RequestTable({ rows, base, consumer = false }: { rows: ShownRequest[]; base: string; consumer?: boolean }) {
  const columns: Column<ShownRequest>[] = [
    { header: 'Time', cell: (row) => <TextLink to={`${base}/${row.id}`}><Time ms={row.at} seconds /></TextLink> },
    ...(consumer ? [{ header: 'Consumer', cell: (row: ShownRequest) => row.consumerName ?? '' }] : []),
    { header: 'Status', cell: (row) => <span className="whitespace-nowrap"><StatusCode status={row.status} />{row.code && <code className="ml-1.5 text-xs text-muted">{row.code}</code>}</span> },
    { header: 'Operation', cell: (row) => <span className="whitespace-nowrap"><Method name={row.method} /> {row.operation ?? <span className="text-muted">unknown</span>} <span className="text-muted">{row.productSlug}{row.version ? ` ${row.version}` : ''}</span></span> },
    { header: 'Mode', cell: (row) => row.mode === 'test' ? <Badge>test</Badge> : <span className="text-muted">live</span> },
    { header: 'Key', cell: (row) => <code className="text-xs whitespace-nowrap">{row.keyMasked ?? ''}</code> },
    { header: 'Duration (ms)', numeric: true, cell: (row) => row.durationMs.toFixed(1) },
  ];
  return <Table caption="Requests, newest first" rows={rows} keyOf={({ id }) => id} columns={columns} />;
}
