import type { ReactNode } from 'react';

/** One form in the middle of the page. */
export function AuthCard({ title, lead, children, below }: { title: string; lead?: ReactNode; children: ReactNode; below?: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-sm flex-col gap-6 py-6">
      <title>{title}</title>
      <div className="space-y-2">
        <h1 className="text-2xl">{title}</h1>
        {lead && <p className="text-muted">{lead}</p>}
      </div>
      {children}
      {below && <div className="space-y-1 border-t pt-4 text-muted">{below}</div>}
    </div>
  );
}
