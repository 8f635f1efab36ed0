import { tickStep, ticks } from 'd3-array';
import { formatDay, formatTime, zonedParts } from './format-time.ts';

export const dayMs = 86_400_000;

/** Round values from 0 to just above `highest`, about four of them. */
export function valueTicks(highest: number, whole: boolean): number[] {
  const top = highest > 0 ? highest : 1;
  const step = whole ? Math.max(1, tickStep(0, top, 4)) : tickStep(0, top, 4);
  return ticks(0, Math.ceil(top / step) * step, Math.max(1, Math.ceil(top / step)));
}

/** The short words below a bucket: a day, or the time of day. */
export function bucketLabel(at: number, bucketMs: number, zone: string): string {
  if (bucketMs >= dayMs) return formatDay(at).split(' ').slice(0, 2).join(' ');
  const { hour, minute } = zonedParts(at, zone);
  return `${hour}:${minute}`;
}

/** The whole name of a bucket: a UTC day, or its beginning. */
export function bucketName(at: number, bucketMs: number, zone: string): string {
  return bucketMs >= dayMs ? formatDay(at) : formatTime(at, { zone });
}

/** 1,200,000 as 1.2M where an axis has little room. */
export const compactCount = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
