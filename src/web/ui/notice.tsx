import type { ReactNode } from 'react';
import { CircleAlert, CircleCheck, Info, TriangleAlert } from './icon.ts';

const tones = {
  good: { frame: 'bg-good-soft', ink: 'text-good', Icon: CircleCheck },
  notice: { frame: 'bg-notice-soft', ink: 'text-notice', Icon: TriangleAlert },
  bad: { frame: 'bg-bad-soft', ink: 'text-bad', Icon: CircleAlert },
  info: { frame: 'bg-info-soft', ink: 'text-info', Icon: Info },
} as const;

/** Something to know before going on: what, and beneath it why and what to do. */
export function Notice({ tone = 'info', title, children, role }: { tone?: keyof typeof tones; title: string; children?: ReactNode; role?: 'alert' | 'status' }) {
  const { frame, ink, Icon } = tones[tone];
  return (
    <div role={role} className={`grid grid-cols-[1.25rem_minmax(0,1fr)] gap-x-2.5 rounded-md px-4 py-3 ${frame}`}>
      <Icon className={`mt-[3px] size-4 ${ink}`} aria-hidden="true" />
      <div className="min-w-0">
        <p className="font-semibold">{title}</p>
        {children && <div className="mt-1 max-w-[70ch] space-y-1">{children}</div>}
      </div>
    </div>
  );
}
