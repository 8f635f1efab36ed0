import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { compareDecimals } from '../../../../domain/decimal.ts';
import { texts } from '../../../texts.ts';
import { compactCount, valueTicks } from '../../../ui/chart-scale.ts';
import { ChartReadout } from '../../../ui/chart-readout.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import { formatMoney } from '../../../ui/money.ts';
import { formatCount } from '../../../ui/number.ts';
import { dotOf, plotTones, strokeOf } from '../../../ui/plot-tone.ts';
import { useHydrated } from '../../../ui/use-hydrated.ts';
import { costOn, plotPoints, pointsOf, stepsOf, type CalculatedPlan, type MonthlyUsage } from './reckon.ts';

const words = texts.calculator;
const height = 220;
const top = 8;
const bottom = 24;
const axisWidth = 52;
const plotHeight = height - top - bottom;
const tableEvery = 6;

/** The bill of a month on each plan as one meter grows and the others stay; a line ends where the plan's quota does. One plot per currency. */
export function BillPlot({ plans, usage, meter, meters, onMeter }: { plans: CalculatedPlan[]; usage: MonthlyUsage; meter: string; meters: string[]; onMeter: (meter: string) => void }) {
  const points = pointsOf(usage[meter] ?? '0', stepsOf(plans, meter));
  const currencies = [...new Set(plans.map(({ currency }) => currency))];
  const toneOf = (plan: CalculatedPlan) => plotTones[plans.indexOf(plan) % plotTones.length]!;
  return (
    <div className="space-y-6">
      {meters.length > 1 && (
        <p className="flex flex-wrap items-center gap-2 text-sm" role="group" aria-label={words.plotOf}>
          <span className="text-muted">{words.plotOf}</span>
          {meters.map((name) => <button key={name} type="button" aria-pressed={name === meter} onClick={() => onMeter(name)} className="min-h-8 rounded-md border border-edge px-2.5 aria-pressed:border-accent aria-pressed:text-accent">{name}</button>)}
        </p>
      )}
      {currencies.map((currency) => <OneCurrency key={currency} currency={currency} meter={meter} points={points} present={usage[meter] ?? '0'} lines={plans.filter((plan) => plan.currency === currency).map((plan) => ({ name: plan.name, tone: toneOf(plan), costs: points.map((quantity) => costOn(plan, { ...usage, [meter]: quantity })) }))} />)}
    </div>
  );
}

interface Line { name: string; tone: (typeof plotTones)[number]; costs: ReturnType<typeof costOn>[] }

