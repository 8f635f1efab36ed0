import type { DocumentComparison, OperationSummary } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { Badge, Method, type Tone } from '../../ui/badge.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatCount } from '../../ui/number.ts';

const words = texts.workspaceProducts;
const rowsShown = 200;

interface Row { operation: OperationSummary; kind: string; tone: Tone; changes: string[] }

/** What a new document changes, by operation: what goes first, since it breaks callers. */
export function ReplacementSummary({ name, comparison: { added, removed, changed, unchanged } }: { name: string; comparison: DocumentComparison }) {
  const rows: Row[] = [
    ...removed.map((operation) => ({ operation, kind: words.removedOperation, tone: 'bad' as const, changes: [] })),
    ...changed.map(({ operation, changes }) => ({ operation, kind: words.changed, tone: 'notice' as const, changes })),
    ...added.map((operation) => ({ operation, kind: words.added, tone: 'good' as const, changes: [] })),
  ];
  return (
    <Notice tone="notice" title={rows.length === 0 ? words.replaceSame(name) : words.replaceTitle(name)} role="alert">
      <p>{words.replaceCounts(formatCount(added.length), formatCount(removed.length), formatCount(changed.length), formatCount(unchanged))}</p>
      {rows.length > 0 && (
        <DataTable caption={words.change} rows={rows.slice(0, rowsShown)} rowKey={({ operation, kind }) => `${kind} ${operation.method} ${operation.path}`} columns={[
          { key: 'kind', header: words.change, cell: ({ kind, tone, changes }) => <><Badge tone={tone}>{kind}</Badge>{changes.map((change) => <span key={change} className="block text-sm text-muted">{change}</span>)}</> },
          { key: 'method', header: words.method, cell: ({ operation }) => <Method name={operation.method} /> },
          { key: 'path', header: words.path, cell: ({ operation }) => <code className="text-sm break-all">{operation.path}</code> },
        ]} />
      )}
      {rows.length > rowsShown && <p className="text-muted">{words.more(formatCount(rows.length - rowsShown))}</p>}
    </Notice>
  );
}
