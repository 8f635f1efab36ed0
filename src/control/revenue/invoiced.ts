// Revenue by what invoices say: each line spread over the time that it is for.
import { sql } from 'kysely';
import { spreadAmount } from '../../domain/pricing/revenue.ts';
import type { Query } from '../../store/database.ts';
import { pay, type RevenueInput, type RevenueRead } from './contracted.ts';

/** Amounts have exactly the digits of the minor unit: without the point they are whole. Those of up to so many characters are summed by the store: a sum of them fits 64 bits. */
const charactersMax = 12;
const isShort = sql<boolean>`length(invoice_line.amount) <= ${sql.lit(charactersMax)}`;
const sumMinor = sql<string>`cast(sum(cast(replace(invoice_line.amount, '.', '') as bigint)) as text)`;
const isAboveZero = sql<boolean>`(invoice_line.amount not like '-%' and replace(replace(invoice_line.amount, '.', ''), '0', '') <> '')`;

/** Fees, usage, corrections and coupons of invoices and credit notes that are final, before tax and prepaid credit; drafts and what is void are no part of it. */
export async function readInvoiced(query: Query, { productId, bounds, at }: RevenueInput): Promise<RevenueRead> {
  const columns = ['invoice.consumer_id', 'invoice.currency', 'invoice_line.from_at', 'invoice_line.to_at'] as const;
  let lines = query.selectFrom('invoice_line').innerJoin('invoice', 'invoice.id', 'invoice_line.invoice_id').leftJoin('invoice as corrected', 'corrected.id', 'invoice.corrects_invoice_id')
    .where('invoice.state', 'in', ['finalised', 'paid']).where('invoice_line.to_at', '>', bounds[0]!).where('invoice_line.from_at', '<', bounds.at(-1)!);
  if (productId !== undefined) lines = lines.where((eb) => eb(eb.fn.coalesce('invoice.subscription_id', 'corrected.subscription_id'), 'in', eb.selectFrom('subscription').select('subscription.id').where('subscription.product_id', '=', productId)));
  const months = bounds.length - 1;
  const payers: RevenueRead['payers'] = new Map();
  const summed = await lines.where(isShort).select([...columns, sumMinor.as('minor')]).groupBy([...columns]).execute();
  const others = await lines.where(sql<boolean>`not ${isShort}`).select([...columns, 'invoice_line.amount']).execute();
  // In whole before it is spread: parts that are rounded one by one come to something else.
  const whole = new Map<string, (typeof summed)[number]>();
  for (const line of [...summed, ...others.map(({ amount, ...line }) => ({ ...line, minor: amount.replace('.', '') }))]) {
    const name = columns.map((column) => line[column.split('.')[1] as 'currency']).join(' ');
    const known = whole.get(name);
    if (known) known.minor = String(BigInt(known.minor) + BigInt(line.minor));
    else whole.set(name, line);
  }
  for (const line of whole.values()) {
    spreadAmount(BigInt(line.minor), { from: line.from_at, to: line.to_at }, bounds).forEach((share, month) => {
      if (share !== 0n) pay(payers, months, { currency: line.currency, consumer: line.consumer_id, month, minor: share });
    });
  }
  for (const byMonth of payers.values()) for (const paid of byMonth) for (const [consumer, amount] of paid) if (amount === 0n) paid.delete(consumer);
  return { payers, firstPaid: await readFirstPaid(query, productId), unbilledSince: await readUnbilledSince(query, productId, at) };
}

/** The beginning of the first time that a consumer was charged for. */
async function readFirstPaid(query: Query, productId: string | undefined): Promise<Map<string, number>> {
  let rows = query.selectFrom('invoice_line').innerJoin('invoice', 'invoice.id', 'invoice_line.invoice_id').select((eb) => ['invoice.consumer_id', eb.fn.min('invoice_line.from_at').as('first')])
    .where('invoice.state', 'in', ['finalised', 'paid']).where('invoice.kind', '=', 'invoice').where('invoice_line.kind', 'in', ['fee', 'proration', 'usage', 'late-usage']).where(isAboveZero)
    .groupBy('invoice.consumer_id');
  if (productId !== undefined) rows = rows.where('invoice.subscription_id', 'in', query.selectFrom('subscription').select('subscription.id').where('subscription.product_id', '=', productId));
  return new Map((await rows.execute()).map(({ consumer_id: consumer, first }) => [consumer, Number(first)]));
}

/** Periods that ended and are not billed, and the drafts among invoices: what they are for is not in the numbers yet. */
async function readUnbilledSince(query: Query, productId: string | undefined, at: number): Promise<number | null> {
  let rows = query.selectFrom('billing_period').innerJoin('subscription', 'subscription.id', 'billing_period.subscription_id').leftJoin('invoice', 'invoice.id', 'billing_period.invoice_id').select((eb) => eb.fn.min('billing_period.from_at').as('since'))
    .where('billing_period.kind', '=', 'regular').where('billing_period.from_at', '<=', at).where((eb) => eb.or([eb('billing_period.state', '!=', 'billed'), eb('invoice.state', '=', 'draft')]));
  if (productId !== undefined) rows = rows.where('subscription.product_id', '=', productId);
  const { since } = await rows.executeTakeFirstOrThrow();
  return since === null ? null : Number(since);
}
