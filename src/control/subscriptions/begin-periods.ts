import type { PlanConfig } from '../../domain/config.ts';
import { nextPeriod } from '../../domain/billing-period.ts';
import { newId } from '../../domain/id.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import { sumMonthsAnew } from './sum-months-anew.ts';
import { rollSubscription } from './roll-subscription.ts';

const dayMs = 86_400_000;

/** UTC midnight of the day that holds `ms`. */
export function utcMidnight(ms: number): number {
  return ms - (((ms % dayMs) + dayMs) % dayMs);
}

/**
 * Writes the first phase and the first period of a subscription that begins at `from`, and sets its anchor. A trial is a period of its own, and the anchor is
 * its end: the first UTC midnight after so many whole days. A consumer tries a product once: who had a subscription of it before has no trial. A beginning in the past has none either, and all its
 * periods until now.
 */
export async function beginPeriods(deps: Pick<ControlDeps, 'clock' | 'random'>, query: Query, { subscriptionId, revisionId, from, backdated = false }: { subscriptionId: string; revisionId: string; from: number; backdated?: boolean }): Promise<void> {
  const { random } = deps;
  const { config } = await query.selectFrom('plan_revision').select('config').where('id', '=', revisionId).executeTakeFirstOrThrow();
  const { trialDays, interval } = JSON.parse(config) as PlanConfig;
  const start = utcMidnight(from);
  const trialEnd = trialDays > 0 && !backdated && !(await hasBegunBefore(query, subscriptionId)) ? utcMidnight(from + (trialDays + 1) * dayMs - 1) : null;
  const period = trialEnd === null ? nextPeriod(start, interval ?? 'month', start) : { from: start, to: trialEnd };
  await query.updateTable('subscription').set({ anchor_at: trialEnd ?? start, trial_ends_at: trialEnd }).where('id', '=', subscriptionId).execute();
  await sumMonthsAnew(query, { subscriptionId, anchorAt: trialEnd ?? start });
  await query.insertInto('subscription_phase').values({ id: newId('phase', from, random), subscription_id: subscriptionId, plan_revision_id: revisionId, from_at: from, to_at: null, reason: 'start' }).execute();
  await query.insertInto('billing_period').values({ id: newId('period', from, random), subscription_id: subscriptionId, kind: trialEnd === null ? 'regular' : 'trial', from_at: period.from, to_at: period.to, state: 'open', invoice_id: null, billed_at: null }).execute();
  if (backdated) await rollSubscription(deps, query, subscriptionId);
}

/** Whether its consumer had another subscription of its product that began. */
async function hasBegunBefore(query: Query, subscriptionId: string): Promise<boolean> {
  const former = await query.selectFrom('subscription').innerJoin('subscription as former', (join) => join.onRef('former.consumer_id', '=', 'subscription.consumer_id').onRef('former.product_id', '=', 'subscription.product_id').onRef('former.id', '!=', 'subscription.id'))
    .innerJoin('subscription_phase', 'subscription_phase.subscription_id', 'former.id').select('former.id').where('subscription.id', '=', subscriptionId).limit(1).executeTakeFirst();
  return former !== undefined;
}
