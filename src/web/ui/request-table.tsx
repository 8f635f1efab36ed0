import type { RequestRow } from '../../control/services.ts';
import { texts } from '../texts.ts';
import { Badge, Method, StatusCode } from './badge.tsx';
import { DataTable, type DataColumn } from './data-table.tsx';
import { TextLink } from './text-link.tsx';
import { Time } from './time.tsx';

const words = texts.ui.call;

export type ShownRequest = Pick<RequestRow, 'id' | 'at' | 'productSlug' | 'version' | 'operation' | 'method' | 'status' | 'code' | 'mode' | 'durationMs' | 'keyMasked' | 'consumerName'>;

export function shownRequest(row: RequestRow): ShownRequest {
  const { id, at, productSlug, version, operation, method, status, code, mode, durationMs, keyMasked, consumerName } = row;
  return { id, at, productSlug, version, operation, method, status, code, mode, durationMs, keyMasked, consumerName };
}

/** Calls, newest first; each opens its own page below `base`. */
export function RequestTable({ rows, base, consumer = false }: { rows: ShownRequest[]; base: string; consumer?: boolean }) {
  const columns: DataColumn<ShownRequest>[] = [
    { key: 'time', header: words.time, cell: (row) => <TextLink to={`${base}/${row.id}`}><Time ms={row.at} seconds /></TextLink> },
    ...(consumer ? [{ key: 'consumer', header: words.consumer, cell: (row: ShownRequest) => row.consumerName ?? '' }] : []),
    { key: 'status', header: words.status, cell: (row) => <span className="whitespace-nowrap"><StatusCode status={row.status} />{row.code && <code className="ml-1.5 text-xs text-muted">{row.code}</code>}</span> },
    { key: 'operation', header: words.operation, cell: (row) => <span className="whitespace-nowrap"><Method name={row.method} /> {row.operation ?? <span className="text-muted">{words.unknown}</span>} <span className="text-muted">{row.productSlug}{row.version ? ` ${row.version}` : ''}</span></span> },
    { key: 'mode', header: words.mode, cell: (row) => row.mode === 'test' ? <Badge>{words.test}</Badge> : <span className="text-muted">{words.live}</span> },
    { key: 'key', header: words.key, cell: (row) => <code className="text-xs whitespace-nowrap">{row.keyMasked ?? ''}</code> },
    { key: 'durationMs', header: words.durationMs, align: 'right', cell: (row) => row.durationMs.toFixed(1) },
  ];
  return <DataTable caption={words.tableCaption} rows={rows} rowKey={({ id }) => id} columns={columns} />;
}
