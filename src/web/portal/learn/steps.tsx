import { Link } from 'react-router';
import { texts } from '../../texts.ts';
import { Check, X } from '../../ui/icon.ts';
import type { StepView } from './set-view.server.ts';

const words = texts.learn;
const tones = { open: 'border-edge text-muted', right: 'border-transparent bg-good-soft text-good', wrong: 'border-transparent bg-notice-soft text-notice' } as const;

/** The questions and tasks of a set, each with how it stands. */
export function Steps({ set, steps, current }: { set: string; steps: StepView[]; current: string | null }) {
  return (
    <nav aria-label={words.steps}>
      <ol className="flex flex-wrap gap-1.5">
        {steps.map(({ id, number, state }) => (
          <li key={id}>
            <Link to={`/learn/${set}?q=${id}`} preventScrollReset aria-current={id === current ? 'step' : undefined} aria-label={words.step(number, state)}
              className={`flex h-8 min-w-11 items-center justify-center gap-1 rounded-md border text-sm font-medium tabular-nums hover:underline aria-[current=step]:outline-2 aria-[current=step]:outline-offset-1 aria-[current=step]:outline-accent ${tones[state]}`}>
              {number}{state === 'right' ? <Check className="size-3.5" aria-hidden="true" /> : state === 'wrong' ? <X className="size-3.5" aria-hidden="true" /> : null}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}
