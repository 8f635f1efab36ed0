import { useId, type ReactNode } from 'react';

/** Unfolds what would be lost and the button that does it; needs no script. */
export function Confirm({ verb, children }: { verb: string; children: ReactNode }) {
  const id = useId();
  return (
    <details className="group relative inline-block" name="confirm">
      <summary aria-describedby={id} className="inline-flex min-h-9 list-none items-center rounded-md border border-edge bg-raised px-3 font-medium hover:border-ink [&::-webkit-details-marker]:hidden">{verb}</summary>
      <div id={id} className="absolute right-0 z-10 mt-1 w-72 max-w-[80vw] space-y-3 rounded-md border border-edge bg-raised p-4 text-left whitespace-normal shadow-lg">{children}</div>
    </details>
  );
}
