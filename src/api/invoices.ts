import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { idParam, nextCursor, orNull, periodQuery, quantity, readPeriod, time, timeOrNull } from './fields.ts';
import { addRoute, refusalResponses } from './route.ts';
import type { Api, ApiEnv } from './route.ts';

const amount = z.string().openapi({ description: 'Exact decimal text with the digits of the currency; below zero on credit notes.', example: '61.88' });
const exampleId = 'bil_01K0G6Q8YB3V5N2M7R4T9W1X0Z';
const periodSchema = z.object({ id: z.string(), from: time, to: time });
const partySchema = z.object({ name: z.string(), address: z.string(), country: z.string().nullable(), taxId: z.string().nullable(), email: z.string().nullable() }).openapi('Party');
const summaryFields = {
  id: z.string().openapi({ example: exampleId }), number: z.string().nullable().openapi({ description: 'Null until it is finalised.', example: 'INV-000042' }), kind: z.enum(['invoice', 'credit-note']), state: z.enum(['draft', 'finalised', 'paid', 'void']), overdue: z.boolean(), paymentState: z.enum(['none', 'pending', 'processing', 'failed', 'paid', 'uncollectible']).openapi({ description: 'How a payment provider stands with it.' }),
  consumerId: z.string(), consumerName: z.string(), subscriptionId: z.string().nullable(), productSlug: z.string().nullable(), productName: z.string().nullable(), currency: z.string().openapi({ description: 'ISO 4217, lower case.', example: 'usd' }),
  total: amount, due: amount.openapi({ description: '`total` less prepaid credit.' }), open: amount.openapi({ description: 'What is still to be paid.' }), period: orNull(periodSchema), createdAt: time, finalisedAt: timeOrNull, dueAt: timeOrNull, paidAt: timeOrNull, voidedAt: timeOrNull,
};
const summarySchema = z.object(summaryFields).openapi('Invoice');
const lineSchema = z.object({
  position: z.number().int(), kind: z.enum(['fee', 'proration', 'usage', 'late-usage', 'coupon', 'reversal']), description: z.string(), meter: z.string().nullable(), quantity, unitPrice: z.string(), amount,
  credited: amount.openapi({ description: 'What credit notes took off it.' }), from: time, to: time, periodId: z.string().nullable().openapi({ description: 'Another period than the invoice’s own, for late usage.' }), detail: z.record(z.string(), z.unknown()),
}).openapi('InvoiceLine');
const detailSchema = z.object({
  ...summaryFields, subtotal: amount, tax: z.object({ name: z.string().nullable(), percent: z.string().nullable(), amount }), credit: amount, seller: partySchema, buyer: partySchema, lines: z.array(lineSchema),
  corrects: orNull(z.object({ id: z.string(), number: z.string().nullable() })), creditNotes: z.array(z.object({ id: z.string(), number: z.string().nullable(), total: amount, finalisedAt: timeOrNull })),
  payments: z.array(z.object({ id: z.string(), provider: z.string(), reference: z.string().nullable(), state: z.enum(['pending', 'processing', 'succeeded', 'failed', 'cancelled']), amount, error: z.string().nullable(), url: z.string().nullable(), at: time })),
}).openapi('InvoiceDetail');
const exampleSummary = {
  id: exampleId, number: 'INV-000042', kind: 'invoice' as const, state: 'finalised' as const, overdue: false, paymentState: 'none' as const, consumerId: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z', consumerName: 'Northwind', subscriptionId: 'sub_01K0G6Q8YB3V5N2M7R4T9W1X0Z', productSlug: 'atlas', productName: 'Atlas API', currency: 'usd',
  total: '61.88', due: '61.88', open: '61.88', period: { id: 'per_01K0G6Q8YB3V5N2M7R4T9W1X0Z', from: '2026-07-01T00:00:00.000Z', to: '2026-08-01T00:00:00.000Z' }, createdAt: '2026-08-01T01:02:00.000Z', finalisedAt: '2026-08-01T01:02:00.000Z', dueAt: '2026-08-15T01:02:00.000Z', paidAt: null, voidedAt: null,
};
const exampleLine = { position: 0, kind: 'fee' as const, description: 'Growth, fee per month', meter: null, quantity: '1', unitPrice: '52.00', amount: '52.00', credited: '0.00', from: '2026-07-01T00:00:00.000Z', to: '2026-08-01T00:00:00.000Z', periodId: null, detail: {} };
const exampleParty = { name: 'Northwind', address: 'Weg 1\n10115 Berlin', country: 'DE', taxId: 'DE123456789', email: 'billing@northwind.example' };
const exampleDetail = { ...exampleSummary, subtotal: '52.00', tax: { name: 'VAT', percent: '19', amount: '9.88' }, credit: '0.00', seller: { ...exampleParty, name: 'Atlas Ltd' }, buyer: exampleParty, lines: [exampleLine], corrects: null, creditNotes: [], payments: [] };

