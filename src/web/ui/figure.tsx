import type { ReactNode } from 'react';

/** One number with what it means; the definition is also on hover. */
export function Figure({ label, value, note, definition }: { label: string; value: ReactNode; note?: ReactNode; definition?: string }) {
  return (
    <div title={definition}>
      <dt className="text-sm text-muted">{label}</dt>
      <dd className="text-xl font-semibold tabular-nums">{value}</dd>
      {note && <dd className="text-sm text-muted">{note}</dd>}
    </div>
  );
}
