import { CopyButton } from './copy-button.tsx';

/** Code as it is to be pasted: no prompt sign. */
export function CodeBlock({ code, label, copy = true }: { code: string; label: string; copy?: boolean }) {
  return (
    <figure className="overflow-hidden rounded-md border bg-sunken">
      <figcaption className="flex min-h-9 items-center justify-between gap-2 border-b py-1 pr-1 pl-3 text-xs text-muted">
        {label}
        {copy && <CopyButton text={code} />}
      </figcaption>
      <pre className="overflow-x-auto p-3 text-sm leading-relaxed" tabIndex={0} aria-label={label}><code>{code}</code></pre>
    </figure>
  );
}
