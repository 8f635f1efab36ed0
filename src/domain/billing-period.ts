import { windowAt } from './window.ts';

/**
 * The billing period that begins at `fromMs`: a month or a year, to the day of the anchor in UTC. The day never drifts: from an anchor on the 31st
 * periods begin on 31 Jan, 28 Feb, 31 Mar.
 * @param anchorMs UTC midnight @param fromMs an end of a period of this anchor, or the anchor
 */
export function nextPeriod(anchorMs: number, interval: 'month' | 'year', fromMs: number): { from: number; to: number } {
  let to = fromMs;
  for (let months = interval === 'year' ? 12 : 1; months > 0; months--) to = windowAt('period', to, anchorMs).to;
  return { from: fromMs, to };
}
