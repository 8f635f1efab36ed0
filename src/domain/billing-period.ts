import { windowAt } from './window.ts';
export function nextPeriod(anchorMs: number, interval: 'month' | 'year', fromMs: number): { from: number; to: number } {
  let to = fromMs;
  for (let i = 0; i < (interval === 'year' ? 12 : 1); i++) to = windowAt('period', to, anchorMs).to;
  return { from: fromMs, to };
}
