const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `22 Nov 2026` */
export function formatDay(ms: number): string {
  const date = new Date(ms);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** `22 Nov 2026, 14:03 UTC`, with seconds on demand. */
export function formatTime(ms: number, seconds = false): string {
  return `${formatDay(ms)}, ${new Date(ms).toISOString().slice(11, seconds ? 19 : 16)} UTC`;
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
