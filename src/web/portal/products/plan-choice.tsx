import { Form, Link } from 'react-router';
import type { PlanSummary, SubscriptionSummary } from '../../../control/services.ts';
import { Badge } from '../../ui/badge.tsx';
import { ButtonLink, Submit } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { feeText, limitText, priceLines } from './pricing.ts';

export type OwnSubscription = Pick<SubscriptionSummary, 'planSlug' | 'planName' | 'state' | 'requestedPlan'>;

/** What a signed-in developer may do with one plan of the table: the state of theirs, or the way to another. */
export function PlanChoice({ plan, own }: { plan: PlanSummary; own: OwnSubscription | null }) {
  const waiting = own?.requestedPlan ? own.requestedPlan.slug === plan.slug : own?.state === 'pending' && own.planSlug === plan.slug;
  if (waiting) return <><Badge tone="notice">waits for approval</Badge>{own?.requestedPlan && <TakeBack present={own.planSlug} />}</>;
  if (own?.planSlug === plan.slug) return <Badge tone={own.state === 'active' ? 'good' : 'notice'}>{own.state === 'active' ? 'your plan' : `your plan, ${own.state}`}</Badge>;
  return <Link to={`?plan=${plan.slug}#choose`} className="text-accent underline underline-offset-2 hover:no-underline">{plan.access === 'approval' ? 'Ask for' : 'Choose'} {plan.name}</Link>;
}

function TakeBack({ present }: { present: string }) {
  return (
    <Form method="post" className="mt-1.5">
      <input type="hidden" name="plan" value={present} />
      <button type="submit" className="cursor-pointer text-sm text-accent underline underline-offset-2 hover:no-underline">Take the request back</button>
    </Form>
  );
}

/** What choosing the plan changes, and the button that does it. */
export function PlanConfirmation({ plan, own, back }: { plan: PlanSummary; own: OwnSubscription | null; back: string }) {
  const approval = plan.access === 'approval';
  return (
    <div id="choose" className="scroll-mt-4">
      <Notice title={approval ? `Ask for ${plan.name}` : own ? `Move from ${own.planName} to ${plan.name}` : `Subscribe to ${plan.name}`}>
        <ul className="list-disc pl-5">
          <li>Fee: {feeText(plan)}{plan.trialDays > 0 && `, the first ${plan.trialDays} days free`}.</li>
          {plan.prices.map((price) => <li key={price.meter}>{price.meter}: {priceLines(price, plan.currency).join('; ')}.</li>)}
          <li>Limits: {plan.limits.length === 0 ? 'none' : plan.limits.map((limit) => `${limitText(limit)} (${limit.name})`).join(', ')}.</li>
          <li>{approval ? `The producer decides. ${own?.state === 'active' ? `${own.planName} serves your calls until then.` : 'Until then, calls to this API are refused with 403 subscription_inactive.'}` : `It is in force at once${own ? ', for the keys that you have' : ''}.`}</li>
        </ul>
        <Form method="post" className="flex flex-wrap gap-2 pt-2">
          <input type="hidden" name="plan" value={plan.slug} />
          <Submit doing="Sending">{approval ? `Ask for ${plan.name}` : `Choose ${plan.name}`}</Submit>
          <ButtonLink kind="plain" to={back}>{own ? `Keep ${own.planName}` : 'Not now'}</ButtonLink>
        </Form>
      </Notice>
    </div>
  );
}
