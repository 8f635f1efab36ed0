import { useEffect, useState } from 'react';
import { texts } from '../texts.ts';
import { Check, Copy } from './icon.ts';

/** Copies `text`. Shown only where scripts run: without them the text is selectable beside it. */
export function CopyButton({ text, label = texts.ui.copy }: { text: string; label?: string }) {
  const [ready, setReady] = useState(false);
  const [copied, setCopied] = useState(false);
  useEffect(() => setReady('clipboard' in navigator), []);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  if (!ready) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <button type="button" onClick={() => void copy()} className="inline-flex min-h-7 cursor-pointer items-center gap-1 rounded-sm border border-line bg-raised px-2 text-sm text-ink hover:border-edge">
      {copied ? <Check className="size-3.5" aria-hidden="true" /> : <Copy className="size-3.5" aria-hidden="true" />}
      <span aria-live="polite">{copied ? texts.ui.copied : label}</span>
    </button>
  );
}
