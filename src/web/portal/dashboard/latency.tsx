import { Link, useLoaderData, useLocation } from 'react-router';
import type { LatencyBucket, Quantiles } from '../../../control/services.ts';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCount, formatMs } from '../../ui/number.ts';
import { TimeChart } from '../../ui/time-chart.tsx';
import { useLive } from '../../ui/use-live.ts';
import { CallFilters } from '../../calls/call-filters.tsx';
import { addressWith, chosenBy, readFilter } from '../../calls/call-filter.ts';
import { readFigures } from './call-figures.server.ts';
import { bucketsOf, readRange } from '../../calls/call-range.ts';
import { FigureRow, MsFigure } from './figures.tsx';
import { readOptions } from '../../calls/filter-options.server.ts';
import { LiveBadge } from '../../ui/live-badge.tsx';
import { RangeBar } from '../../calls/range-bar.tsx';

export const loader = load(async ({ services, developer, url }) => {
  const actor = await developer();
  const { consumerId } = actor;
  const range = readRange(url.searchParams, Date.now(), '24h');
  const filter = readFilter(url.searchParams);
  const of = { ...chosenBy(filter), consumerId, from: range.from, to: range.to };
  const whole = range.to - range.from;
  const [options, figures, rows, [total], operations] = await Promise.all([
    readOptions(services, actor, range),
    readFigures(services, actor, chosenBy(filter), range),
    services.requests.latencyByBucket(actor, { ...of, bucketMs: range.bucketMs }),
    services.requests.latencyByBucket(actor, { ...of, bucketMs: whole }),
    services.requests.breakdown(actor, { ...of, by: 'operation', bucketMs: whole, valuesMax: 50 }),
  ]);
  return { range, filter, options, figures, rows, total: total ?? null, operations: operations.filter(({ p95 }) => p95 !== null), buckets: bucketsOf(range) };
});

const words = texts.dashboard.latency;
const say = texts.dashboard.figures;

export default function Latency() {
  const { range, filter, options, figures, rows, total, operations, buckets } = useLoaderData<typeof loader>();
  const live = useLive('/dashboard/events?of=request-log');
  const chart = { unit: words.unit, buckets, bucketMs: range.bucketMs, zone: 'UTC', kind: 'lines' as const, format: formatMs };
  const of = (part: 'whole' | 'upstream' | 'gateway', quantile: keyof Quantiles) => valuesOf(rows, buckets, (row) => row[part][quantile]);
  return (
    <div className="space-y-10">
      <title>{words.title}</title>
      <div className="space-y-2">
        <div className="flex flex-wrap items-center justify-between gap-3"><h1 className="text-2xl">{words.title}</h1><LiveBadge state={live} /></div>
        <p className="max-w-[70ch] text-muted">{words.text}</p>
      </div>
      <div className="space-y-4"><RangeBar range={range} /><CallFilters filter={filter} options={options} /></div>
      {total === null ? <EmptyState title={words.noCalls}>{words.noCallsText}</EmptyState> : (
        <>
          <FigureRow>
            <MsFigure label={say.p50} definition={say.p50Definition} value={figures.p50} />
            <MsFigure label={say.p95} definition={say.p95Definition} value={figures.p95} />
            <MsFigure label={say.p99} definition={say.p99Definition} value={figures.p99} />
          </FigureRow>
          <TimeChart {...chart} title={words.chart} series={[{ name: say.p50, tone: 'accent', values: of('whole', 'p50') }, { name: say.p95, tone: 'info', values: of('whole', 'p95') }, { name: say.p99, tone: 'violet', values: of('whole', 'p99') }]} />
          <section className="space-y-2">
            <TimeChart {...chart} title={words.parts} series={[{ name: words.upstream, tone: 'info', values: of('upstream', 'p50') }, { name: words.gateway, tone: 'accent', values: of('gateway', 'p50') }]} />
            <p className="text-sm text-muted">{words.partsNow(formatMs(total.upstream.p50 ?? 0), formatMs(total.gateway.p50 ?? 0))}</p>
          </section>
          <section className="space-y-3">
            <h2 className="text-xl">{words.byOperation}</h2>
            <Operations rows={operations} />
          </section>
        </>
      )}
    </div>
  );
}

function Operations({ rows }: { rows: { value: string | null; name: string | null; rest: boolean; count: number; p95: number | null }[] }) {
  const { search } = useLocation();
  return (
    <DataTable caption={words.byOperation} rows={rows.toSorted((a, b) => (b.p95 ?? 0) - (a.p95 ?? 0))} rowKey={({ value, rest }) => `${rest} ${value}`} columns={[
      { key: 'operation', header: words.operation, cell: ({ value, rest }) => (value === null ? <span className="text-muted">{rest ? texts.dashboard.others : texts.dashboard.nothing}</span> : <Link to={addressWith(search, { operation: value })} preventScrollReset className="text-accent underline underline-offset-2 hover:no-underline">{value}</Link>) },
      { key: 'calls', header: words.calls, align: 'right', cell: ({ count }) => formatCount(count) },
      { key: 'p95', header: words.p95, align: 'right', cell: ({ p95 }) => (p95 === null ? '' : formatMs(p95)) },
    ]} />
  );
}

/** A bucket without answered calls has no value: the line is broken there. */
function valuesOf(rows: LatencyBucket[], buckets: number[], value: (row: LatencyBucket) => number | null): (number | null)[] {
  const byBucket = new Map(rows.map((row) => [row.bucket, value(row)]));
  return buckets.map((bucket) => byBucket.get(bucket) ?? null);
}
