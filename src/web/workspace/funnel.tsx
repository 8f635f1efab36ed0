import type { AdoptionReport, Attention } from '../../control/services.ts';
import { texts } from '../texts.ts';
import { formatCount, formatShare } from '../ui/number.ts';
import { TextLink } from '../ui/text-link.tsx';

const words = texts.workspace;

/** Counts, the share of those to whom the step could have happened, and who came so far and no further, by name. */
export function Funnel({ steps, stuck }: { steps: AdoptionReport['funnel']; stuck: Attention['stuck'] }) {
  const head = 'border-b py-1.5 text-sm font-medium text-muted';
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={words.funnel}>
      <table className="w-full border-collapse text-left">
        <caption className="sr-only">{words.funnelCaption}</caption>
        <thead><tr><th scope="col" className={head}>{words.step}</th><td className={`${head} hidden w-1/4 sm:table-cell`} aria-hidden="true" /><th scope="col" className={`${head} px-2 text-right`}>{words.consumers}</th><th scope="col" className={`${head} px-2 text-right`}>{words.share}</th><th scope="col" className={`${head} pl-4 max-sm:hidden`}>{words.stuckHere}</th></tr></thead>
        <tbody>
          {steps.map(({ step, consumers, possible }) => {
            const share = possible === 0 ? 0 : Math.min(1, consumers / possible);
            return (
              <tr key={step} className="hover:bg-sunken">
                <th scope="row" className="border-b py-2 pr-2 align-middle font-normal"><span title={words.stepMeanings[step]}>{words.steps[step]}</span></th>
                <td className="hidden border-b py-2 align-middle sm:table-cell" aria-hidden="true"><svg viewBox="0 0 100 8" preserveAspectRatio="none" className="block h-2 w-full min-w-16"><rect width="100" height="8" className="fill-line" /><rect width={share * 100} height="8" className="fill-accent" /></svg></td>
                <td className="border-b px-2 py-2 text-right align-middle tabular-nums">{formatCount(consumers)}</td>
                <td className="border-b px-2 py-2 text-right align-middle whitespace-nowrap tabular-nums">{possible === 0 ? '' : formatShare(share)}{step === 'week-two' && <span className="block text-xs text-muted">{words.ofPossible(formatCount(possible))}</span>}</td>
                <td className="border-b py-2 pl-4 align-middle text-sm"><Stuck stuck={stuck.find((group) => group.step === step)} /></td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Stuck({ stuck }: { stuck: Attention['stuck'][number] | undefined }) {
  if (!stuck || stuck.total === 0) return null;
  return (
    <>
      {stuck.consumers.map(({ id, name }, index) => <span key={id}>{index > 0 && ', '}<TextLink to={`/workspace/consumers/${id}`}>{name}</TextLink></span>)}
      {stuck.total > stuck.consumers.length && <span className="text-muted"> {words.andMore(formatCount(stuck.total - stuck.consumers.length))}</span>}
    </>
  );
}
