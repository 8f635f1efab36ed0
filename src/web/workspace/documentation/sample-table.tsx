import type { SampleAnswer, SampleRow } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { Badge, Method, type Tone } from '../../ui/badge.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { formatDuration } from '../../ui/format-time.ts';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';

const words = texts.documentationRuns;
const tones: Record<SampleRow['state'], Tone> = { worked: 'good', failed: 'bad', 'not-run': 'quiet' };

export function SampleTable({ samples }: { samples: SampleRow[] }) {
  return (
    <DataTable caption={words.listCaption} rows={samples} rowKey={(row) => `${row.product.slug} ${row.version} ${row.operation.slug}`} columns={[
      { key: 'operation', header: words.operation, cell: (row) => <Operation row={row} /> },
      { key: 'state', header: words.columns.state, cell: (row) => <Badge tone={tones[row.state]}>{words.states[row.state]}</Badge> },
      { key: 'why', header: words.why, cell: (row) => <CameBack row={row} /> },
      { key: 'duration', header: words.duration, align: 'right', from: 'md', cell: ({ run }) => run?.durationMs == null ? '' : formatDuration(run.durationMs) },
      { key: 'when', header: words.when, from: 'sm', cell: ({ run }) => run === null ? words.never : <Time ms={run.at} /> },
      { key: 'last', header: words.lastWorkedAt, from: 'lg', cell: ({ run }) => run === null || run.worked ? '' : run.workedAt === null ? words.never : <Time ms={run.workedAt} /> },
    ]} />
  );
}

function Operation({ row: { product, version, operation } }: { row: SampleRow }) {
  return (
    <span className="block min-w-40">
      <TextLink to={`/${product.slug}/${version}/${operation.slug}`}>{operation.summary || operation.operation}</TextLink>
      <span className="flex items-baseline gap-1.5 text-sm text-muted"><Method name={operation.method} /><code className="break-all">{operation.path}</code></span>
      <span className="block text-sm text-muted">{product.name} {version}</span>
    </span>
  );
}

function CameBack({ row: { run } }: { row: SampleRow }) {
  if (run === null) return '';
  return (
    <div className="max-w-[60ch] min-w-48">
      <p>{run.reason ?? (run.status === null ? '' : words.answered(run.status))}</p>
      {run.answer && (
        <details className="text-sm">
          <summary className="cursor-pointer text-muted hover:text-ink">{words.showAnswer}</summary>
          <Answer answer={run.answer} />
        </details>
      )}
    </div>
  );
}

function Answer({ answer }: { answer: SampleAnswer }) {
  return (
    <>
      <p className="pt-1 font-mono text-muted">{answer.status} {answer.contentType}</p>
      {answer.body === '' ? <p className="text-muted">{words.emptyAnswer}</p> : <pre tabIndex={0} className="mt-1 max-h-64 max-w-[80vw] overflow-auto rounded-md bg-sunken p-2 font-mono text-xs">{answer.body}</pre>}
      {!answer.whole && answer.body !== '' && <p className="text-muted">{words.cut}</p>}
    </>
  );
}
