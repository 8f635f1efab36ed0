import { texts } from '../../texts.ts';
import { formatCount } from '../../ui/number.ts';
import { TextLink } from '../../ui/text-link.tsx';
import { useHydrated } from '../../ui/use-hydrated.ts';
import { useRefresh } from '../../ui/use-refresh.ts';

const refreshMs = 500;

/** Reads itself again until the page says that the run is over. */
export function RunProgress({ done, total }: { done: number; total: number }) {
  useRefresh(refreshMs);
  const hydrated = useHydrated();
  const text = texts.simulator.progress(formatCount(done), formatCount(total));
  return (
    <div className="max-w-xl space-y-2">
      <p role="status">{text}</p>
      <svg viewBox="0 0 100 4" preserveAspectRatio="none" className="h-2 w-full rounded-full" aria-hidden="true"><rect width="100" height="4" className="fill-line" /><rect width={total === 0 ? 0 : (done / total) * 100} height="4" className="fill-accent" /></svg>
      {!hydrated && <TextLink to="">{texts.simulator.lookAgain}</TextLink>}
    </div>
  );
}
