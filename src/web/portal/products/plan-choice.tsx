import { Form, Link } from 'react-router';
import type { PlanSummary, SubscriptionSummary } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { ButtonLink, Submit } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { feeText, limitText, priceLines } from './pricing.ts';

const words = texts.planChoice;

export type OwnSubscription = Pick<SubscriptionSummary, 'planSlug' | 'planName' | 'state' | 'requestedPlan'>;

/** What a signed-in developer may do with one plan of the table: the state of theirs, or the way to another. */
export function PlanChoice({ plan, own }: { plan: PlanSummary; own: OwnSubscription | null }) {
  const waiting = own?.requestedPlan ? own.requestedPlan.slug === plan.slug : own?.state === 'pending' && own.planSlug === plan.slug;
  if (waiting) return <><Badge tone="notice">{words.waits}</Badge>{own?.requestedPlan && <TakeBack present={own.planSlug} />}</>;
  if (own?.planSlug === plan.slug) return <Badge tone={own.state === 'active' ? 'good' : 'notice'}>{own.state === 'active' ? words.yours : words.yoursIn(own.state)}</Badge>;
  return <Link to={`?plan=${plan.slug}#choose`} className="text-accent underline underline-offset-2 hover:no-underline">{plan.access === 'approval' ? words.askFor(plan.name) : words.choose(plan.name)}</Link>;
}

function TakeBack({ present }: { present: string }) {
  return (
    <Form method="post" className="mt-1.5">
      <input type="hidden" name="plan" value={present} />
      <button type="submit" className="cursor-pointer text-sm text-accent underline underline-offset-2 hover:no-underline">{words.takeBack}</button>
    </Form>
  );
}

/** What choosing the plan changes, and the button that does it. */
export function PlanConfirmation({ plan, own, back }: { plan: PlanSummary; own: OwnSubscription | null; back: string }) {
  const approval = plan.access === 'approval';
  return (
    <div id="choose" className="scroll-mt-4">
      <Notice title={approval ? words.askFor(plan.name) : own ? words.move(own.planName, plan.name) : words.subscribe(plan.name)}>
        <ul className="list-disc pl-5">
          <li>{words.fee(feeText(plan), plan.trialDays)}</li>
          {plan.prices.map((price) => <li key={price.meter}>{price.meter}: {priceLines(price, plan.currency).join('; ')}.</li>)}
          <li>{words.limits(plan.limits.map((limit) => `${limitText(limit)} (${limit.name})`))}</li>
          <li>{approval ? words.decided(own?.state === 'active' ? own.planName : null) : words.atOnce(own !== null)}</li>
        </ul>
        <Form method="post" className="flex flex-wrap gap-2 pt-2">
          <input type="hidden" name="plan" value={plan.slug} />
          <Submit doing={words.sending}>{approval ? words.askFor(plan.name) : words.choose(plan.name)}</Submit>
          <ButtonLink kind="plain" to={back}>{own ? words.keep(own.planName) : words.notNow}</ButtonLink>
        </Form>
      </Notice>
    </div>
  );
}