const runSchema = z.object({
  startedAt: time, endedAt: time, rolled: z.number().int().openapi({ description: 'Periods that ended.' }), billed: z.number().int().openapi({ description: 'Periods that were billed.' }), withoutInvoice: z.number().int().openapi({ description: 'Of them with nothing to pay.' }),
  late: z.number().int().openapi({ description: 'Documents for usage that came late, beside lines on later invoices.' }), finalised: z.number().int(), numbers: orNull(z.object({ first: z.string(), last: z.string() })), drafts: z.number().int().openapi({ description: 'Drafts that are left.' }), inGrace: z.number().int().openapi({ description: 'Periods that are over, but not for as long as the grace.' }),
  waiting: orNull(z.object({
    periods: z.number().int(), until: time.openapi({ description: 'The ledger must have read what was written before this moment.' }), readUpTo: timeOrNull.openapi({ description: 'What it has read; null: nothing since its start.' }), failing: z.string().nullable(),
    segments: z.array(z.object({ segment: z.string(), gateway: z.string(), bytes: z.number(), writtenAt: time })),
  })).openapi({ description: 'What waits for the ledger, and for whose spool.' }),
  failures: z.array(z.object({ subscriptionId: z.string(), message: z.string() })),
}).openapi('BillingRun');
const exampleRun = { startedAt: '2026-08-01T01:02:00.000Z', endedAt: '2026-08-01T01:02:03.000Z', rolled: 12, billed: 12, withoutInvoice: 7, late: 0, finalised: 5, numbers: { first: 'INV-000042', last: 'INV-000046' }, drafts: 0, inGrace: 3, waiting: null, failures: [] };

const params = z.object({ invoice: idParam('invoice', 'INV-000042', 'Number or id of the invoice.') });
const answer = { description: 'The invoice as it is now.', schema: detailSchema, example: exampleDetail };

export function addInvoiceRoutes(api: Api): void {
  const { invoices } = api.services;
  addRoute(api, {
    method: 'get', path: '/api/v1/invoices', operation: 'listInvoices', tag: 'Invoices', summary: 'List invoices', description: 'Invoices and credit notes; newest first unless sorted otherwise.',
    query: z.strictObject({
      email: z.string().max(320).optional().openapi({ description: 'Only of the consumer of this developer.' }), consumer: z.string().max(200).optional(), product: z.string().max(100).optional(), state: z.enum(['draft', 'finalised', 'paid', 'void', 'overdue']).optional(), kind: z.enum(['invoice', 'credit-note']).optional(),
      search: z.string().max(200).optional().openapi({ description: 'Part of a number or of a consumer’s name.' }), since: periodQuery.since, from: periodQuery.from, to: periodQuery.to, sort: z.enum(['created', '-created', 'due', '-due', 'consumer', '-consumer', 'number', '-number']).optional(),
      cursor: z.string().max(500).optional(), limit: z.coerce.number().int().min(1).max(1000).optional().openapi({ description: 'At most so many rows; 200 at once.', example: 50 }),
    }),
    answer: { description: 'A page of invoices; `total` counts all that match.', schema: z.object({ invoices: z.array(summarySchema), total: z.number().int(), nextCursor }), example: { invoices: [exampleSummary], total: 1, nextCursor: null } },
  }, async ({ actor, query: { consumer, product, since, from, to, ...query } }) => invoices.list(actor, { ...query, consumerId: consumer, productSlug: product, ...(since !== undefined || from !== undefined ? readPeriod({ since, from, to }, api.clock.now(), '30d') : { to }) }));

  addRoute(api, {
    method: 'post', path: '/api/v1/invoices/run', operation: 'runBilling', tag: 'Invoices', summary: 'Run the billing', description: 'Ends periods, bills those that are over and read whole, and finalises drafts. It may be repeated at any time; Portico does so every few minutes.',
    answer: { description: 'What was done, and what waits.', schema: runSchema, example: exampleRun },
  }, async ({ actor }) => invoices.run(actor));
  addRoute(api, {
    method: 'get', path: '/api/v1/invoices/run', operation: 'getBillingRun', tag: 'Invoices', summary: 'Get the last billing run', description: 'What the last run did, and what waits.',
    answer: { description: 'The run; null before the first.', schema: z.object({ run: orNull(runSchema) }), example: { run: exampleRun } },
  }, async ({ actor }) => ({ run: await invoices.findRun(actor) }));
  addReconcileRoute(api);

  addRoute(api, {
    method: 'get', path: '/api/v1/invoices/{invoice}', operation: 'getInvoice', tag: 'Invoices', summary: 'Get an invoice', description: 'One invoice or credit note with its lines, credit notes and payments.', params, answer,
  }, async ({ actor, params: { invoice } }) => invoices.get(actor, invoice));
  addRoute(api, {
    method: 'get', path: '/api/v1/invoices/{invoice}/lines/{position}', operation: 'getInvoiceLine', tag: 'Invoices', summary: 'Open a line of an invoice', description: 'The operations, days and newest requests behind a line; requests while their events are kept.',
    params: z.object({ ...params.shape, position: z.coerce.number().int().min(0).openapi({ param: { name: 'position', in: 'path' }, example: 1 }) }),
    answer: {
      description: 'The sources.', schema: z.object({
        line: lineSchema, operations: z.array(z.object({ operation: z.string(), quantity })), days: z.array(z.object({ day: time, quantity })), requests: z.array(z.object({ id: z.string(), at: time, operation: z.string().nullable(), version: z.string().nullable(), status: z.number().int() })), requestsKeptSince: time,
      }).openapi('InvoiceLineSources'),
      example: { line: exampleLine, operations: [{ operation: 'getCity', quantity: '1204' }], days: [{ day: '2026-07-01T00:00:00.000Z', quantity: '1204' }], requests: [{ id: 'req_01K0G6Q8YB3V5N2M7R4T9W1X0Z', at: '2026-07-01T09:00:00.000Z', operation: 'getCity', version: 'v1', status: 200 }], requestsKeptSince: '2026-05-03T00:00:00.000Z' },
    },
  }, async ({ actor, params: { invoice, position } }) => invoices.getLineSources(actor, { id: invoice, position }));
  addDocumentRoute(api);
  addChangeRoutes(api);
}

