import type { AdoptionReport } from '../../control/services.ts';
import { formatCount, formatShare } from '../ui/number.ts';

const words: Record<AdoptionReport['funnel'][number]['step'], string> = { 'signed-up': 'Signed up', 'key-made': 'Made a key', 'first-call': 'Called', 'first-success': 'Succeeded', 'weekly-active': 'Active this week' };

/** Counts, the share of all that signed up, and how many were lost on the way from the step before. */
export function Funnel({ steps }: { steps: AdoptionReport['funnel'] }) {
  const all = steps[0]?.consumers ?? 0;
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Funnel">
      <table className="w-full border-collapse text-left">
        <caption className="sr-only">Consumers by step</caption>
        <thead><tr className="text-sm text-muted"><th scope="col" className="border-b py-1.5 font-medium">Step</th><td className="w-2/5 border-b" /><th scope="col" className="border-b px-2 text-right font-medium">Consumers</th><th scope="col" className="border-b px-2 text-right font-medium">Share</th><th scope="col" className="border-b pl-2 text-right font-medium">Lost here</th></tr></thead>
        <tbody>
          {steps.map(({ step, consumers }, index) => {
            const before = index === 0 ? consumers : steps[index - 1]!.consumers;
            const share = all === 0 ? 0 : Math.min(1, consumers / all);
            return (
              <tr key={step}>
                <th scope="row" className="border-b py-2 pr-2 font-normal whitespace-nowrap">{words[step]}</th>
                <td className="border-b py-2"><svg viewBox="0 0 100 8" preserveAspectRatio="none" className="h-4 w-full min-w-16" aria-hidden="true"><rect width={share * 100} height="8" className="fill-accent" /></svg></td>
                <td className="border-b px-2 text-right tabular-nums">{formatCount(consumers)}</td>
                <td className="border-b px-2 text-right whitespace-nowrap tabular-nums">{all === 0 ? '' : formatShare(consumers / all)}</td>
                <td className="border-b pl-2 text-right tabular-nums">{index === 0 ? '' : formatCount(Math.max(0, before - consumers))}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
