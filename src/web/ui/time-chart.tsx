import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { texts } from '../texts.ts';
import { bucketLabel, bucketName, compactCount, dayMs, valueTicks } from './chart-scale.ts';
import { ChartReadout } from './chart-readout.tsx';
import { DataTable } from './data-table.tsx';
import { dotOf, fillOf, strokeOf, type PlotTone } from './plot-tone.ts';
import { formatCount } from './number.ts';
import { useHydrated } from './use-hydrated.ts';
import { useZone } from './zone.ts';

/** Null is a bucket that has no value: the line is broken there. */
export interface ChartSeries { name: string; tone: PlotTone; values: (number | null)[] }

export interface TimeChartProps {
  title: string;
  /** What one value counts: `calls per day`, `ms`. */
  unit: string;
  /** Beginning of each bucket, in ms. */
  buckets: number[];
  bucketMs: number;
  /** `values[i]` belongs to `buckets[i]`. Columns stack them; lines stand for themselves. */
  series: ChartSeries[];
  kind?: 'columns' | 'lines';
  /** The sum of the period before, bucket by bucket; drawn as a dashed line. */
  previous?: number[] | undefined;
  /** Of the labels; days are always UTC days. Without it, the reader's. */
  zone?: string;
  format?: (value: number) => string;
}

const height = 200;
const bottom = 22;
const top = 8;
const axisWidth = 44;
const plotHeight = height - top - bottom;

/** Values over time with axes, unit and zone; exact figures on hover, by arrow keys, and as a table. Shows without script. */
export function TimeChart({ title, unit, buckets, bucketMs, series, kind = 'columns', previous, zone, format = formatCount }: TimeChartProps) {
  const reader = useZone();
  const shownZone = bucketMs >= dayMs ? 'UTC' : (zone ?? reader);
  const hydrated = useHydrated();
  const [at, setAt] = useState<number | null>(null);
  const values = series.flatMap((one) => one.values.filter((value) => value !== null));
  const shown = (value: number | null | undefined): string => (value === null ? texts.ui.noValue : format(value ?? 0));
  const sums = buckets.map((_, index) => series.reduce((sum, one) => sum + (one.values[index] ?? 0), 0));
  const scale = valueTicks(Math.max(0, ...(kind === 'columns' ? sums : values), ...(previous ?? [])), values.every(Number.isInteger));
  const ceiling = scale.at(-1)!;
  const y = (value: number): number => top + plotHeight * (1 - value / ceiling);
  const before = previous?.some((value) => value > 0) ? previous : undefined;
  const figures = (index: number) => [
    ...series.map(({ name, tone, values: own }) => ({ name, dot: dotOf[tone], value: shown(own[index]) })),
    ...(kind === 'columns' && series.length > 1 ? [{ name: texts.ui.total, value: format(sums[index]!) }] : []),
    ...(previous ? [{ name: texts.ui.periodBefore, value: format(previous[index] ?? 0) }] : []),
  ];
  const words = (index: number): string => `${bucketName(buckets[index]!, bucketMs, shownZone)}: ${figures(index).map(({ name, value }) => `${name} ${value}`).join(', ')}`;
  const move = moveBy(buckets.length, at, setAt);
  return (
    <figure className="min-w-0 space-y-3">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <span className="font-medium">{title} <span className="text-sm font-normal text-muted">{texts.ui.unitAndZone(unit, shownZone)}</span></span>
        {(series.length > 1 || before) && <Legend series={series} kind={kind} previous={before !== undefined} />}
      </figcaption>
      <div className="flex">
        <svg width={axisWidth} height={height} className="shrink-0" aria-hidden="true">
          {scale.map((value) => <text key={value} x={axisWidth - 8} y={y(value) + 4} textAnchor="end" className="fill-muted text-xs tabular-nums">{compactCount.format(value)}</text>)}
        </svg>
        <div
          {...(hydrated && buckets.length > 0
            ? { role: 'slider', tabIndex: 0, 'aria-valuemin': 1, 'aria-valuemax': buckets.length, 'aria-valuenow': (at ?? buckets.length - 1) + 1, 'aria-valuetext': words(at ?? buckets.length - 1), 'aria-orientation': 'horizontal' as const, onKeyDown: move, onFocus: () => setAt((now) => now ?? buckets.length - 1), onBlur: () => setAt(null), onPointerMove: (event: PointerEvent<HTMLElement>) => setAt(bucketUnder(event, buckets.length)), onPointerLeave: () => setAt(null) }
            : { role: 'img' })}
          aria-label={texts.ui.plotLabel(title, unit)}
          className="relative min-w-0 flex-1 rounded-xs"
        >
          <svg width="100%" height={height} className="block overflow-visible" aria-hidden="true">
            {scale.map((value) => <line key={value} x1="0" x2="100%" y1={y(value)} y2={y(value)} className={value === 0 ? 'stroke-edge' : 'stroke-line'} />)}
            {at !== null && <rect x={`${(at / buckets.length) * 100}%`} y={top} width={`${100 / buckets.length}%`} height={plotHeight} className="fill-ink opacity-[0.06]" />}
            {kind === 'columns' && buckets.map((bucket, index) => <Column key={bucket} index={index} count={buckets.length} series={series} y={y} />)}
            {!hydrated && buckets.map((bucket, index) => <rect key={bucket} x={`${(index / buckets.length) * 100}%`} y={top} width={`${100 / buckets.length}%`} height={plotHeight} fill="transparent"><title>{words(index)}</title></rect>)}
            <Lines lines={kind === 'lines' ? series : []} previous={before} count={buckets.length} y={y} />
            {values.every((value) => value === 0) && !before && <text x="50%" y={top + plotHeight / 2} textAnchor="middle" className="fill-muted text-sm">{texts.ui.nothingInPeriod}</text>}
            <TimeAxis buckets={buckets} bucketMs={bucketMs} zone={shownZone} />
          </svg>
          {at !== null && <ChartReadout share={(at + 0.5) / buckets.length} title={bucketName(buckets[at]!, bucketMs, shownZone)} figures={figures(at)} />}
        </div>
      </div>
      <details>
        <summary className="text-sm text-muted hover:text-ink">{texts.ui.asTable}</summary>
        <div className="max-h-80 overflow-y-auto pt-2">
          <DataTable caption={texts.ui.tableOf(title, unit)} rows={buckets.map((_, index) => index)} rowKey={String} columns={[
            { key: 'at', header: bucketMs >= dayMs ? texts.ui.dayUtc : texts.ui.fromTime(shownZone), cell: (index) => bucketName(buckets[index]!, bucketMs, shownZone) },
            ...series.map((one, column) => ({ key: String(column), header: one.name, align: 'right' as const, cell: (index: number) => shown(one.values[index]) })),
            ...(previous ? [{ key: 'previous', header: texts.ui.periodBefore, align: 'right' as const, cell: (index: number) => format(previous[index] ?? 0) }] : []),
          ]} />
        </div>
      </details>
    </figure>
  );
}

