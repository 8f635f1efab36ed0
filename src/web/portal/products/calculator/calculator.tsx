import { useEffect, useId, useRef, useState } from 'react';
import { texts } from '../../../texts.ts';
import { Badge } from '../../../ui/badge.tsx';
import { BillTable } from '../../../ui/bill-table.tsx';
import { Button } from '../../../ui/button.tsx';
import { formatMoney } from '../../../ui/money.ts';
import { formatCount } from '../../../ui/number.ts';
import { dotOf, plotTones } from '../../../ui/plot-tone.ts';
import { useHydrated } from '../../../ui/use-hydrated.ts';
import { BillPlot } from './bill-plot.tsx';
import { cheapestOf, costOn, readQuantity, stepAt, stepsOf, usagePrefix, type CalculatedPlan, type MonthlyUsage, type PlanCost } from './reckon.ts';

const words = texts.calculator;

export interface CalculatorStart { usage: MonthlyUsage; /** What was written where it is no quantity, by meter. */ mistakes: Readonly<Record<string, string>>; /** Where the numbers come from. */ from: 'address' | 'own' | 'example' }

/** A slider for each meter, and what a month of that would cost on each plan. Without script it is a form that asks for the same page. */
export function Calculator({ plans, start }: { plans: CalculatedPlan[]; start: CalculatorStart }) {
  const hydrated = useHydrated();
  const [usage, setUsage] = useState(start.usage);
  const [mistakes, setMistakes] = useState(start.mistakes);
  const meters = Object.keys(start.usage);
  const [plotted, setPlotted] = useState(meters[0]!);
  useAddress(usage, start.usage);
  const costs = plans.map((plan) => costOn(plan, usage));
  const cheapest = cheapestOf(costs);
  const set = (meter: string, written: string): void => {
    const quantity = readQuantity(written);
    setMistakes(({ [meter]: _former, ...rest }) => (quantity === null ? { ...rest, [meter]: written } : rest));
    if (quantity === null) return;
    setUsage((before) => ({ ...before, [meter]: quantity }));
    setPlotted(meter);
  };
  return (
    <div className="space-y-8">
      <form method="get" action="#calculator" className="grid gap-x-10 gap-y-5 md:grid-cols-2" onSubmit={(event) => { if (hydrated) event.preventDefault(); }}>
        {meters.map((meter) => <MeterSlider key={meter} meter={meter} plans={plans} quantity={usage[meter]!} mistake={mistakes[meter]} onChange={(written) => set(meter, written)} />)}
        {!hydrated && <div className="md:col-span-2"><Button type="submit" kind="plain">{words.reckon}</Button></div>}
      </form>
      <p className="text-muted">{words.from[start.from]} {words.month}</p>
      <ul className="grid gap-x-6 gap-y-6 sm:grid-cols-[repeat(auto-fit,minmax(15rem,1fr))]">
        {costs.map((cost, index) => <Cost key={cost.plan.slug} cost={cost} cheapest={cost === cheapest && costs.length > 1} dot={dotOf[plotTones[index % plotTones.length]!]} />)}
      </ul>
      <Verdict cheapest={cheapest} several={costs.length > 1} />
      <BillPlot plans={plans} usage={usage} meter={plotted} meters={meters} onMeter={setPlotted} />
    </div>
  );
}

function MeterSlider({ meter, plans, quantity, mistake, onChange }: { meter: string; plans: CalculatedPlan[]; quantity: string; mistake: string | undefined; onChange: (written: string) => void }) {
  const id = useId();
  const hydrated = useHydrated();
  const steps = stepsOf(plans, meter);
  const place = stepAt(steps, quantity);
  return (
    <div className="space-y-1.5">
      <div className="flex items-center justify-between gap-3">
        <label htmlFor={`${id}-number`} className="font-medium">{words.perMonth(meter)}</label>
        <input
          // Once it is live, the field shows the slider's number, or what was written and is none.
          {...(hydrated ? { value: mistake ?? formatCount(quantity), onChange: (event) => onChange(event.currentTarget.value) } : { defaultValue: mistake ?? quantity })}
          id={`${id}-number`} name={`${usagePrefix}${meter}`} inputMode="decimal" autoComplete="off" maxLength={60} aria-invalid={mistake !== undefined || undefined} aria-describedby={mistake === undefined ? undefined : `${id}-mistake`}
          className="min-h-9 w-36 rounded-md border border-edge bg-raised px-2.5 text-right tabular-nums aria-invalid:border-bad"
        />
      </div>
      {hydrated && <input type="range" aria-label={words.slider(meter)} aria-valuetext={formatCount(quantity)} min={0} max={steps.length - 1} value={place} onChange={(event) => onChange(steps[Number(event.currentTarget.value)]!)} className="h-6 w-full cursor-pointer accent-accent" />}
      {mistake !== undefined && <p id={`${id}-mistake`} className="text-sm text-bad">{words.mistake(mistake)}</p>}
    </div>
  );
}

function Cost({ cost: { plan, bill, perMonth, stopsAt, fits }, cheapest, dot }: { cost: PlanCost; cheapest: boolean; dot: string }) {
  return (
    <li className="space-y-2 border-t border-line pt-3">
      <p className="flex flex-wrap items-center gap-2"><span className={`h-0.5 w-4 rounded-xs ${dot}`} aria-hidden="true" /><span className="font-semibold">{plan.name}</span>{cheapest && <Badge tone="good">{words.least}</Badge>}{!fits && <Badge tone="notice">{words.tooSmall}</Badge>}</p>
      <p><span className="text-2xl font-semibold tabular-nums">{formatMoney(perMonth, plan.currency)}</span> <span className="text-muted">{words.aMonth}</span></p>
      {plan.interval === 'year' && <p className="text-muted">{words.aYear(formatMoney(bill.total, plan.currency))}</p>}
      {stopsAt !== null && <p className="text-muted">{fits ? words.room(formatCount(stopsAt)) : words.refuses(formatCount(stopsAt))}</p>}
      {bill.lines.length > 0 && <details><summary className="text-sm text-muted hover:text-ink">{words.lines}</summary><BillTable bill={{ ...bill, subtotal: bill.total }} caption={words.linesOf(plan.name)} /></details>}
    </li>
  );
}

const verdictDelayMs = 600;

/** Says the outcome to who cannot see it, once the slider rests. */
function Verdict({ cheapest, several }: { cheapest: PlanCost | null; several: boolean }) {
  const text = cheapest === null || !several ? '' : words.verdict(cheapest.plan.name, formatMoney(cheapest.perMonth, cheapest.plan.currency));
  const [said, setSaid] = useState('');
  const first = useRef(true);
  useEffect(() => {
    if (first.current) { first.current = false; return; }
    const timer = setTimeout(() => setSaid(text), verdictDelayMs);
    return () => clearTimeout(timer);
  }, [text]);
  return <output className="sr-only">{said}</output>;
}

/** The address names the numbers, so that it can be shared; the page is not asked for again. */
function useAddress(usage: MonthlyUsage, start: MonthlyUsage): void {
  useEffect(() => {
    if (usage === start) return;
    const timer = setTimeout(() => {
      const url = new URL(window.location.href);
      for (const [meter, quantity] of Object.entries(usage)) url.searchParams.set(`${usagePrefix}${meter}`, quantity);
      url.hash = 'calculator';
      window.history.replaceState(window.history.state, '', url);
    }, verdictDelayMs);
    return () => clearTimeout(timer);
  }, [usage, start]);
}
