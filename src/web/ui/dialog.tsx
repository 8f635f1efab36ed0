import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useLocation } from 'react-router';
import { buttonClass, type ButtonKind } from './button.tsx';
import { useHydrated } from './use-hydrated.ts';
import { useLater } from './use-later.ts';

const loadDialog = async () => (await import('./dialog-live.tsx')).LiveDialog;

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

/** A window over the page that holds the focus; it closes when its form is answered, and is loaded when a reader comes near. Without script it unfolds in place. */
export function Dialog({ trigger, kind = 'plain', title, description, keepOpen = false, alert = false, children }: DialogProps) {
  const hydrated = useHydrated();
  const { key } = useLocation();
  const opener = useRef<HTMLButtonElement>(null);
  const [Live, enliven] = useLater(loadDialog);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    setOpen(keepOpen);
    if (keepOpen) enliven();
  }, [key, keepOpen, enliven]);
  // What it asked for may take it off the page, and its button too: who goes by keyboard stays in the main part.
  const wasOpen = useRef(open);
  useEffect(() => { wasOpen.current = open; }, [open]);
  useEffect(() => () => { if (wasOpen.current) setTimeout(keepFocus); }, []);
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
  const show = (): void => {
    setOpen(true);
    enliven();
  };
  return (
    <>
      <button ref={opener} type="button" aria-haspopup="dialog" aria-expanded={open} className={buttonClass(kind)} onPointerEnter={enliven} onFocus={enliven} onClick={show}>{trigger}</button>
      {Live && <Live {...{ title, alert, open }} {...(description !== undefined && { description })} onClose={() => setOpen(false)} onClosed={() => { opener.current?.focus(); setTimeout(keepFocus); }}>{children}</Live>}
    </>
  );
}

function keepFocus(): void {
  const main = document.getElementById('content');
  if (!main || (document.activeElement !== null && document.activeElement !== document.body)) return;
  main.tabIndex = -1;
  main.focus({ preventScroll: true });
}
