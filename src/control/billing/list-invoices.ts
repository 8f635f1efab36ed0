// Invoices found, filtered and sorted by the store, a page at a time, and one of them whole.
import { Buffer } from 'node:buffer';
import { sql, type RawBuilder } from 'kysely';
import { decimalText } from '../../domain/decimal.ts';
import { minorPlacesOf } from '../../domain/pricing/money.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { InvoiceDetail, InvoiceFilter, InvoiceLine, InvoiceSort, InvoiceSummary, Party } from '../services.ts';
import { readCredited } from './credited-lines.ts';
import { readBalances } from './settle-invoice.ts';
import type { InvoiceRow } from './write-invoice.ts';

const pageMax = 200;
type SortKey = 'created' | 'due' | 'consumer' | 'number';
type Place = [value: string | number, id: string];

export interface ListInvoices { filter: Omit<InvoiceFilter, 'email'>; drafts: boolean; sort?: InvoiceSort | undefined; cursor?: string | undefined; limit?: number | undefined; now: number }

export async function listInvoices(query: Query, { filter, drafts, sort = '-created', cursor, limit = 50, now }: ListInvoices): Promise<{ invoices: InvoiceSummary[]; total: number; nextCursor: string | null }> {
  const size = Math.min(Math.max(Math.trunc(limit), 1), pageMax);
  const descending = sort.startsWith('-');
  const value = sortValue(sort);
  const found = matching(query, filter, { drafts, now });
  const { total } = await found.select((eb) => eb.fn.countAll().as('total')).executeTakeFirstOrThrow();
  let rows = found.select(summaryColumns).select(value.as('sort_value'));
  if (cursor !== undefined) {
    const [after, id] = parsePlace(cursor, /created|due/.test(sort) ? 'number' : 'string');
    const beyond = sql.raw(descending ? '<' : '>');
    rows = rows.where(sql<boolean>`(${value} ${beyond} ${after} or (${value} = ${after} and ${sql.ref('invoice.id')} ${beyond} ${id}))`);
  }
  const order = descending ? 'desc' : 'asc';
  const page = await rows.orderBy(value, order).orderBy('invoice.id', order).limit(size + 1).execute();
  const shown = page.slice(0, size);
  const last = page.length > size ? shown.at(-1)! : undefined;
  return { invoices: await summarise(query, shown, now), total: Number(total), nextCursor: last ? placeText(typeof last.sort_value === 'string' ? last.sort_value : Number(last.sort_value), last.id) : null };
}

function matching(query: Query, filter: ListInvoices['filter'], { drafts, now }: { drafts: boolean; now: number }) {
  let rows = invoiceRows(query);
  if (!drafts) rows = rows.where('invoice.number', 'is not', null);
  if (filter.consumerId !== undefined) rows = rows.where('invoice.consumer_id', '=', filter.consumerId);
  if (filter.productSlug !== undefined) rows = rows.where('product.slug', '=', filter.productSlug);
  if (filter.kind !== undefined) rows = rows.where('invoice.kind', '=', filter.kind);
  if (filter.state === 'overdue') rows = rows.where('invoice.state', '=', 'finalised').where('invoice.due_at', '<', now);
  else if (filter.state !== undefined) rows = rows.where('invoice.state', '=', filter.state);
  const at = sql<number>`coalesce(invoice.finalised_at, invoice.created_at)`;
  if (filter.from !== undefined) rows = rows.where(at, '>=', filter.from);
  if (filter.to !== undefined) rows = rows.where(at, '<', filter.to);
  if (filter.search === undefined) return rows;
  const pattern = `%${filter.search.trim().toLowerCase().replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`;
  return rows.where(sql<boolean>`(lower(invoice.number) like ${pattern} escape '\\' or lower(consumer.name) like ${pattern} escape '\\')`);
}

function invoiceRows(query: Query) {
  return query.selectFrom('invoice').innerJoin('consumer', 'consumer.id', 'invoice.consumer_id').leftJoin('subscription', 'subscription.id', 'invoice.subscription_id')
    .leftJoin('product', 'product.id', 'subscription.product_id').leftJoin('billing_period', 'billing_period.id', 'invoice.period_id');
}

const summaryColumns = [
  'invoice.id', 'invoice.number', 'invoice.kind', 'invoice.state', 'invoice.consumer_id', 'consumer.name as consumer_name', 'invoice.subscription_id', 'product.slug as product_slug', 'product.name as product_name', 'invoice.currency', 'invoice.total', 'invoice.due',
  'invoice.created_at', 'invoice.finalised_at', 'invoice.due_at', 'invoice.paid_at', 'invoice.voided_at', 'invoice.payment_state', 'invoice.period_id', 'billing_period.from_at', 'billing_period.to_at',
] as const;
type SummaryRow = Pick<InvoiceRow, 'id' | 'number' | 'kind' | 'state' | 'consumer_id' | 'subscription_id' | 'currency' | 'total' | 'due' | 'created_at' | 'finalised_at' | 'due_at' | 'paid_at' | 'voided_at' | 'payment_state' | 'period_id'>
  & { consumer_name: string; product_slug: string | null; product_name: string | null; from_at: number | null; to_at: number | null };

