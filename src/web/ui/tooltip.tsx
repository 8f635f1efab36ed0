import { Content, Portal, Provider, Root, Trigger } from 'radix-ui/tooltip';
import type { ReactNode } from 'react';
import { useHydrated } from './use-hydrated.ts';

/** A term whose definition shows on hover and on focus. It stands inside the page’s main part, since what floats outside of every landmark is not found. */
export function Tooltip({ definition, children }: { definition: string; children: ReactNode }) {
  const hydrated = useHydrated();
  const term = 'cursor-help rounded-xs text-left underline decoration-edge decoration-dotted underline-offset-4';
  if (!hydrated) return <abbr title={definition} className={term}>{children}</abbr>;
  return (
    <Provider delayDuration={150}>
      <Root>
        <Trigger type="button" className={term} onClick={(event) => event.preventDefault()}>{children}</Trigger>
        <Portal container={document.querySelector('main')}><Content sideOffset={6} collisionPadding={12} className="floating z-50 max-w-72 rounded-md border border-line bg-raised px-3 py-2 text-sm text-ink shadow-float">{definition}</Content></Portal>
      </Root>
    </Provider>
  );
}
