const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const formats = new Map<string, Intl.DateTimeFormat>();
const zonesMax = 500;

export interface ZonedParts { day: number; month: number; year: number; hour: string; minute: string; second: string; zoneName: string }

/** A moment as the clock of an IANA zone shows it. */
export function zonedParts(ms: number, zone: string): ZonedParts {
  const parts = Object.fromEntries(formatOf(zone).formatToParts(ms).map(({ type, value }) => [type, value]));
  return { day: Number(parts['day']), month: Number(parts['month']), year: Number(parts['year']), hour: parts['hour']!, minute: parts['minute']!, second: parts['second']!, zoneName: parts['timeZoneName']! };
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  if (formats.size >= zonesMax) formats.clear();
  const made = new Intl.DateTimeFormat('en-GB', { timeZone: zone, year: 'numeric', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZoneName: 'short' });
  formats.set(zone, made);
  return made;
}

/** `22 Nov 2026`; a UTC day unless a zone is given. */
export function formatDay(ms: number, zone = 'UTC'): string {
  const { day, month, year } = zonedParts(ms, zone);
  return `${day} ${months[month - 1]} ${year}`;
}

/** `22 Nov 2026, 14:03 UTC`, with seconds on demand; in an IANA zone, whose name it ends with. */
export function formatTime(ms: number, { seconds = false, zone = 'UTC' }: { seconds?: boolean; zone?: string } = {}): string {
  const { hour, minute, second, zoneName } = zonedParts(ms, zone);
  return `${formatDay(ms, zone)}, ${hour}:${minute}${seconds ? `:${second}` : ''} ${zoneName}`;
}

/** `38 ms`, `4.2 s`, `2 min 11 s`, `3 h 5 min`, `2 d 4 h` */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const units: [number, string][] = [[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'min'], [1000, 's']];
  const first = units.findIndex(([size]) => ms >= size);
  const [size, unit] = units[first]!;
  const next = units[first + 1];
  const rest = next ? Math.floor((ms % size) / next[0]) : 0;
  return `${Math.floor(ms / size)} ${unit}${next && rest > 0 ? ` ${rest} ${next[1]}` : ''}`;
}
