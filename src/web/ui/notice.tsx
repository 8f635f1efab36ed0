import type { ReactNode } from 'react';

const tones = { good: 'border-good', notice: 'border-notice', bad: 'border-bad', info: 'border-accent' } as const;

export function Notice({ tone = 'info', title, children, role }: { tone?: keyof typeof tones; title: string; children?: ReactNode; role?: 'alert' | 'status' }) {
  return (
    <div role={role} className={`rounded-md border border-l-4 bg-raised px-4 py-3 ${tones[tone]}`}>
      <p className="font-semibold">{title}</p>
      {children && <div className="mt-1 max-w-[70ch] space-y-1">{children}</div>}
    </div>
  );
}
