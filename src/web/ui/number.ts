const whole = new Intl.NumberFormat('en-US');
const percent = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 1 });

/** `1,204`. Takes decimal text too, exactly. */
export function formatCount(value: number | string): string {
  return whole.format(value as number);
}

/** `0.4 %`, from a share between 0 and 1. */
export function formatShare(share: number): string {
  return percent.format(share).replace('%', '\u00a0%');
}

/** As many digits as one can tell apart: `0.4`, `8.3`, `41`. */
export function formatMs(ms: number): string {
  return ms < 10 ? ms.toFixed(1) : formatCount(Math.round(ms));
}

/** `12.4 MB` */
export function formatBytes(bytes: number): string {
  const unit = bytes < 1e3 ? 0 : bytes < 1e6 ? 1 : bytes < 1e9 ? 2 : 3;
  return `${unit === 0 ? bytes : (bytes / 1000 ** unit).toFixed(1)} ${['B', 'kB', 'MB', 'GB'][unit]}`;
}
