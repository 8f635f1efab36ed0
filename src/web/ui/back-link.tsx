import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { ArrowLeft } from './icon.ts';

/** To the list that the page belongs to; stands above its heading. */
export function BackLink({ to, children }: { to: string; children: ReactNode }) {
  return <p><Link to={to} className="inline-flex items-center gap-1 rounded-xs text-sm text-muted hover:text-ink"><ArrowLeft className="size-3.5" aria-hidden="true" />{children}</Link></p>;
}
