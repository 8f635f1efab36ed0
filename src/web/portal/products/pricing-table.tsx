import type { ReactNode } from 'react';
import type { PlanSummary } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { atLimitText, feeText, limitText, priceLines } from './pricing.ts';

const words = texts.product;

/** Plans side by side, one row per property: none is hidden. `choice` is what the reader may do with a plan. */
export function PricingTable({ plans, choice }: { plans: PlanSummary[]; choice?: ((plan: PlanSummary) => ReactNode) | undefined }) {
  const rows: [string, (plan: PlanSummary) => ReactNode][] = [
    [words.fee, (plan) => <><span className="text-lg font-semibold tabular-nums">{feeText(plan)}</span>{plan.trialDays > 0 && <span className="block text-muted">{words.trial(plan.trialDays)}</span>}</>],
    [words.prices, (plan) => plan.prices.length === 0 ? words.noCharge : plan.prices.map((price) => (
      <div key={price.meter} className="mb-2 last:mb-0"><span className="font-medium">{price.meter}</span>{priceLines(price, plan.currency).map((line) => <span key={line} className="block text-muted">{line}</span>)}</div>
    ))],
    [words.limits, (plan) => plan.limits.length === 0 ? words.noLimits : plan.limits.map((limit) => <span key={limit.name} className="block tabular-nums">{limitText(limit)} <span className="text-muted">({limit.name})</span></span>)],
    [words.atLimit, (plan) => atLimitText(plan.limits).map((line) => <span key={line} className="mb-1 block">{line}</span>)],
    [words.planOperations, (plan) => plan.operations === null ? words.allOperations : words.someOperations(plan.operations)],
    [words.access, (plan) => words.accessOf[plan.access]],
    ...(choice ? [[words.yourChoice, choice] as [string, typeof choice]] : []),
  ];
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={words.plans}>
      <table className="pricing w-full min-w-[36rem] table-fixed border-collapse text-left">
        <caption className="sr-only">{words.plansSideBySide}</caption>
        <thead>
          <tr>
            <td className="w-36 border-b" />
            {plans.map((plan) => (
              <th key={plan.id} scope="col" className="border-b px-3 pb-3 align-top">
                <span className="flex flex-wrap items-center gap-2 text-lg font-semibold">{plan.name}{plan.default && <Badge tone="accent">{words.withSignUp}</Badge>}</span>
                {plan.description && <span className="block font-normal text-muted">{plan.description}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([label, cell]) => (
            <tr key={label}>
              <th scope="row" className="border-b py-2.5 pr-3 align-top text-sm font-medium text-muted">{label}</th>
              {plans.map((plan) => <td key={plan.id} className="border-b px-3 py-2.5 align-top break-words">{cell(plan)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
