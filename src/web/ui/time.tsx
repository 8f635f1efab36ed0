import { formatDay, formatTime } from './format-time.ts';

/** A moment in UTC, with its zone; with seconds or as a day on demand. */
export function Time({ ms, seconds, day }: { ms: number; seconds?: boolean; day?: boolean }) {
  return <time dateTime={new Date(ms).toISOString()} className="whitespace-nowrap tabular-nums">{day ? formatDay(ms) : formatTime(ms, seconds)}</time>;
}