function Legend({ series, kind, previous }: { series: ChartSeries[]; kind: 'columns' | 'lines'; previous: boolean }) {
  return (
    <span className="flex flex-wrap gap-x-3 text-sm text-muted">
      {series.map(({ name, tone }) => <span key={name} className="flex items-center gap-1.5"><span className={`${kind === 'columns' ? 'size-2.5' : 'h-0.5 w-3'} rounded-xs ${dotOf[tone]}`} aria-hidden="true" />{name}</span>)}
      {previous && <span className="flex items-center gap-1.5"><svg width="14" height="2" aria-hidden="true"><line x1="0" x2="14" y1="1" y2="1" strokeDasharray="3 2" strokeWidth="2" className="stroke-plot-muted" /></svg>{texts.ui.periodBefore}</span>}
    </span>
  );
}

function Column({ index, count, series, y }: { index: number; count: number; series: ChartSeries[]; y: (value: number) => number }) {
  const slot = 100 / count;
  let base = 0;
  return series.map(({ name, tone, values }) => {
    const value = values[index] ?? 0;
    const from = base;
    base += value;
    return value > 0 && <rect key={name} x={`${index * slot + slot * 0.12}%`} width={`${slot * 0.76}%`} y={y(base)} height={Math.max(1, y(from) - y(base))} className={fillOf[tone]} />;
  });
}

/** A drawing of its own, a hundred units wide whatever its pixels, since points of a line cannot be shares. */
function Lines({ lines, previous, count, y }: { lines: ChartSeries[]; previous: number[] | undefined; count: number; y: (value: number) => number }) {
  const pointOf = (value: number, index: number): string => `${(((index + 0.5) / count) * 100).toFixed(3)},${y(value).toFixed(2)}`;
  return (
    <svg x="0" y="0" width="100%" height={height} viewBox={`0 0 100 ${height}`} preserveAspectRatio="none">
      {previous && <polyline points={previous.map(pointOf).join(' ')} fill="none" strokeWidth="1.5" strokeDasharray="4 3" vectorEffect="non-scaling-stroke" className="stroke-plot-muted" />}
      {lines.flatMap(({ name, tone, values }) => unbroken(values, pointOf).map((points) => (
        // A value between two gaps is a dot: a line from itself to itself.
        <polyline key={`${name} ${points[0]}`} points={points.length > 1 ? points.join(' ') : `${points[0]} ${points[0]}`} fill="none" strokeWidth={points.length > 1 ? 2 : 5} strokeLinejoin="round" strokeLinecap="round" vectorEffect="non-scaling-stroke" className={strokeOf[tone]} />
      )))}
    </svg>
  );
}

/** The points of each stretch without a gap. */
function unbroken(values: (number | null)[], pointOf: (value: number, index: number) => string): string[][] {
  const stretches: string[][] = [];
  values.forEach((value, index) => {
    if (value === null) return;
    if (index === 0 || values[index - 1] === null) stretches.push([]);
    stretches.at(-1)!.push(pointOf(value, index));
  });
  return stretches;
}

/** Six labels, three where it is narrow; the newest bucket always has one. */
function TimeAxis({ buckets, bucketMs, zone }: { buckets: number[]; bucketMs: number; zone: string }) {
  const every = Math.max(1, Math.ceil(buckets.length / 6));
  return buckets.map((bucket, index) => (buckets.length - 1 - index) % every === 0 && (
    <text key={bucket} x={`${index === buckets.length - 1 && buckets.length > 8 ? 100 : ((index + 0.5) / buckets.length) * 100}%`} y={height - 5} textAnchor={index === buckets.length - 1 && buckets.length > 8 ? 'end' : 'middle'} className={`fill-muted text-xs tabular-nums ${((buckets.length - 1 - index) / every) % 2 === 1 ? 'max-sm:hidden' : ''}`}>{bucketLabel(bucket, bucketMs, zone)}</text>
  ));
}

function moveBy(count: number, at: number | null, setAt: (at: number | null) => void) {
  return (event: KeyboardEvent): void => {
    const now = at ?? count - 1;
    const next: Record<string, number | null> = { ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1, PageUp: now - 7, PageDown: now + 7, Home: 0, End: count - 1, Escape: null };
    const wanted = next[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    setAt(wanted === null ? null : Math.min(count - 1, Math.max(0, wanted)));
  };
}

function bucketUnder(event: PointerEvent<HTMLElement>, count: number): number {
  const box = event.currentTarget.getBoundingClientRect();
  return Math.min(count - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * count)));
}
