// A subscription after it has begun: its bill as it grows, what a change would cost, its end, and its consumer's own cap.
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { getSubscription } from '../plans/plans.ts';
import type { Actor, Plans, SubscriptionHistory, Subscriptions, SubscriptionSummary } from '../services.ts';
import { cancelSubscription, resumeSubscription } from './cancel-subscription.ts';
import { ownSubscription } from './own-subscription.ts';
import { previewChange } from './preview-change.ts';
import { readRunningBill } from './running-bill.ts';
import { schedulePrices, withdrawPrices } from './schedule-prices.ts';
import { setSpendCap } from './set-spend-cap.ts';

const periodsShown = 120;

export function createSubscriptions(deps: ControlDeps, gateways: Gateways, plans: Pick<Plans, 'subscribe'>): Subscriptions {
  const { database } = deps;
  const changed = async (subscriptionId: string): Promise<SubscriptionSummary> => {
    await gateways.credentialsChanged();
    return getSubscription(database.kysely, subscriptionId);
  };
  const change = async (actor: Actor, subscriptionId: string, work: typeof cancelSubscription): Promise<SubscriptionSummary> => {
    await database.transaction(async (query) => {
      await ownSubscription(query, actor, subscriptionId, 'consumers.change');
      await work(deps, query, { subscriptionId, actor });
    });
    return changed(subscriptionId);
  };
  return {
    getRunningBill: (actor, { subscriptionId }) => database.transaction(async (query) => readRunningBill(query, await ownSubscription(query, actor, subscriptionId, 'workspace.read'), deps.clock.now())),
    getPreview: (actor, input) => database.transaction(async (query) => previewChange(query, actor, await ownSubscription(query, actor, input.subscriptionId, 'workspace.read'), input, deps.clock.now())),
    async getHistory(actor, { subscriptionId }) {
      await ownSubscription(database.kysely, actor, subscriptionId, 'workspace.read');
      return readHistory(database.kysely, subscriptionId);
    },
    async change(actor, { subscriptionId, planSlug, when }) {
      const { consumerId, productSlug, state } = await ownSubscription(database.kysely, actor, subscriptionId, 'consumers.change');
      if (state === 'ended') throw new AppError('conflict', 'This subscription has ended: its plan cannot change.');
      return plans.subscribe(actor, { consumerId, productSlug, planSlug, ...(when && { when }) });
    },
    cancel: (actor, { subscriptionId }) => change(actor, subscriptionId, cancelSubscription),
    resume: (actor, { subscriptionId }) => change(actor, subscriptionId, resumeSubscription),
    async setSpendCap(actor, input) {
      await setSpendCap(deps, actor, input);
      return changed(input.subscriptionId);
    },
    schedulePrices: (actor, input) => schedulePrices(deps, actor, input),
    withdrawPrices: (actor, input) => withdrawPrices(deps, actor, input),
  };
}

async function readHistory(query: Query, subscriptionId: string): Promise<SubscriptionHistory> {
  const phases = await query.selectFrom('subscription_phase').innerJoin('plan_revision', 'plan_revision.id', 'subscription_phase.plan_revision_id').innerJoin('plan', 'plan.id', 'plan_revision.plan_id')
    .select(['plan.slug', 'plan.name', 'plan_revision.number', 'subscription_phase.from_at', 'subscription_phase.to_at', 'subscription_phase.reason']).where('subscription_id', '=', subscriptionId).orderBy('subscription_phase.from_at', 'desc').limit(periodsShown).execute();
  const periods = await query.selectFrom('billing_period').select(['id', 'kind', 'from_at', 'to_at', 'state', 'invoice_id']).where('subscription_id', '=', subscriptionId).orderBy('from_at', 'desc').limit(periodsShown).execute();
  return {
    phases: phases.map((row) => ({ planSlug: row.slug, planName: row.name, revision: row.number, from: row.from_at, to: row.to_at, reason: row.reason })),
    periods: periods.map((row) => ({ id: row.id, kind: row.kind, from: row.from_at, to: row.to_at, state: row.state, invoiceId: row.invoice_id })),
  };
}
