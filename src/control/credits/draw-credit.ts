import { decimalText, scaleDecimal } from '../../domain/decimal.ts';
import { minorPlacesOf } from '../../domain/pricing/money.ts';
import type { Query } from '../../store/database.ts';

export interface DrawCredit {
  consumerId: string;
  /** ISO 4217, lower case. */
  currency: string;
  /** Of an invoice that is in the store. */
  invoiceId: string;
  /** The most to draw, with exactly the digits of the currency's minor unit. */
  amount: string;
  /** ms UTC */
  at: number;
}

/**
 * Pays up to `amount` of an invoice with what the consumer has prepaid in its currency, and answers what was paid, with the digits of the minor unit. What
 * expires first is drawn first, what never expires last; what has expired at `at` is not drawn. Inside the caller's transaction; once per invoice.
 */
export async function drawCredit(query: Query, { consumerId, currency, invoiceId, amount, at }: DrawCredit): Promise<string> {
  const places = minorPlacesOf(currency);
  let left = scaleDecimal(amount, places);
  let drawn = 0n;
  for (const grant of await usableGrants(query, { consumerId, currency, at })) {
    if (left <= 0n) break;
    const remaining = scaleDecimal(grant.remaining, places);
    const part = remaining < left ? remaining : left;
    await query.updateTable('credit_grant').set({ remaining: decimalText(remaining - part, places) }).where('id', '=', grant.id).execute();
    await query.insertInto('credit_use').values({ grant_id: grant.id, invoice_id: invoiceId, amount: decimalText(part, places), at }).execute();
    left -= part;
    drawn += part;
  }
  return decimalText(drawn, places);
}

/** Grants that have something left at that moment, in the order that they are drawn in. */
async function usableGrants(query: Query, { consumerId, currency, at }: Pick<DrawCredit, 'consumerId' | 'currency' | 'at'>): Promise<{ id: string; remaining: string }[]> {
  const rows = await query.selectFrom('credit_grant').select(['id', 'remaining', 'expires_at']).where('consumer_id', '=', consumerId).where('currency', '=', currency)
    .where('granted_at', '<=', at).where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', at)])).orderBy('id').execute();
  return rows.filter(({ remaining }) => /[1-9]/.test(remaining)).sort((a, b) => (a.expires_at ?? Infinity) - (b.expires_at ?? Infinity) || (a.id < b.id ? -1 : 1));
}
