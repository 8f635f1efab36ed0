import { useEffect, useState } from 'react';
import { texts } from '../texts.ts';
import { CircleAlert, CircleCheck, X } from './icon.ts';

export interface ToastMessage { text: string; tone?: 'good' | 'bad' }

/** What has just been done, in a corner: it leaves after some seconds unless the reader is on it. Without script it stays. */
export function Toast({ message }: { message: ToastMessage | undefined }) {
  const [shown, setShown] = useState(message);
  const [held, setHeld] = useState(false);
  useEffect(() => { if (message) setShown(message); }, [message?.text, message?.tone]);
  useEffect(() => {
    if (!shown || held) return;
    const timer = setTimeout(() => setShown(undefined), 8000);
    return () => clearTimeout(timer);
  }, [shown, held]);
  const Icon = shown?.tone === 'bad' ? CircleAlert : CircleCheck;
  return (
    <div role="status" aria-live="polite" className="fixed right-4 bottom-4 left-4 z-50 flex justify-end sm:left-auto">
      {shown && (
        <div onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)} className="floating flex max-w-md items-start gap-2.5 rounded-md border border-line bg-raised py-2.5 pr-2 pl-3 shadow-float">
          <Icon className={`mt-0.5 size-4 shrink-0 ${shown.tone === 'bad' ? 'text-bad' : 'text-good'}`} aria-hidden="true" />
          <p>{shown.text}</p>
          <button type="button" onClick={() => setShown(undefined)} aria-label={texts.ui.close} className="inline-flex size-6 shrink-0 cursor-pointer items-center justify-center rounded-sm text-muted hover:text-ink"><X className="size-4" aria-hidden="true" /></button>
        </div>
      )}
    </div>
  );
}
