import { Content, Portal, Provider, Root, Trigger } from 'radix-ui/tooltip';
import type { ReactNode } from 'react';
import { termClass } from './tooltip.tsx';

export interface LiveTooltipProps { definition: string; children: ReactNode; focus: boolean }

/** The term with its floating definition; it takes over the focus of the one that it replaces. It stands inside the page’s main part, since what floats outside of every landmark is not found. */
export function LiveTooltip({ definition, children, focus }: LiveTooltipProps) {
  return (
    <Provider delayDuration={150}>
      <Root defaultOpen>
        <Trigger type="button" autoFocus={focus} className={termClass} onClick={(event) => event.preventDefault()}>{children}</Trigger>
        <Portal container={document.querySelector('main')}><Content sideOffset={6} collisionPadding={12} className="floating z-50 max-w-72 rounded-md border border-line bg-raised px-3 py-2 text-sm text-ink shadow-float">{definition}</Content></Portal>
      </Root>
    </Provider>
  );
}
