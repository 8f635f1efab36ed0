// Invoices as files that spreadsheets open: the lines of one, or every invoice that a filter chooses.
import type { Actor, InvoiceDetail, InvoiceFilter, InvoiceSummary, Services } from '../../control/services.ts';
import { csvLine, csvResponse } from '../csv.server.ts';

const invoicesMax = 20_000;
const atOnce = 200;
const dayOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString().slice(0, 10));

export function invoiceCsv(invoice: InvoiceDetail): Response {
  async function* lines() {
    yield csvLine(['number', 'kind', 'state', 'date_utc', 'due_utc', 'buyer', 'tax_id', 'currency', 'line', 'line_kind', 'description', 'meter', 'from_utc', 'to_utc', 'quantity', 'unit_price', 'amount']);
    const head = [invoice.number, invoice.kind, invoice.state, dayOf(invoice.finalisedAt), dayOf(invoice.dueAt), invoice.buyer.name, invoice.buyer.taxId, invoice.currency];
    for (const line of invoice.lines) yield csvLine([...head, line.position, line.kind, line.description, line.meter, new Date(line.from).toISOString(), new Date(line.to).toISOString(), line.quantity, line.unitPrice, line.amount]);
    yield csvLine([...head, null, 'subtotal', '', null, null, null, null, null, invoice.subtotal]);
    yield csvLine([...head, null, 'tax', invoice.tax.name === null ? '' : `${invoice.tax.name} ${invoice.tax.percent} %`, null, null, null, null, null, invoice.tax.amount]);
    yield csvLine([...head, null, 'total', '', null, null, null, null, null, invoice.total]);
    yield csvLine([...head, null, 'prepaid credit', '', null, null, null, null, null, invoice.credit]);
    yield csvLine([...head, null, 'due', '', null, null, null, null, null, invoice.due]);
  }
  return csvResponse(`${(invoice.number ?? invoice.id).replaceAll(/[^\w.-]/g, '-')}.csv`, lines());
}

export async function invoicesCsv(services: Services, actor: Actor, filter: InvoiceFilter): Promise<Response> {
  // A refusal must be an answer of its own, before the file begins.
  let page = await services.invoices.list(actor, { ...filter, sort: 'created', limit: atOnce });
  async function* lines() {
    yield csvLine(['number', 'kind', 'state', 'consumer', 'consumer_id', 'product', 'period_from_utc', 'period_to_utc', 'date_utc', 'due_utc', 'paid_utc', 'currency', 'total', 'due', 'open', 'id']);
    for (let rows = 0; ;) {
      for (const row of page.invoices) yield summaryLine(row);
      rows += page.invoices.length;
      if (page.nextCursor === null || rows >= invoicesMax) return;
      page = await services.invoices.list(actor, { ...filter, sort: 'created', limit: atOnce, cursor: page.nextCursor });
    }
  }
  return csvResponse('invoices.csv', lines());
}

function summaryLine(row: InvoiceSummary): string {
  return csvLine([row.number, row.kind, row.state, row.consumerName, row.consumerId, row.productSlug, dayOf(row.period?.from ?? null), dayOf(row.period?.to ?? null), dayOf(row.finalisedAt), dayOf(row.dueAt), dayOf(row.paidAt), row.currency, row.total, row.due, row.open, row.id]);
}
