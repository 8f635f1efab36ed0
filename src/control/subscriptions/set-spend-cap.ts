import { AppError } from '../../errors.ts';
import { recordActivity } from '../activity/activity.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { invalid, parseAmount } from '../credits/amount-input.ts';
import type { ControlDeps } from '../deps.ts';
import { recordSubscriptionChanges } from '../gateways/credential-log.ts';
import { actorName } from '../rights.ts';
import type { Actor, Subscriptions } from '../services.ts';
import { ownSubscription } from './own-subscription.ts';
import { rollSubscription } from './roll-subscription.ts';

/** Shares of a cap, in per cent, that a consumer may be told of. */
export const spendAlertShares = [50, 80, 100] as const;

/** The caller pushes credential changes after its commit. @throws AppError `not_found`, `conflict`, `input_invalid` */
export async function setSpendCap(deps: Pick<ControlDeps, 'database' | 'clock' | 'random'>, actor: Actor, { subscriptionId, cap, alerts }: Parameters<Subscriptions['setSpendCap']>[1]): Promise<void> {
  await deps.database.transaction(async (query) => {
    await ownSubscription(query, actor, subscriptionId, 'consumers.change');
    await rollSubscription(deps, query, subscriptionId);
    const subscription = await ownSubscription(query, actor, subscriptionId, 'consumers.change');
    if (subscription.state !== 'active') throw new AppError('conflict', `This subscription is ${subscription.state}: it has nothing to cap.`);
    const spendCap = cap === null ? null : parseAmount(cap, subscription.currency, { pointer: '/cap', least: 'zero' });
    const spendAlerts = alerts === undefined ? subscription.spendAlerts : parseAlerts(alerts);
    await query.updateTable('subscription').set({ spend_cap: spendCap, spend_alerts: JSON.stringify(spendAlerts) }).where('id', '=', subscriptionId).execute();
    await recordSubscriptionChanges(query, (subscriptions) => subscriptions.where('subscription.id', '=', subscriptionId), deps.clock.now());
    const after = { consumer: subscription.consumerId, spendCap, currency: subscription.currency, alerts: spendAlerts };
    await recordActivity(query, deps, { consumerId: subscription.consumerId, actor: actorName(actor), kind: spendCap === null ? 'spend-cap.removed' : 'spend-cap.set', subject: subscriptionId, detail: { product: subscription.productSlug, ...(spendCap !== null && { cap: spendCap, currency: subscription.currency }) } });
    await recordAudit(query, deps, actor, { action: 'capped', noun: 'subscription', subject: subscriptionId, name: `${subscription.productSlug} ${subscription.planSlug}`, before: { consumer: subscription.consumerId, spendCap: subscription.spendCap, currency: subscription.currency, alerts: subscription.spendAlerts }, after });
  });
}

function parseAlerts(alerts: readonly number[]): number[] {
  const unknown = alerts.find((share) => !(spendAlertShares as readonly number[]).includes(share));
  if (unknown !== undefined) throw invalid('/alerts', `may hold ${spendAlertShares.join(', ')}, not ${unknown}`);
  return spendAlertShares.filter((share) => alerts.includes(share));
}
