import { texts } from '../texts.ts';
import { Tooltip } from './tooltip.tsx';
import type { LiveState } from './use-live.ts';

/** Whether what is shown keeps up with the calls as they come. */
export function LiveBadge({ state }: { state: LiveState }) {
  return (
    <span className="flex items-center gap-2 text-sm text-muted">
      <span className={`size-2 rounded-full ${state === 'live' ? 'bg-good' : 'border border-edge'}`} aria-hidden="true" />
      <Tooltip definition={texts.dashboard.liveDefinition[state]}>{texts.dashboard.live[state]}</Tooltip>
    </span>
  );
}
