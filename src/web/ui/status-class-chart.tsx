import { StackedColumns, type Bucket, type Series } from './chart.tsx';

const classes = ['2xx', '3xx', '4xx', '5xx'] as const;
const series: Series[] = [
  { name: '2xx', className: 'fill-good', dot: 'bg-good' },
  { name: '3xx', className: 'fill-info', dot: 'bg-info' },
  { name: '4xx', className: 'fill-notice', dot: 'bg-notice' },
  { name: '5xx', className: 'fill-bad', dot: 'bg-bad' },
];

interface VolumeRow { bucket: number; statusClass: string; count: number }

/** Calls over time, stacked by status class; buckets without calls stand as empty columns. */
export function StatusClassChart({ title, rows, from, to, bucketMs }: { title: string; rows: VolumeRow[]; from: number; to: number; bucketMs: number }) {
  const counts = new Map(rows.map((row) => [`${row.bucket} ${row.statusClass}`, row.count]));
  const buckets: Bucket[] = [];
  for (let at = Math.floor(from / bucketMs) * bucketMs; at < to; at += bucketMs) buckets.push({ at, values: classes.map((name) => counts.get(`${at} ${name}`) ?? 0) });
  return <StackedColumns title={title} unit={`calls per ${bucketMs >= 86_400_000 ? 'day' : 'hour'}`} series={series} buckets={buckets} bucketMs={bucketMs} />;
}
