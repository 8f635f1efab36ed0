import { formatCount } from './number.ts';
import { Table } from './table.tsx';
import { formatDay, formatTime } from './format-time.ts';

export interface Series { name: string; className: string; dot: string }
export interface Bucket { at: number; values: number[] }

const height = 200;
const bottom = 24;
const top = 8;
const axisWidth = 48;

/** Stacked columns over time with axis, unit, the exact figures on hover, and the same numbers as a table. */
export function StackedColumns({ title, unit, series, buckets, bucketMs }: { title: string; unit: string; series: Series[]; buckets: Bucket[]; bucketMs: number }) {
  const label = (at: number): string => (bucketMs >= 86_400_000 ? formatDay(at) : formatTime(at));
  const highest = Math.max(1, ...buckets.map(({ values }) => values.reduce((sum, value) => sum + value, 0)));
  const { step, ceiling } = axis(highest);
  const y = (value: number): number => top + (height - top - bottom) * (1 - value / ceiling);
  const slot = 100 / Math.max(1, buckets.length);
  const ticks = Array.from({ length: Math.round(ceiling / step) + 1 }, (_, index) => index * step);
  const every = Math.max(1, Math.ceil(buckets.length / 6));
  return (
    <figure className="min-w-0 space-y-2">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="font-medium">{title} <span className="text-sm font-normal text-muted">({unit})</span></span>
        <span className="flex flex-wrap gap-x-3 text-sm">{series.map(({ name, dot }) => <span key={name} className="flex items-center gap-1.5"><span className={`size-2.5 rounded-xs ${dot}`} aria-hidden="true" />{name}</span>)}</span>
      </figcaption>
      <div className="overflow-x-auto pr-3" tabIndex={0} role="region" aria-label={`${title}, plot`}>
        {/* Widths are shares of the plot and heights are pixels, so that text keeps its size whatever the width. */}
        <div className="flex min-w-[32rem]" role="img" aria-label={`${title}; the numbers follow as a table`}>
          <svg width={axisWidth} height={height} className="shrink-0" aria-hidden="true">
            {ticks.map((value) => <text key={value} x={axisWidth - 8} y={y(value) + 4} textAnchor="end" className="fill-muted text-xs tabular-nums">{formatCount(value)}</text>)}
          </svg>
          <svg height={height} className="min-w-0 flex-1 overflow-visible" aria-hidden="true">
            {ticks.map((value) => <line key={value} x1="0" x2="100%" y1={y(value)} y2={y(value)} className="stroke-line" />)}
            {buckets.map((bucket, index) => (
              <g key={bucket.at}>
                <title>{`${label(bucket.at)}: ${series.map(({ name }, at) => `${name} ${formatCount(bucket.values[at] ?? 0)}`).join(', ')}`}</title>
                <rect x={`${index * slot}%`} y={top} width={`${slot}%`} height={height - top - bottom} fill="transparent" />
                <Column bucket={bucket} series={series} x={index * slot + slot * 0.12} columnWidth={slot * 0.76} y={y} />
                {index % every === 0 && <text x={`${(index + 0.5) * slot}%`} y={height - 6} textAnchor="middle" className="fill-muted text-xs">{shortLabel(bucket.at, bucketMs)}</text>}
              </g>
            ))}
          </svg>
        </div>
      </div>
      <details>
        <summary className="text-sm text-muted">Numbers as a table (UTC)</summary>
        <Table caption={title} rows={buckets} keyOf={({ at }) => String(at)} columns={[
          { header: 'From', cell: ({ at }) => label(at) },
          ...series.map(({ name }, index) => ({ header: name, numeric: true, cell: ({ values }: Bucket) => formatCount(values[index] ?? 0) })),
        ]} />
      </details>
    </figure>
  );
}

function Column({ bucket, series, x, columnWidth, y }: { bucket: Bucket; series: Series[]; x: number; columnWidth: number; y: (value: number) => number }) {
  let base = 0;
  return series.map(({ name, className }, index) => {
    const value = bucket.values[index] ?? 0;
    const from = base;
    base += value;
    return value > 0 && <rect key={name} x={`${x}%`} width={`${columnWidth}%`} y={y(base)} height={y(from) - y(base)} className={className} />;
  });
}

/** Round steps of 1, 2 or 5 times a power of ten; about four of them. */
function axis(highest: number): { step: number; ceiling: number } {
  const power = 10 ** Math.floor(Math.log10(highest / 4 || 1));
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => highest / candidate <= 4) ?? power * 10);
  return { step, ceiling: Math.ceil(highest / step) * step };
}

function shortLabel(at: number, bucketMs: number): string {
  const iso = new Date(at).toISOString();
  return bucketMs >= 86_400_000 ? formatDay(at).split(' ').slice(0, 2).join(' ') : iso.slice(11, 16);
}