function addChangeRoutes(api: Api): void {
  const { invoices } = api.services;
  const change = { tag: 'Invoices', params, answer, refusals: ['conflict' as const] };
  const idOf = async (actor: Parameters<typeof invoices.get>[0], invoice: string): Promise<string> => (await invoices.get(actor, invoice)).id;
  addRoute(api, {
    ...change, method: 'post', path: '/api/v1/invoices/{invoice}/finalise', operation: 'finaliseInvoice', summary: 'Finalise a draft', description: 'Gives it its number, tax and prepaid credit. From then on it stays as it is.',
  }, async ({ actor, params: { invoice } }) => invoices.finalise(actor, { id: await idOf(actor, invoice) }));
  addRoute(api, {
    ...change, method: 'post', path: '/api/v1/invoices/{invoice}/pay', operation: 'markInvoicePaid', summary: 'Mark an invoice as paid', description: 'What is open was paid by other means, such as a bank transfer.',
    body: { schema: z.strictObject({ at: z.iso.datetime({ offset: true }).optional().openapi({ description: 'When; now when absent.', example: '2026-08-09T00:00:00Z' }), note: z.string().max(500).optional().openapi({ example: 'Transfer of 9 August' }) }), example: { note: 'Transfer of 9 August' } },
  }, async ({ actor, params: { invoice }, body }) => invoices.markPaid(actor, { id: await idOf(actor, invoice), ...(body.at !== undefined && { at: Date.parse(body.at) }), note: body.note }));
  addRoute(api, {
    ...change, method: 'post', path: '/api/v1/invoices/{invoice}/void', operation: 'voidInvoice', summary: 'Void an invoice', description: 'A draft, or an invoice on which nothing was paid or credited. It keeps its number; its prepaid credit goes back.',
    body: { schema: z.strictObject({ reason: z.string().min(1).max(500) }), example: { reason: 'A test account' } },
  }, async ({ actor, params: { invoice }, body }) => invoices.void(actor, { id: await idOf(actor, invoice), reason: body.reason }));
  addRoute(api, {
    ...change, method: 'post', path: '/api/v1/invoices/{invoice}/credit-notes', operation: 'creditInvoice', summary: 'Credit an invoice', description: 'Reverses lines, all without `lines`, by a credit note with a number of its own. What was paid already becomes prepaid credit; with `refund` it goes back through the provider that collected it, or was paid back by other means. Never more than was billed.',
    body: {
      schema: z.strictObject({ lines: z.array(z.strictObject({ position: z.number().int().min(0), amount: z.string().max(40).optional().openapi({ description: 'A part; all that is left of the line when absent.', example: '10.00' }) })).max(1000).optional(), reason: z.string().min(1).max(500), refund: z.boolean().optional() }),
      example: { lines: [{ position: 0, amount: '10.00' }], reason: 'An outage in July' },
    },
    answer: { ...answer, description: 'The credit note.', status: 201 as const },
  }, async ({ actor, params: { invoice }, body }) => invoices.credit(actor, { id: await idOf(actor, invoice), ...body }));
}

