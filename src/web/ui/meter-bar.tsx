/** How much of a limit is used: the element itself says the numbers to a screen reader. */
export function MeterBar({ used, total, label }: { used: number; total: number; label: string }) {
  const share = Math.min(1, used / Math.max(1, total));
  const tone = share >= 1 ? 'fill-bad' : share >= 0.8 ? 'fill-notice' : 'fill-accent';
  return (
    <svg viewBox="0 0 100 4" preserveAspectRatio="none" className="h-2 w-full rounded-full" role="img" aria-label={label}>
      <rect width="100" height="4" className="fill-line" />
      <rect width={share * 100} height="4" className={tone} />
    </svg>
  );
}
