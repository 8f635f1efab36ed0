import type { ReactNode } from 'react';
import { texts } from '../texts.ts';
import { formatCount, formatShare } from './number.ts';
import { fillOf, type PlotTone } from './plot-tone.ts';

export interface ShareRow { name: ReactNode; key: string; value: number; tone?: PlotTone }

/** How a sum is spread over names: a table whose bars compare the rows with the largest. */
export function BarShare({ caption, nameHeader, valueHeader, rows, format = formatCount }: { caption: string; nameHeader: string; valueHeader: string; rows: ShareRow[]; format?: (value: number) => string }) {
  const sum = rows.reduce((total, { value }) => total + value, 0);
  const highest = Math.max(0, ...rows.map(({ value }) => value));
  const head = 'border-b py-1.5 text-sm font-medium text-muted';
  return (
    <table className="w-full border-collapse text-left">
      <caption className="sr-only">{caption}</caption>
      <thead><tr><th scope="col" className={head}>{nameHeader}</th><td className={`${head} hidden w-2/5 sm:table-cell`} aria-hidden="true" /><th scope="col" className={`${head} pl-3 text-right`}>{valueHeader}</th><th scope="col" className={`${head} pl-3 text-right`}>{texts.ui.share}</th></tr></thead>
      <tbody>
        {rows.map(({ name, key, value, tone = 'accent' }) => (
          <tr key={key} className="hover:bg-sunken">
            <th scope="row" className="border-b py-1.5 pr-3 font-normal break-words">{name}</th>
            <td className="hidden border-b px-2 sm:table-cell" aria-hidden="true">
              <svg viewBox="0 0 100 8" preserveAspectRatio="none" className="h-2 w-full"><rect width="100" height="8" className="fill-sunken" /><rect width={highest === 0 ? 0 : (value / highest) * 100} height="8" className={fillOf[tone]} /></svg>
            </td>
            <td className="border-b py-1.5 pl-3 text-right tabular-nums">{format(value)}</td>
            <td className="border-b py-1.5 pl-3 text-right text-muted tabular-nums">{sum === 0 ? '' : formatShare(value / sum)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
