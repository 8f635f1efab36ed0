import { decimalText } from '../../domain/decimal.ts';
import { minorPlacesOf } from '../../domain/pricing/money.ts';
import type { ControlDeps } from '../deps.ts';
import { ownSubscription } from '../subscriptions/own-subscription.ts';
import { estimate, readPresentPeriod, shareOfCap, soFarOn, spentOf } from '../subscriptions/running-bill.ts';
import { writeNotices } from './write-notice.ts';

/** Spend caps of these consumers that are spent to a share that they want to know of: each share once per period and cap. */
export async function noticeSpending(deps: Pick<ControlDeps, 'database' | 'clock' | 'random'>, consumerIds: readonly string[]): Promise<void> {
  const { kysely } = deps.database;
  for (let start = 0; start < consumerIds.length; start += 500) {
    const capped = await kysely.selectFrom('subscription').select('id').where('consumer_id', 'in', consumerIds.slice(start, start + 500)).where('spend_cap', 'is not', null).where('state', '=', 'active').execute();
    for (const { id } of capped) await deps.database.transaction(async (query) => {
      const subscription = await ownSubscription(query, { kind: 'system' }, id, 'workspace.read');
      if (subscription.spendCap === null || subscription.state !== 'active') return;
      const present = await readPresentPeriod(query, subscription, deps.clock.now());
      if (present.period.kind === 'trial' || deps.clock.now() >= present.period.to) return;
      const bill = estimate(present, present.phases, soFarOn(present, present.phases.at(-1)!.plan));
      const spent = spentOf(bill);
      const used = shareOfCap(spent, subscription.spendCap, bill.currency);
      const share = Math.max(...subscription.spendAlerts.filter((alert) => used >= alert));
      if (share < 0) return;
      await writeNotices(query, deps, [{
        consumerId: subscription.consumerId, kind: share === 100 ? 'spend.reached' : 'spend.near', occasion: `spend:${id}:${present.period.from}:${subscription.spendCap}:${share}`,
        detail: { share, spent: decimalText(spent, minorPlacesOf(bill.currency)), cap: subscription.spendCap, currency: bill.currency.toUpperCase(), resetsAt: present.period.to, productName: subscription.productName, productSlug: subscription.productSlug, subscriptionId: id },
      }]);
    });
  }
}
