import { Form, Link, useLocation } from 'react-router';
import { texts } from '../texts.ts';
import { Submit } from '../ui/button.tsx';
import { FormField } from '../ui/form-field.tsx';
import { formatDay, formatTime } from '../ui/format-time.ts';
import { addressWith } from './call-filter.ts';
import { presets, type CallRange } from './call-range.ts';

const words = texts.dashboard.range;

/** Chooses the stretch of time: presets that end now, or two dates. */
export function RangeBar({ range }: { range: CallRange }) {
  const { search } = useLocation();
  const kept = [...new URLSearchParams(search)].filter(([name]) => !['range', 'from', 'to', 'cursor'].includes(name));
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-baseline gap-x-5 gap-y-1">
        <nav aria-label={words.label} className="flex flex-wrap gap-x-1">
          {[...presets, 'custom' as const].map((name) => (
            <Link key={name} to={addressWith(search, name === 'custom' ? { range: name, ...range.dates } : { range: name, from: '', to: '' })} preventScrollReset aria-current={range.preset === name ? 'true' : undefined} className="inline-flex min-h-8 items-center rounded-md px-2.5 text-muted hover:bg-sunken hover:text-ink aria-[current=true]:bg-sunken aria-[current=true]:font-medium aria-[current=true]:text-ink">{words[name]}</Link>
          ))}
        </nav>
        <p className="text-sm text-muted tabular-nums">{rangeWords(range)}</p>
      </div>
      {range.preset === 'custom' && (
        <Form method="get" className="flex flex-wrap items-end gap-3" key={search}>
          {kept.map(([name, value], index) => <input key={index} type="hidden" name={name} value={value} />)}
          <input type="hidden" name="range" value="custom" />
          <FormField label={words.from} name="from" type="date" required defaultValue={range.dates.from} />
          <FormField label={words.to} name="to" type="date" required defaultValue={range.dates.to} />
          <Submit kind="plain" doing={texts.ui.loading}>{words.set}</Submit>
        </Form>
      )}
    </div>
  );
}

function rangeWords({ preset, from, to }: CallRange): string {
  if (preset === '24h') return texts.dashboard.rangeWords(formatTime(from).replace(' UTC', ''), formatTime(to).replace(' UTC', ''));
  return texts.dashboard.rangeWords(formatDay(from), formatDay(to - 1));
}
