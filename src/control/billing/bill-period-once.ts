// A period that is over enters; what leaves, in one transaction, is its draft with what came late for earlier ones, and the period billed.
import { scaleDecimal } from '../../domain/decimal.ts';
import { minorPlacesOf } from '../../domain/pricing/money.ts';
import type { Query } from '../../store/database.ts';
import { countCoupons } from '../coupons/coupons-of.ts';
import type { ControlDeps } from '../deps.ts';
import { findLateUsage, keepBilled, type LateUsage } from './late-usage.ts';
import { creditLateUsage } from './credit-note.ts';
import { reckonPeriod } from './reckon-period.ts';
import { insertDraft, type DraftLine } from './write-invoice.ts';

type Deps = Pick<ControlDeps, 'clock' | 'random'>;

export interface BilledPeriod { invoiceId: string | null; /** Documents of their own for what came late. */ late: number }

/** Inside the caller's transaction. Null where another run was quicker. */
export async function billPeriodOnce(deps: Deps, query: Query, periodId: string): Promise<BilledPeriod | null> {
  const period = await query.selectFrom('billing_period').selectAll().where('id', '=', periodId).executeTakeFirst();
  if (period?.state !== 'ended') return null;
  const { subscription_id: subscriptionId } = period;
  const { consumer_id: consumerId } = await query.selectFrom('subscription').select('consumer_id').where('id', '=', subscriptionId).executeTakeFirstOrThrow();
  // Older periods first: a coupon with few bills left is theirs.
  const late = await findLateUsage(query, { subscriptionId, before: period.from_at, now: deps.clock.now() });
  await countCoupons(query, late.flatMap(({ redemptionIds }) => redemptionIds));
  const bill = await reckonPeriod(query, period);
  const [joining, apart] = [late.filter((each) => each.currency === bill.currency && each.amountMinor >= 0n), late.filter((each) => each.currency !== bill.currency || each.amountMinor < 0n)];
  const lines: DraftLine[] = [...bill.lines.map((line): DraftLine => ({ ...line, periodId: null })), ...joining.flatMap((each) => each.lines)];
  const places = minorPlacesOf(bill.currency);
  const invoiceId = lines.some(({ amount }) => scaleDecimal(amount, places) !== 0n) ? await insertDraft(deps, query, { consumerId, subscriptionId, periodId, currency: bill.currency, lines }) : null;
  for (const each of joining) await keepBilled(query, each.period.id, each.quantities);
  await keepBilled(query, periodId, bill.quantities);
  await countCoupons(query, bill.redemptionIds);
  await query.updateTable('billing_period').set({ state: 'billed', invoice_id: invoiceId, billed_at: deps.clock.now() }).where('id', '=', periodId).where('state', '=', 'ended').execute();
  return { invoiceId, late: await billApart(deps, query, { consumerId, subscriptionId, late: apart }) };
}

/** What came late for a subscription that has no period left to bill. Inside the caller's transaction; answers how many documents it made. */
export async function billLateUsage(deps: Deps, query: Query, subscriptionId: string): Promise<number> {
  const { consumer_id: consumerId } = await query.selectFrom('subscription').select('consumer_id').where('id', '=', subscriptionId).executeTakeFirstOrThrow();
  const late = await findLateUsage(query, { subscriptionId, before: Number.MAX_SAFE_INTEGER, now: deps.clock.now() });
  await countCoupons(query, late.flatMap(({ redemptionIds }) => redemptionIds));
  return billApart(deps, query, { consumerId, subscriptionId, late });
}

/** An invoice per currency for what costs more, credit notes for what costs less now. */
async function billApart(deps: Deps, query: Query, { consumerId, subscriptionId, late }: { consumerId: string; subscriptionId: string; late: LateUsage[] }): Promise<number> {
  let documents = 0;
  for (const [currency, group] of Map.groupBy(late.filter(({ amountMinor }) => amountMinor >= 0n), (each) => each.currency)) {
    const lines = group.flatMap((each) => each.lines);
    if (lines.length > 0) {
      await insertDraft(deps, query, { consumerId, subscriptionId, periodId: null, currency, lines });
      documents++;
    }
    for (const each of group) await keepBilled(query, each.period.id, each.quantities);
  }
  for (const each of late.filter(({ amountMinor }) => amountMinor < 0n)) {
    const credited = await creditLateUsage(deps, query, each);
    if (credited === 'waits') continue;
    documents += credited;
    await keepBilled(query, each.period.id, each.quantities);
  }
  return documents;
}
