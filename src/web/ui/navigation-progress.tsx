import { useNavigation } from 'react-router';
import { texts } from '../texts.ts';

/** A line along the top while the next page is on its way; only for ways longer than 300 ms. */
export function NavigationProgress() {
  const busy = useNavigation().state !== 'idle';
  return (
    <div aria-live="polite">
      {busy && <div className="late fixed inset-x-0 top-0 z-50 h-0.5 overflow-hidden bg-accent-soft"><div className="progress h-full w-1/3 bg-accent" /><span className="sr-only">{texts.ui.loading}</span></div>}
    </div>
  );
}
