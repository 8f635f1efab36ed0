import { formatDay, formatTime } from './format-time.ts';
import { useZone } from './zone.ts';

/** A moment in the reader's zone, which it names; with seconds on demand. A `day` is a UTC day. */
export function Time({ ms, seconds = false, day = false }: { ms: number; seconds?: boolean; day?: boolean }) {
  const zone = useZone();
  return (
    <time dateTime={new Date(ms).toISOString()} title={zone === 'UTC' || day ? undefined : formatTime(ms, { seconds: true })} className="whitespace-nowrap tabular-nums">
      {day ? formatDay(ms) : formatTime(ms, { seconds, zone })}
    </time>
  );
}
