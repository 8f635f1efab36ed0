import { Form, useLocation } from 'react-router';
import type { DocumentationVersion } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { DataTable, type DataColumn } from '../../ui/data-table.tsx';
import { formatCount } from '../../ui/number.ts';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';

const words = texts.documentationRuns;

export function VersionTable({ versions, mayRun }: { versions: DocumentationVersion[]; mayRun: boolean }) {
  const columns: DataColumn<DocumentationVersion>[] = [
    { key: 'product', header: words.columns.product, cell: (row) => <>{row.product.name} <TextLink to={`/${row.product.slug}/${row.version}`}>{row.version}</TextLink></> },
    { key: 'worked', header: words.columns.worked, align: 'right', cell: (row) => <Count row={row} state="worked" count={row.worked} /> },
    { key: 'failed', header: words.columns.failed, align: 'right', cell: (row) => <Count row={row} state="failed" count={row.failed} bad /> },
    { key: 'not-run', header: words.columns.notRun, align: 'right', from: 'sm', cell: (row) => <Count row={row} state="not-run" count={row.notRun} /> },
    { key: 'last', header: words.columns.last, from: 'md', cell: (row) => row.lastAt === null ? words.never : <Time ms={row.lastAt} /> },
    { key: 'state', header: words.columns.state, cell: (row) => <State row={row} /> },
    ...(mayRun ? [{ key: 'run', header: <span className="sr-only">{words.columns.run}</span>, cell: (row: DocumentationVersion) => <RunAgain row={row} /> }] : []),
  ];
  return <DataTable caption={words.versionsCaption} columns={columns} rows={versions} rowKey={(row) => `${row.product.slug} ${row.version}`} />;
}

function Count({ row, state, count, bad = false }: { row: DocumentationVersion; state: string; count: number; bad?: boolean }) {
  if (count === 0) return formatCount(0);
  return <TextLink to={`?${new URLSearchParams({ product: row.product.slug, version: row.version, state })}`} className={bad ? '!text-bad' : ''}>{formatCount(count)}</TextLink>;
}

function State({ row: { running, due } }: { row: DocumentationVersion }) {
  if (running === null) return due === 0 ? <span className="text-muted">{words.upToDate}</span> : <span className="text-muted">{words.waits(formatCount(due))}</span>;
  if (running.waiting) return <Badge tone="notice">{words.waitsForGateway}</Badge>;
  return (
    <span className="flex items-center gap-2">
      <progress max={Math.max(1, running.of)} value={running.done} aria-label={words.progress(formatCount(running.done), formatCount(running.of))} className="h-1.5 w-24 accent-accent" />
      <span className="text-sm whitespace-nowrap text-muted tabular-nums">{words.runningNow(formatCount(running.done), formatCount(running.of))}</span>
    </span>
  );
}

function RunAgain({ row: { product, version, running } }: { row: DocumentationVersion }) {
  const { pathname, search } = useLocation();
  return (
    <Form method="post" action={pathname + search} preventScrollReset aria-label={words.runAgainOf(product.name, version)}>
      <input type="hidden" name="product" value={product.slug} />
      {running === null ? <Submit kind="plain" name="version" value={version} doing={words.starting}>{words.runAgain}</Submit> : null}
    </Form>
  );
}
