import type { Clock } from '../clock.ts';

/** ms with fractions, to the microsecond. */
export function elapsedMs(clock: Clock, sinceNs: bigint): number {
  return Math.round(Number(clock.monotonicNs() - sinceNs) / 1e3) / 1e3;
}
