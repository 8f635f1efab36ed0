import type { ReactNode } from 'react';

/** Nothing here yet: says so, and what to do next. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-1 border-t py-4">
      <p className="font-medium">{title}</p>
      {children && <div className="max-w-[60ch] text-muted">{children}</div>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}
