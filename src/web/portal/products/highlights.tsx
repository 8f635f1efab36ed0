import { Check } from '../../ui/icon.ts';

/** What one can build, a line each. */
export function Highlights({ lines, title, id = 'build' }: { lines: string[]; title: string; id?: string }) {
  if (lines.length === 0) return null;
  return (
    <section aria-labelledby={id} className="space-y-3 border-t pt-5">
      <h2 id={id} className="text-base font-medium">{title}</h2>
      <ul className="space-y-2">
        {lines.map((line) => <li key={line} className="flex gap-2.5"><Check className="mt-[3px] size-4 shrink-0 text-accent" aria-hidden="true" />{line}</li>)}
      </ul>
    </section>
  );
}
