import { Link, useLoaderData, useLocation } from 'react-router';
import type { CallDimension, CallFilter, Services } from '../../../control/services.ts';
import { load, type DeveloperActor } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Download } from '../../ui/icon.ts';
import { formatCount, formatMs, formatShare } from '../../ui/number.ts';
import { plotTones, type PlotTone } from '../../ui/plot-tone.ts';
import { TimeChart } from '../../ui/time-chart.tsx';
import { useLive } from '../../ui/use-live.ts';
import { filterOf, seriesOf, totalsOf, type BreakdownSeries, type BreakdownTotal } from './breakdown-series.ts';
import { CallFilters } from '../../calls/call-filters.tsx';
import { addressWith, chosenBy, dimensions, readDimension, readFilter } from '../../calls/call-filter.ts';
import { readFigures, readPrevious } from './call-figures.server.ts';
import { bucketsOf, readRange, type CallRange } from '../../calls/call-range.ts';
import { CallFigureRow, changeWords, ComparedFigure } from './figures.tsx';
import { readOptions } from '../../calls/filter-options.server.ts';
import { ledgerRows } from './ledger-rows.ts';
import { LiveBadge } from '../../ui/live-badge.tsx';
import { RangeBar } from '../../calls/range-bar.tsx';
import { UsageTable } from './usage-table.tsx';

const seriesMax = 6;
const rowsMax = 50;

export const loader = load(async ({ services, developer, url }) => {
  const actor = await developer();
  const { consumerId } = actor;
  const range = readRange(url.searchParams, Date.now());
  const filter = readFilter(url.searchParams);
  const by = readDimension(url.searchParams);
  const chosen = chosenBy(filter);
  const of = { ...chosen, consumerId, by };
  const whole = { from: range.from, to: range.to, bucketMs: range.to - range.from };
  const ledger = { consumerId, ...(filter.product && { productSlug: filter.product }) };
  const [options, figures, previous, series, now, before, usage, usageBefore] = await Promise.all([
    readOptions(services, actor, range),
    readFigures(services, actor, chosen, range),
    readPrevious(services, actor, chosen, range),
    readSeries(services, actor, of, range),
    services.requests.breakdown(actor, { ...of, ...whole, valuesMax: rowsMax }),
    services.requests.breakdown(actor, { ...of, ...range.comparable, bucketMs: Math.max(1_000, range.comparable.to - range.comparable.from), valuesMax: 100 }),
    services.usage.get(actor, { ...ledger, from: range.from, to: range.to }),
    services.usage.get(actor, { ...ledger, ...range.comparable }),
  ]);
  const metered = ledgerRows(usage.usage, filter);
  const live = (rows: typeof metered): bigint => rows.filter(({ meter, mode }) => meter === 'requests' && mode === 'live').reduce((sum, { quantity }) => sum + BigInt(quantity), 0n);
  return {
    range, filter, by, options, figures, previous, buckets: bucketsOf(range), series, totals: totalsOf(now, before), metered,
    billed: String(live(metered)), billedBefore: String(live(ledgerRows(usageBefore.usage, filter))), retentionDays: services.requests.retentionDays,
  };
});

/** Statuses are drawn by class: more hues than that nobody tells apart. */
async function readSeries(services: Services, actor: DeveloperActor, { by, ...of }: CallFilter & { by: CallDimension }, range: CallRange): Promise<BreakdownSeries[]> {
  const span = { from: range.from, to: range.to, bucketMs: range.bucketMs };
  if (by !== 'status') return seriesOf(await services.requests.breakdown(actor, { ...of, ...span, by, valuesMax: seriesMax }), bucketsOf(range));
  const rows = (await services.requests.callVolume(actor, { ...of, ...span })).map(({ bucket, statusClass, count }) => ({ bucket, value: statusClass, name: statusClass, rest: false, count, failed: 0, p95: null }));
  return seriesOf(rows, bucketsOf(range)).sort((a, b) => (a.value! < b.value! ? -1 : 1));
}

const words = texts.dashboard.usage;
const csvLink = 'inline-flex items-center gap-1.5 text-accent underline underline-offset-2 hover:no-underline';

