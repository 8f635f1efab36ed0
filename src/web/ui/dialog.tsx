import { Content, Description, Overlay, Portal, Root, Title, Trigger } from 'radix-ui/dialog';
import { useEffect, useState, type ReactNode } from 'react';
import { useLocation } from 'react-router';
import { texts } from '../texts.ts';
import { buttonClass, type ButtonKind } from './button.tsx';
import { X } from './icon.ts';
import { useHydrated } from './use-hydrated.ts';

export interface DialogProps {
  trigger: ReactNode;
  kind?: ButtonKind;
  title: string;
  description?: ReactNode;
  /** It stays open when its form comes back, as it does with a mistake. */
  keepOpen?: boolean;
  /** Interrupts: closed by its own buttons and Escape, not by a click beside it. */
  alert?: boolean;
  children: ReactNode;
}

/** A window over the page that holds the focus; it closes when its form is answered. Without script it unfolds in place. */
export function Dialog({ trigger, kind = 'plain', title, description, keepOpen = false, alert = false, children }: DialogProps) {
  const hydrated = useHydrated();
  const { key } = useLocation();
  const [open, setOpen] = useState(keepOpen);
  useEffect(() => setOpen(keepOpen), [key, keepOpen]);
  if (!hydrated) {
    return (
      <details className="group relative inline-block" name="dialog" open={keepOpen}>
        <summary className={`${buttonClass(kind)} list-none [&::-webkit-details-marker]:hidden`}>{trigger}</summary>
        <div className="absolute right-0 z-20 mt-1 w-96 max-w-[85vw] space-y-3 rounded-md border border-edge bg-raised p-4 text-left whitespace-normal shadow-float">
          <p className="text-lg font-semibold">{title}</p>
          {description && <div className="text-muted">{description}</div>}
          {children}
        </div>
      </details>
    );
  }
  return (
    <Root open={open} onOpenChange={setOpen}>
      <Trigger className={buttonClass(kind)}>{trigger}</Trigger>
      <Portal>
        <Overlay className="floating fixed inset-0 z-40 bg-[rgb(8_12_20/0.45)]" />
        <Content role={alert ? 'alertdialog' : 'dialog'} {...(description ? {} : { 'aria-describedby': undefined })} onInteractOutside={(event) => { if (alert) event.preventDefault(); }} className="floating fixed top-1/2 left-1/2 z-50 max-h-[85dvh] w-[min(32rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 space-y-4 overflow-y-auto rounded-md border border-line bg-raised p-5 shadow-float">
          <div className="flex items-start justify-between gap-4">
            <Title className="text-lg font-semibold">{title}</Title>
            <button type="button" onClick={() => setOpen(false)} aria-label={texts.ui.close} className="-mt-1 -mr-1 inline-flex size-8 cursor-pointer items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink"><X className="size-4" aria-hidden="true" /></button>
          </div>
          {description && <Description asChild><div className="text-muted">{description}</div></Description>}
          {children}
        </Content>
      </Portal>
    </Root>
  );
}
