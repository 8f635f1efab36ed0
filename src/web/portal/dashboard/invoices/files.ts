// Leaves: an invoice as a document or a table, or all that the filter chooses as one.
import { invoiceCsv, invoicesCsv } from '../../../invoices/invoice-csv.server.ts';
import { pdfResponse } from '../../../invoices/invoice-pdf.server.ts';
import { readInvoiceFilter } from '../../../invoices/invoice-filter.server.ts';
import { load } from '../../../page.server.ts';

export const loader = load(async ({ services, developer, params, url }): Promise<Response> => {
  const actor = await developer();
  const invoice = params['invoice'];
  if (invoice === undefined) return invoicesCsv(services, actor, readInvoiceFilter(url).filter);
  return url.pathname.endsWith('/pdf') ? pdfResponse(await services.invoices.getDocument(actor, invoice)) : invoiceCsv(await services.invoices.get(actor, invoice));
});