export default function Usage() {
  const { range, filter, by, options, figures, previous, buckets, series, totals, metered, billed, billedBefore, retentionDays } = useLoaderData<typeof loader>();
  const { search } = useLocation();
  const live = useLive('/dashboard/events');
  const say = texts.dashboard.figures;
  const dimension = words.dimensions[by]!;
  return (
    <div className="space-y-10">
      <title>{words.title}</title>
      <div className="flex flex-wrap items-center justify-between gap-3"><h1 className="text-2xl">{words.title}</h1><LiveBadge state={live} /></div>
      <div className="space-y-4"><RangeBar range={range} /><CallFilters filter={filter} options={options} /></div>
      <CallFigureRow figures={figures}>
        <ComparedFigure label={say.billed} definition={say.billedDefinition} value={formatCount(billed)} change={changeWords({ now: Number(billed), before: Number(billedBefore) })} note={billedBefore === '0' ? say.noneBefore : say.before(formatCount(billedBefore))} />
      </CallFigureRow>
      <section className="space-y-6">
        <h2 className="sr-only">{words.table(dimension)}</h2>
        <By chosen={by} />
        {totals.length === 0 && previous.every((count) => count === 0) ? <EmptyState title={words.noCalls}>{words.noCallsText}</EmptyState> : (
          <>
            <TimeChart title={words.chart(dimension)} unit={range.bucketMs >= 86_400_000 ? words.unit.day : words.unit.hour} buckets={buckets} bucketMs={range.bucketMs} zone="UTC" previous={previous} series={series.map((one, index) => ({ name: nameOf(one, by), tone: toneOf(one, by, index), values: one.values }))} />
            <Totals totals={totals} by={by} />
            <p><a href={`/dashboard/requests.csv${search}`} className={csvLink} download><Download className="size-4" aria-hidden="true" />{words.requestsCsv}</a></p>
          </>
        )}
      </section>
      <section className="space-y-4">
        <h2 className="text-xl">{words.ledger}</h2>
        <p className="max-w-[70ch] text-muted">{words.ledgerText} {words.kept(formatCount(retentionDays))}{(filter.key || filter.status || filter.code) && ` ${words.ledgerFilters}`}</p>
        {metered.length === 0 ? <EmptyState title={words.nothingMetered} /> : <UsageTable usage={metered} />}
        {metered.length > 0 && <p><a href={`/dashboard/usage.csv${search}`} className={csvLink} download><Download className="size-4" aria-hidden="true" />{words.csv}</a></p>}
      </section>
    </div>
  );
}

function By({ chosen }: { chosen: CallDimension }) {
  const { search } = useLocation();
  return (
    <nav aria-label={words.by} className="flex flex-wrap items-baseline gap-x-1 gap-y-1">
      <span className="pr-2 text-sm text-muted">{words.by}</span>
      {dimensions.map((name) => <Link key={name} to={addressWith(search, { by: name })} preventScrollReset aria-current={chosen === name ? 'true' : undefined} className="inline-flex min-h-8 items-center rounded-md px-2.5 text-muted hover:bg-sunken hover:text-ink aria-[current=true]:bg-sunken aria-[current=true]:font-medium aria-[current=true]:text-ink">{words.dimensions[name]}</Link>)}
    </nav>
  );
}

/** Each row leads to its calls alone. */
function Totals({ totals, by }: { totals: BreakdownTotal[]; by: CallDimension }) {
  const { search } = useLocation();
  const sum = totals.reduce((total, { count }) => total + count, 0);
  return (
    <DataTable caption={words.table(words.dimensions[by]!)} rows={totals} rowKey={({ key }) => key} columns={[
      { key: 'name', header: words.headers[by]!, cell: (row) => (row.value === null ? <span className="text-muted">{nameOf(row, by)}</span> : <Link to={addressWith(search, { [filterOf[by]]: row.value })} preventScrollReset className="text-accent underline underline-offset-2 hover:no-underline">{nameOf(row, by)}</Link>) },
      { key: 'calls', header: words.calls, align: 'right', cell: ({ count }) => formatCount(count) },
      { key: 'share', header: words.share, align: 'right', from: 'sm', cell: ({ count }) => formatShare(count / sum) },
      { key: 'before', header: words.before, align: 'right', from: 'sm', cell: ({ before, rest }) => (rest ? '' : formatCount(before)) },
      { key: 'change', header: words.change, align: 'right', from: 'md', cell: ({ count, before, rest }) => (rest ? '' : (changeWords({ now: count, before }) ?? '')) },
      { key: 'errors', header: words.errors, align: 'right', cell: ({ failed, count }) => <span className="whitespace-nowrap">{`${formatCount(failed)} (${formatShare(failed / count)})`}</span> },
      { key: 'p95', header: words.p95, align: 'right', cell: ({ p95 }) => (p95 === null ? '' : formatMs(p95)) },
    ]} />
  );
}

function nameOf({ name, rest }: Pick<BreakdownSeries, 'name' | 'rest'>, by: CallDimension): string {
  if (rest) return texts.dashboard.others;
  return name ?? (by === 'code' ? texts.dashboard.none : texts.dashboard.nothing);
}

const classTones: Record<string, PlotTone> = { 2: 'good', 3: 'info', 4: 'notice', 5: 'bad' };

function toneOf({ value, rest }: BreakdownSeries, by: CallDimension, index: number): PlotTone {
  if (rest) return 'muted';
  if (by === 'status') return (value && classTones[value[0]!]) || 'muted';
  return plotTones[index % (plotTones.length - 1)]!;
}