function addReconcileRoute(api: Api): void {
  const meter = z.object({
    consumerId: z.string(), consumerName: z.string(), subscriptionId: z.string(), productSlug: z.string(), period: z.object({ id: z.string(), kind: z.enum(['trial', 'regular']), from: time, to: time, state: z.enum(['open', 'ended', 'billed']) }), invoiceNumber: z.string().nullable(), meter: z.string(),
    gateway: quantity.nullable().openapi({ description: 'By the request events; null where they are no longer kept.' }), ledger: quantity, invoiced: quantity.nullable().openapi({ description: 'Null where it is not billed yet, or has no price.' }), gatewayLessLedger: quantity.nullable(), ledgerLessInvoiced: quantity.nullable(),
  }).openapi('ReconciledMeter');
  const example = { consumerId: 'con_01K0G6Q8YB3V5N2M7R4T9W1X0Z', consumerName: 'Northwind', subscriptionId: 'sub_01K0G6Q8YB3V5N2M7R4T9W1X0Z', productSlug: 'atlas', period: { id: 'per_01K0G6Q8YB3V5N2M7R4T9W1X0Z', kind: 'regular' as const, from: '2026-07-01T00:00:00.000Z', to: '2026-08-01T00:00:00.000Z', state: 'billed' as const }, invoiceNumber: 'INV-000042', meter: 'requests', gateway: '1204', ledger: '1204', invoiced: '1204', gatewayLessLedger: '0', ledgerLessInvoiced: '0' };
  addRoute(api, {
    method: 'get', path: '/api/v1/invoices/reconciliation', operation: 'reconcileInvoices', tag: 'Invoices', summary: 'Reconcile counts and money', description: 'Gateway count, ledger and invoice of each period that touches the range, by meter, 500 periods at once, newest first; and what all invoices of the range came to. Differences are zero.',
    query: z.strictObject({ email: z.string().max(320).optional(), consumer: z.string().max(200).optional(), differing: z.enum(['true', 'false']).optional().openapi({ description: 'Only rows that differ.' }), cursor: z.string().max(300).optional(), ...periodQuery }),
    answer: {
      description: 'The counts.', schema: z.object({ meters: z.array(meter), money: z.array(z.object({ currency: z.string(), invoiced: amount, credit: amount, paid: amount, open: amount, difference: amount })), differing: z.number().int(), nextCursor: z.string().nullable() }),
      example: { meters: [example], money: [{ currency: 'usd', invoiced: '61.88', credit: '0.00', paid: '0.00', open: '61.88', difference: '0.00' }], differing: 0, nextCursor: null },
    },
  }, async ({ actor, query: { consumer, email, differing, cursor, ...range } }) => api.services.invoices.reconcile(actor, { consumerId: consumer, email, cursor, differing: differing === 'true', ...readPeriod(range, api.clock.now(), '62d') }));
}

function addDocumentRoute(api: Api): void {
  const route = createRoute({
    method: 'get', path: '/api/v1/invoices/{invoice}/pdf', operationId: 'getInvoiceDocument', tags: ['Invoices'], summary: 'Download an invoice', description: 'The document as PDF.', security: [{ adminToken: [] }, { session: [] }], request: { params },
    responses: { 200: { description: 'The document.', content: { 'application/pdf': { schema: z.string().openapi({ format: 'binary' }), example: '(binary)' } } }, ...refusalResponses({ params }) },
  });
  api.app.openapi(route, (async (context: Context<ApiEnv>) => {
    const { fileName, content } = await api.services.invoices.getDocument(context.get('actor'), context.req.param('invoice')!);
    return new Response(content, { headers: { 'Content-Type': 'application/pdf', 'Content-Disposition': `attachment; filename="${fileName}"` } });
  }) as never);
}
