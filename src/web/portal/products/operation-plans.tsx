import { Link } from 'react-router';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import type { PlanOfOperation } from './operation-cost.ts';

const words = texts.reference;

/** What one call costs on each plan, and what limits it. */
export function OperationPlans({ plans, product }: { plans: PlanOfOperation[]; product: string }) {
  if (plans.length === 0) return null;
  return (
    <section className="space-y-2">
      <h2 id="plans" className="scroll-mt-20 text-xl"><a href="#plans" className="hover:underline">{words.plans}</a></h2>
      <div className="relative overflow-x-auto" tabIndex={0} role="region" aria-label={words.plans}>
        <table className="w-full border-collapse text-left">
          <thead><tr>{[words.plan, words.limits, words.cost].map((header) => <th key={header} scope="col" className="border-b px-2 py-1.5 text-sm font-medium text-muted first:pl-0">{header}</th>)}</tr></thead>
          <tbody>
            {plans.map(({ slug, name, own, opens, limits, cost }) => (
              <tr key={slug} className={own ? 'bg-accent-soft' : ''}>
                <th scope="row" className="border-b px-2 py-1.5 align-top font-medium first:pl-0"><Link to={`/${product}?plan=${slug}#plans`} className="underline decoration-edge underline-offset-2 hover:decoration-ink">{name}</Link>{own && <> <Badge tone="accent">{words.yourPlan}</Badge></>}</th>
                {opens ? <><td className="border-b px-2 py-1.5 align-top tabular-nums">{limits.length === 0 ? words.noLimit : limits.map((limit) => <span key={limit} className="block whitespace-nowrap">{limit}</span>)}</td><td className="min-w-40 border-b px-2 py-1.5 align-top tabular-nums">{cost}</td></> : <td colSpan={2} className="border-b px-2 py-1.5 align-top text-muted">{words.notOnPlan}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="text-sm text-muted">{words.countsWhenAnswered}</p>
    </section>
  );
}
