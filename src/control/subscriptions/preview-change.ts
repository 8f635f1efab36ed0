// What another plan would do to the bills, before anybody decides.
import { nextPeriod } from '../../domain/billing-period.ts';
import { AppError } from '../../errors.ts';
import { atPace } from '../../domain/pricing/forecast.ts';
import type { Query } from '../../store/database.ts';
import type { Phase } from '../billing/reckon-period.ts';
import { afterBill, codesOf } from '../coupons/coupons-of.ts';
import { seesAll } from '../products/visible-product.ts';
import type { Actor, BillEstimate, ChangePreview, Subscriptions } from '../services.ts';
import { readChange, settleWhen } from './change-plan.ts';
import type { OwnSubscription } from './own-subscription.ts';
import { estimate, forecastOn, readPresentPeriod, type PresentPeriod } from './running-bill.ts';

/** @throws AppError `not_found` for a plan that the actor may not take; `conflict` as `changePlan`, and for the present plan. */
export async function previewChange(query: Query, actor: Actor, subscription: OwnSubscription, { planSlug, when }: Parameters<Subscriptions['getPreview']>[1], now: number): Promise<ChangePreview> {
  let plans = query.selectFrom('plan').select(['id', 'name', 'access']).where('product_id', '=', subscription.productId).where('slug', '=', planSlug).where('archived_at', 'is', null);
  if (!seesAll(actor)) plans = plans.where('access', '!=', 'private');
  const plan = await plans.executeTakeFirst();
  if (!plan) throw new AppError('not_found', `"${subscription.productSlug}" has no plan "${planSlug}" that you may take.`);
  if (plan.id === subscription.planId) throw new AppError('conflict', `${plan.name} is the present plan.`);
  const change = await readChange(query, subscription.id, plan.id);
  const settled = await settleWhen(query, change, { when, byProducer: seesAll(actor), now });
  const present = await readPresentPeriod(query, subscription, now);
  const { period } = present;
  const phases: Phase[] = settled === 'now' ? cutAt(present.phases, now, { plan: change.plan.terms, from: now, to: null }) : present.phases;
  const before = estimate(present, present.phases, forecastOn(present, present.phases.at(-1)!.plan));
  const after = settled === 'now' ? estimate(present, phases, forecastOn(present, change.plan.terms)) : before;
  return {
    subscriptionId: subscription.id, planSlug, planName: plan.name, approval: plan.access === 'approval' && !seesAll(actor),
    when: settled, effectiveAt: settled === 'now' ? now : period.to, period: { from: period.from, to: period.to }, before, after, added: addedFees(before, after),
    next: nextWhole(subscription, { ...present, held: afterBill(present.held, codesOf(after.lines)) }, change.plan.terms),
  };
}

/** A phase that would begin where the last one did takes its place. */
function cutAt(phases: readonly Phase[], at: number, next: Phase): Phase[] {
  return [...phases.filter(({ from }) => from < at).map((phase, index, all) => (index === all.length - 1 ? { ...phase, to: at } : phase)), next];
}

/** Lines of fees that the bill has not had. */
function addedFees(before: BillEstimate, after: BillEstimate): BillEstimate['lines'] {
  const known = before.lines.map((line) => `${line.kind} ${line.description} ${line.amount}`);
  return after.lines.filter((line) => {
    if (line.kind !== 'fee' && line.kind !== 'proration') return false;
    const place = known.indexOf(`${line.kind} ${line.description} ${line.amount}`);
    if (place < 0) return true;
    known.splice(place, 1);
    return false;
  });
}

/** The first period that is on the plan from its beginning, with usage at the pace of this one, and the coupons that this one leaves. */
function nextWhole(subscription: Pick<OwnSubscription, 'anchorAt'>, present: PresentPeriod, terms: Phase['plan']): ChangePreview['next'] {
  const { period, held } = present;
  const { from, to } = nextPeriod(subscription.anchorAt, terms.interval ?? 'month', period.to);
  const usage = new Map([...forecastOn(present, terms)].map(([meter, quantity]) => [meter, atPace(quantity, { passed: period.to - period.from, length: to - from })]));
  return { from, to, ...estimate({ period: { kind: 'regular', from, to, anchorAt: subscription.anchorAt }, held }, [{ plan: terms, from, to: null }], usage) };
}
