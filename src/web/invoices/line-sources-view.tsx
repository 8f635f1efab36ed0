import { groupDigits } from '../../domain/pricing/describe-line.ts';
import type { InvoiceDetail, LineSources } from '../../control/services.ts';
import { texts } from '../texts.ts';
import { BackLink } from '../ui/back-link.tsx';
import { StatusCode } from '../ui/badge.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { formatDay } from '../ui/format-time.ts';
import { TextLink } from '../ui/text-link.tsx';
import { Time } from '../ui/time.tsx';
import { Amount } from './amount.tsx';

const words = texts.invoices;

/** What stands behind a line: operations, days, and the requests themselves. `requests` is where those are opened. */
export function LineSourcesView({ invoice, sources, back, requests }: { invoice: Pick<InvoiceDetail, 'number' | 'currency'>; sources: LineSources; back: string; requests: string }) {
  const { line } = sources;
  const number = invoice.number ?? words.noNumber;
  return (
    <div className="space-y-8">
      <title>{words.lineTitle(number)}</title>
      <div className="space-y-2">
        <BackLink to={back}>{number}</BackLink>
        <h1 className="text-2xl">{line.description}</h1>
        <p className="text-muted">{words.span(formatDay(line.from), formatDay(Math.max(line.to - 1, line.from)))}: {groupDigits(line.quantity)}, <Amount amount={line.amount} currency={invoice.currency} /></p>
        <p className="max-w-[65ch] text-sm text-muted">{words.sourcesNote}</p>
      </div>
      {sources.operations.length === 0 && <EmptyState title={words.noSources}>{words.noSourcesHint}</EmptyState>}
      {sources.operations.length > 0 && (
        <div className="grid gap-8 lg:grid-cols-2">
          <section className="space-y-3"><h2 className="text-xl">{words.byOperation}</h2><DataTable caption={words.byOperation} rows={sources.operations} rowKey={({ operation }) => operation} columns={[
            { key: 'operation', header: words.operation, cell: (row) => <code className="wrap-anywhere">{row.operation === '' ? words.noOperation : row.operation}</code> }, { key: 'quantity', header: words.quantity, align: 'right', cell: (row) => groupDigits(row.quantity) },
          ]} /></section>
          <section className="space-y-3"><h2 className="text-xl">{words.byDay}</h2><DataTable caption={words.byDay} rows={sources.days} rowKey={({ day }) => String(day)} columns={[
            { key: 'day', header: words.day, cell: (row) => <Time ms={row.day} day /> }, { key: 'quantity', header: words.quantity, align: 'right', cell: (row) => groupDigits(row.quantity) },
          ]} /></section>
        </div>
      )}
      {sources.operations.length > 0 && (
        <section className="space-y-3">
          <h2 className="text-xl">{words.requests}</h2>
          <p className="text-sm text-muted">{words.requestsKept(formatDay(sources.requestsKeptSince))}</p>
          <DataTable caption={words.requests} rows={sources.requests} rowKey={({ id }) => id} empty={<p className="text-muted">{words.noRequests}</p>} columns={[
            { key: 'id', header: words.request, cell: (row) => <TextLink to={`${requests}/${row.id}`}><code className="text-sm">{row.id}</code></TextLink> }, { key: 'at', header: words.time, cell: (row) => <Time ms={row.at} seconds /> },
            { key: 'operation', header: words.operation, from: 'sm', cell: (row) => <code className="wrap-anywhere">{row.operation}</code> }, { key: 'status', header: words.status, align: 'right', cell: (row) => <StatusCode status={row.status} /> },
          ]} />
        </section>
      )}
    </div>
  );
}
