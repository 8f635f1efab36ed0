import { dayMs } from './chart-scale.ts';
import type { PlotTone } from './plot-tone.ts';
import { TimeChart } from './time-chart.tsx';
import { texts } from '../texts.ts';

const tones: Record<string, PlotTone> = { '2xx': 'good', '3xx': 'info', '4xx': 'notice', '5xx': 'bad' };

interface VolumeRow { bucket: number; statusClass: string; count: number }

/** Calls over time, stacked by status class; buckets without calls stand as empty columns. */
export function StatusClassChart({ title, rows, from, to, bucketMs, previous }: { title: string; rows: VolumeRow[]; from: number; to: number; bucketMs: number; previous?: number[] }) {
  const counts = new Map(rows.map((row) => [`${row.bucket} ${row.statusClass}`, row.count]));
  const buckets: number[] = [];
  for (let at = Math.floor(from / bucketMs) * bucketMs; at < to; at += bucketMs) buckets.push(at);
  const series = Object.entries(tones).map(([name, tone]) => ({ name, tone, values: buckets.map((at) => counts.get(`${at} ${name}`) ?? 0) }));
  return <TimeChart title={title} unit={bucketMs >= dayMs ? texts.ui.callsPerDay : texts.ui.callsPerHour} buckets={buckets} bucketMs={bucketMs} series={series} previous={previous} />;
}
