import type { ReactNode } from 'react';
import { texts } from '../../texts.ts';
import { formatCount, formatMs, formatShare } from '../../ui/number.ts';
import { Tooltip } from '../../ui/tooltip.tsx';
import type { CallFigures, Compared, ComparedMs } from './call-figures.server.ts';

const words = texts.dashboard.figures;

/** The number, its change against the period before, and its definition on hover and focus. */
export function FigureRow({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-2 gap-x-8 gap-y-6 sm:flex sm:flex-wrap sm:gap-x-14">{children}</dl>;
}

export function ComparedFigure({ label, definition, value, change, note }: { label: string; definition: string; value: string; change?: string; note?: string }) {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-muted"><Tooltip definition={definition}>{label}</Tooltip></dt>
      <dd className="text-2xl font-semibold tabular-nums">{value}</dd>
      {change && <dd className="text-sm tabular-nums">{change}</dd>}
      {note && <dd className="text-sm text-muted tabular-nums">{note}</dd>}
    </div>
  );
}

interface Words { calls: string; failed: string; p95: string; before: (value: string) => string; noneBefore: string }

/** Calls, errors and p95: what every page about calls begins with. */
export function CallFigureRow({ figures, today = false, children }: { figures: CallFigures; today?: boolean; children?: ReactNode }) {
  const say: Words = today
    ? { calls: words.callsToday, failed: words.failedToday, p95: words.p95Today, before: words.beforeToday, noneBefore: words.noneBeforeToday }
    : { calls: words.calls, failed: words.failed, p95: words.p95, before: words.before, noneBefore: words.noneBefore };
  const { calls, failed, p95 } = figures;
  const shareOf = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  const [share, earlier] = [shareOf(failed.now, calls.now), shareOf(failed.before, calls.before)];
  return (
    <FigureRow>
      <ComparedFigure label={say.calls} definition={words.callsDefinition} value={formatCount(calls.now)} {...countChange(calls, say)} />
      <ComparedFigure label={say.failed} definition={words.failedDefinition} value={share === null ? words.noCalls : formatShare(share)} note={`${share === null ? '' : `${words.failedCount(formatCount(failed.now))}; `}${earlier === null ? say.noneBefore : say.before(formatShare(earlier))}`} />
      <ComparedFigure label={say.p95} definition={words.p95Definition} value={p95.now === null ? words.noCalls : words.ms(formatMs(p95.now))} {...msChange(p95, say)} />
      {children}
    </FigureRow>
  );
}

export function MsFigure({ label, definition, value }: { label: string; definition: string; value: ComparedMs }) {
  return <ComparedFigure label={label} definition={definition} value={value.now === null ? words.noCalls : words.ms(formatMs(value.now))} {...msChange(value, words)} />;
}

export function changeWords({ now, before }: Compared): string | undefined {
  if (before === 0) return undefined;
  const change = now / before - 1;
  if (Math.abs(change) < 0.0005) return words.same;
  return change > 0 ? words.up(formatShare(change)) : words.down(formatShare(-change));
}

function countChange(value: Compared, say: Pick<Words, 'before' | 'noneBefore'>): { change?: string; note: string } {
  const change = changeWords(value);
  return { ...(change && { change }), note: value.before === 0 ? say.noneBefore : say.before(formatCount(value.before)) };
}

function msChange({ now, before }: ComparedMs, say: Pick<Words, 'before' | 'noneBefore'>): { change?: string; note: string } {
  if (before === null) return { note: say.noneBefore };
  const change = now === null ? undefined : changeWords({ now, before });
  return { ...(change && { change }), note: say.before(words.ms(formatMs(before))) };
}