function OneCurrency({ currency, meter, points, present, lines }: { currency: string; meter: string; points: string[]; present: string; lines: Line[] }) {
  const hydrated = useHydrated();
  const [at, setAt] = useState<number | null>(null);
  const shown = ({ costs }: Line, index: number): string => (costs[index]!.fits ? formatMoney(costs[index]!.perMonth, currency) : words.refused);
  const figures = (index: number) => lines.map((line) => ({ name: line.name, dot: dotOf[line.tone], value: shown(line, index) }));
  const title = (index: number): string => words.units(formatCount(points[index]!), meter);
  const spoken = (index: number): string => `${title(index)}: ${figures(index).map(({ name, value }) => `${name} ${value}`).join(', ')}`;
  const middle = Math.round(plotPoints / 2);
  const scale = valueTicks(Math.max(...lines.flatMap(({ costs }) => costs.filter(({ fits }) => fits).map(({ perMonth }) => Number(perMonth)))), false);
  const y = (amount: number): number => top + plotHeight * (1 - amount / scale.at(-1)!);
  const hasPresent = compareDecimals(present, '0') > 0;
  return (
    <figure className="min-w-0 space-y-3">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <span className="font-medium">{words.plot(meter)} <span className="text-sm font-normal text-muted">{words.plotUnit(currency.toUpperCase())}</span></span>
        <span className="flex flex-wrap gap-x-3 text-sm text-muted">{lines.map(({ name, tone }) => <span key={name} className="flex items-center gap-1.5"><span className={`h-0.5 w-3 rounded-xs ${dotOf[tone]}`} aria-hidden="true" />{name}</span>)}</span>
      </figcaption>
      <div className="flex">
        <svg width={axisWidth} height={height} className="shrink-0" aria-hidden="true">{scale.map((amount) => <text key={amount} x={axisWidth - 8} y={y(amount) + 4} textAnchor="end" className="fill-muted text-xs tabular-nums">{compactCount.format(amount)}</text>)}</svg>
        <div
          {...(hydrated ? { role: 'slider', tabIndex: 0, 'aria-valuemin': 0, 'aria-valuemax': plotPoints, 'aria-valuenow': at ?? middle, 'aria-valuetext': spoken(at ?? middle), onKeyDown: (event: KeyboardEvent) => move(event, at ?? middle, setAt), onFocus: () => setAt((now) => now ?? middle), onBlur: () => setAt(null), onPointerMove: (event: PointerEvent<HTMLElement>) => setAt(pointUnder(event)), onPointerLeave: () => setAt(null) } : { role: 'img' })}
          aria-label={words.plotLabel(meter)} className="relative min-w-0 flex-1 rounded-xs"
        >
          <svg width="100%" height={height} className="block overflow-visible" aria-hidden="true">
            {scale.map((amount) => <line key={amount} x1="0" x2="100%" y1={y(amount)} y2={y(amount)} className={amount === 0 ? 'stroke-edge' : 'stroke-line'} />)}
            {hasPresent && <line x1="50%" x2="50%" y1={top} y2={top + plotHeight} strokeDasharray="3 3" className="stroke-plot-muted" />}
            {at !== null && <line x1={`${(at / plotPoints) * 100}%`} x2={`${(at / plotPoints) * 100}%`} y1={top} y2={top + plotHeight} className="stroke-ink" />}
            <svg x="0" y="0" width="100%" height={height} viewBox={`0 0 100 ${height}`} preserveAspectRatio="none">
              {lines.map(({ name, tone, costs }) => <polyline key={name} points={costs.flatMap(({ fits, perMonth }, index) => (fits ? [`${((index / plotPoints) * 100).toFixed(3)},${y(Number(perMonth)).toFixed(2)}`] : [])).join(' ')} fill="none" strokeWidth="2" strokeLinejoin="round" vectorEffect="non-scaling-stroke" className={strokeOf[tone]} />)}
            </svg>
            {[0, middle, plotPoints].map((index) => <text key={index} x={`${(index / plotPoints) * 100}%`} y={height - 6} textAnchor={index === 0 ? 'start' : index === plotPoints ? 'end' : 'middle'} className="fill-muted text-xs tabular-nums">{compactCount.format(Number(points[index]))}</text>)}
          </svg>
          {at !== null && <ChartReadout share={at / plotPoints} title={title(at)} figures={figures(at)} />}
        </div>
      </div>
      <details>
        <summary className="text-sm text-muted hover:text-ink">{texts.ui.asTable}</summary>
        <DataTable caption={words.plotLabel(meter)} rows={points.map((_, index) => index).filter((index) => index % tableEvery === 0)} rowKey={String} columns={[
          { key: 'quantity', header: meter, align: 'right', cell: (index) => formatCount(points[index]!) },
          ...lines.map((line) => ({ key: line.name, header: line.name, align: 'right' as const, cell: (index: number) => shown(line, index) })),
        ]} />
      </details>
    </figure>
  );
}

function move(event: KeyboardEvent, at: number, setAt: (at: number) => void): void {
  const next: Record<string, number> = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, PageUp: at + 6, PageDown: at - 6, Home: 0, End: plotPoints };
  if (next[event.key] === undefined) return;
  event.preventDefault();
  setAt(Math.min(plotPoints, Math.max(0, next[event.key]!)));
}

function pointUnder(event: PointerEvent<HTMLElement>): number {
  const box = event.currentTarget.getBoundingClientRect();
  return Math.min(plotPoints, Math.max(0, Math.round(((event.clientX - box.left) / box.width) * plotPoints)));
}
