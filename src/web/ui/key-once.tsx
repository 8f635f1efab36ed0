import { texts } from '../texts.ts';
import { CopyButton } from './copy-button.tsx';
import { Notice } from './notice.tsx';

/** A fresh key: the only time that it is shown. */
export function KeyOnce({ value, title, note }: { value: string; title: string; note?: string }) {
  return (
    <Notice tone="good" title={title} role="status">
      <p className="flex flex-wrap items-center gap-2"><code className="rounded-md border bg-sunken px-2 py-1 text-sm break-all">{value}</code><CopyButton text={value} label={texts.ui.copyKey} /></p>
      <p>{texts.ui.keyShownOnce}</p>
      {note && <p>{note}</p>}
    </Notice>
  );
}
