import { useRef, useState, type ComponentType, type ReactNode } from 'react';
import type { LiveTooltipProps } from './tooltip-live.tsx';
import { useHydrated } from './use-hydrated.ts';

export const termClass = 'cursor-help rounded-xs text-left underline decoration-edge decoration-dotted underline-offset-4';

/** A term whose definition shows on hover and on focus; what floats it is loaded when a reader comes near. */
export function Tooltip({ definition, children }: { definition: string; children: ReactNode }) {
  const hydrated = useHydrated();
  const near = useRef(false);
  const term = useRef<HTMLButtonElement>(null);
  const [live, setLive] = useState<{ Live: ComponentType<LiveTooltipProps>; focus: boolean }>();
  const enliven = async (): Promise<void> => {
    near.current = true;
    const { LiveTooltip: Live } = await import('./tooltip-live.tsx');
    if (near.current) setLive({ Live, focus: term.current === document.activeElement });
  };
  const leave = (): void => { near.current = false; };
  if (live) return <live.Live definition={definition} focus={live.focus}>{children}</live.Live>;
  if (!hydrated) return <abbr title={definition} className={termClass}>{children}</abbr>;
  return <button ref={term} type="button" className={termClass} onPointerEnter={() => void enliven()} onPointerLeave={leave} onFocus={() => void enliven()} onBlur={leave}>{children}</button>;
}