async function summarise(query: Query, rows: SummaryRow[], now: number): Promise<InvoiceSummary[]> {
  const balances = await readBalances(query, rows);
  return rows.map((row) => {
    const { openMinor, places } = balances.get(row.id)!;
    return {
      id: row.id, number: row.number, kind: row.kind, state: row.state, overdue: row.state === 'finalised' && row.due_at !== null && row.due_at < now, paymentState: row.payment_state, consumerId: row.consumer_id, consumerName: row.consumer_name,
      subscriptionId: row.subscription_id, productSlug: row.product_slug, productName: row.product_name, currency: row.currency, total: row.total, due: row.due, open: decimalText(openMinor, places),
      period: row.period_id === null ? null : { id: row.period_id, from: row.from_at!, to: row.to_at! }, createdAt: row.created_at, finalisedAt: row.finalised_at, dueAt: row.due_at, paidAt: row.paid_at, voidedAt: row.voided_at,
    };
  });
}

/** By id or number. @throws AppError `not_found` */
export async function getInvoice(query: Query, idOrNumber: string, now: number): Promise<InvoiceDetail> {
  const row = await invoiceRows(query).select(summaryColumns).select(['invoice.subtotal', 'invoice.tax_name', 'invoice.tax_percent', 'invoice.tax', 'invoice.credit', 'invoice.seller', 'invoice.buyer', 'invoice.corrects_invoice_id'])
    .where((eb) => eb.or([eb('invoice.id', '=', idOrNumber), eb('invoice.number', '=', idOrNumber)])).executeTakeFirst();
  if (!row) throw new AppError('not_found', `There is no invoice ${idOrNumber}.`);
  const [summary] = await summarise(query, [row], now);
  const notes = await query.selectFrom('invoice').select(['id', 'number', 'total', 'finalised_at']).where('corrects_invoice_id', '=', row.id).orderBy('finalised_at').orderBy('number').execute();
  const payments = await query.selectFrom('payment').select(['id', 'provider', 'reference', 'state', 'amount', 'error', 'url', 'created_at']).where('invoice_id', '=', row.id).orderBy('updated_at').orderBy('id').execute();
  const corrects = row.corrects_invoice_id === null ? null : await query.selectFrom('invoice').select(['id', 'number']).where('id', '=', row.corrects_invoice_id).executeTakeFirstOrThrow();
  return {
    ...summary!, subtotal: row.subtotal, tax: { name: row.tax_name, percent: row.tax_percent, amount: row.tax }, credit: row.credit, seller: JSON.parse(row.seller) as Party, buyer: JSON.parse(row.buyer) as Party,
    lines: await listLines(query, row), corrects,
    creditNotes: notes.map(({ id, number, total, finalised_at: finalisedAt }) => ({ id, number, total, finalisedAt })),
    payments: payments.map(({ created_at: at, ...payment }) => ({ ...payment, at })),
  };
}

async function listLines(query: Query, invoice: Pick<InvoiceRow, 'id' | 'currency' | 'period_id'>): Promise<InvoiceLine[]> {
  const rows = await query.selectFrom('invoice_line').selectAll().where('invoice_id', '=', invoice.id).orderBy('position').execute();
  const { byPosition } = await readCredited(query, invoice);
  const places = minorPlacesOf(invoice.currency);
  return rows.map((row) => ({
    position: row.position, kind: row.kind, description: row.description, meter: row.meter, quantity: row.quantity, unitPrice: row.unit_price, amount: row.amount, credited: decimalText(byPosition.get(row.position) ?? 0n, places),
    from: row.from_at, to: row.to_at, periodId: row.period_id, detail: JSON.parse(row.detail) as Record<string, unknown>,
  }));
}

function sortValue(sort: InvoiceSort): RawBuilder<string | number> {
  const expressions: Record<SortKey, RawBuilder<string | number>> = {
    created: sql<number>`invoice.created_at`,
    due: sql<number>`coalesce(invoice.due_at, 0)`,
    consumer: sql<string>`lower(consumer.name)`,
    number: sql<string>`coalesce(invoice.number, '')`,
  };
  const expression = expressions[sort.replace(/^-/, '') as SortKey];
  if (expression === undefined) throw new AppError('input_invalid', `Invoices cannot be sorted by "${sort}".`, { errors: [{ pointer: '/sort', detail: `must be one of ${Object.keys(expressions).join(', ')}, with - for the greatest first` }] });
  return expression;
}

/** The cursor behind the row with this sort value and id. */
export function placeText(value: string | number, id: string): string {
  return Buffer.from(JSON.stringify([value, id])).toString('base64url');
}

/** @throws AppError `input_invalid` */
export function parsePlace(cursor: string, type: 'number' | 'string'): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(place) && place.length === 2 && typeof place[0] === type && typeof place[1] === 'string') return place as Place;
  } catch {
    // Refused below.
  }
  throw new AppError('input_invalid', 'The cursor is not one that was given out here.', { errors: [{ pointer: '/cursor', detail: 'is not valid' }] });
}
