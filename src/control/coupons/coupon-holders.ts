// Who holds a coupon, and what the invoices say that it took off.
import { decimalText, scaleDecimal } from '../../domain/decimal.ts';
import { minorPlacesOf } from '../../domain/pricing/money.ts';
import type { Query } from '../../store/database.ts';
import type { CouponHolder } from '../services.ts';

const holdersShown = 200;

/** Newest first, at most 200. */
export async function listHolders(query: Query, { id, code }: { id: string; code: string }): Promise<CouponHolder[]> {
  const rows = await query.selectFrom('coupon_redemption').innerJoin('subscription', 'subscription.id', 'coupon_redemption.subscription_id')
    .innerJoin('consumer', 'consumer.id', 'subscription.consumer_id').innerJoin('product', 'product.id', 'subscription.product_id').innerJoin('plan', 'plan.id', 'subscription.plan_id')
    .select(['consumer.id as consumerId', 'consumer.name as consumerName', 'subscription.id as subscriptionId', 'product.slug as productSlug', 'plan.name as planName', 'subscription.state', 'coupon_redemption.at', 'coupon_redemption.periods_left as periodsLeft'])
    .where('coupon_redemption.coupon_id', '=', id).orderBy('coupon_redemption.id', 'desc').limit(holdersShown).execute();
  const lines = await listCouponLines(query, { code, subscriptionIds: rows.map(({ subscriptionId }) => subscriptionId) });
  const linesOf = Map.groupBy(lines, ({ subscription_id: subscriptionId }) => subscriptionId);
  return rows.map((row) => {
    const own = linesOf.get(row.subscriptionId) ?? [];
    return { ...row, invoices: new Set(own.map(({ invoice_id: invoiceId }) => invoiceId)).size, tookOff: sumByCurrency(own) };
  });
}

async function listCouponLines(query: Query, { code, subscriptionIds }: { code: string; subscriptionIds: string[] }) {
  if (subscriptionIds.length === 0) return [];
  const rows = await query.selectFrom('invoice_line').innerJoin('invoice', 'invoice.id', 'invoice_line.invoice_id')
    .select(['invoice_line.invoice_id', 'invoice.subscription_id', 'invoice.currency', 'invoice_line.amount', 'invoice_line.detail'])
    .where('invoice.subscription_id', 'in', subscriptionIds).where('invoice.state', 'in', ['finalised', 'paid']).where('invoice_line.kind', '=', 'coupon').execute();
  return rows.filter(({ detail }) => (JSON.parse(detail) as { code?: unknown }).code === code);
}

function sumByCurrency(lines: { currency: string; amount: string }[]): { currency: string; amount: string }[] {
  return [...Map.groupBy(lines, ({ currency }) => currency)].toSorted(([a], [b]) => a.localeCompare(b)).map(([currency, group]) => {
    const places = minorPlacesOf(currency);
    return { currency, amount: decimalText(-group.reduce((sum, { amount }) => sum + scaleDecimal(amount, places), 0n), places) };
  });
}
