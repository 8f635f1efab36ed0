import { Content, Description, Overlay, Portal, Root, Title } from 'radix-ui/dialog';
import type { ReactNode } from 'react';
import { texts } from '../texts.ts';
import { X } from './icon.ts';

export interface LiveDialogProps {
  title: string;
  description?: ReactNode;
  alert: boolean;
  onClose(): void;
  /** Gives the focus back to what opened it. */
  onClosed(): void;
  open: boolean;
  children: ReactNode;
}

/** The window itself: over the page, with the focus inside. */
export function LiveDialog({ title, description, alert, open, onClose, onClosed, children }: LiveDialogProps) {
  return (
    <Root open={open} onOpenChange={(next) => { if (!next) onClose(); }}>
      <Portal>
        <Overlay className="floating fixed inset-0 z-40 bg-[rgb(8_12_20/0.45)]" />
        <Content role={alert ? 'alertdialog' : 'dialog'} {...(description ? {} : { 'aria-describedby': undefined })} onCloseAutoFocus={(event) => { event.preventDefault(); onClosed(); }} onInteractOutside={(event) => { if (alert) event.preventDefault(); }} className="floating fixed top-1/2 left-1/2 z-50 max-h-[85dvh] w-[min(32rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 space-y-4 overflow-y-auto rounded-md border border-line bg-raised p-5 shadow-float">
          <div className="flex items-start justify-between gap-4">
            <Title className="text-lg font-semibold">{title}</Title>
            <button type="button" onClick={onClose} aria-label={texts.ui.close} className="-mt-1 -mr-1 inline-flex size-8 cursor-pointer items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink"><X className="size-4" aria-hidden="true" /></button>
          </div>
          {description && <Description asChild><div className="text-muted">{description}</div></Description>}
          {children}
        </Content>
      </Portal>
    </Root>
  );
}
