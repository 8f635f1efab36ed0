import type { ReactNode } from 'react';
import { Dialog } from './dialog.tsx';

/** Asks before something is lost: the dialog names it, and holds the form that does it. */
export function Confirm({ verb, title, children }: { verb: string; title?: string; children: ReactNode }) {
  return <Dialog trigger={verb} title={title ?? verb} alert>{children}</Dialog>;
}
