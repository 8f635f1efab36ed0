import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordActivity } from '../activity/activity.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import { requireConsumer, requireRight } from '../rights.ts';
import type { Actor, InvoiceDetail, Invoices } from '../services.ts';
import { chosenConsumer } from '../usage/chosen.ts';
import { requireRange } from '../usage/time-range.ts';
import { invalid } from './billing-settings.ts';
import { creditLines } from './credit-note.ts';
import { drawInvoice } from './invoice-pdf.ts';
import { getLineSources } from './line-sources.ts';
import { getInvoice, listInvoices } from './list-invoices.ts';
import { reconcile } from './reconcile.ts';
import { findBillingRun, finaliseInvoice, runBilling, type RunParts } from './run-billing.ts';
import { payManually, voidInvoice } from './settle-invoice.ts';
import { getInvoiceRow, type InvoiceRow } from './write-invoice.ts';

const reasonMax = 500;

export function createInvoices(deps: ControlDeps, parts: RunParts): Invoices {
  const { database, clock } = deps;
  const { kysely } = database;
  /** A member's change of one invoice, in one transaction. */
  const change = async (actor: Actor, id: string, work: (query: Query, invoice: InvoiceRow) => Promise<void>): Promise<InvoiceDetail> => {
    requireRight(actor, 'billing.change');
    await database.transaction(async (query) => work(query, await getInvoiceRow(query, id)));
    return getInvoice(kysely, id, clock.now());
  };
  const read = async (actor: Actor, idOrNumber: string): Promise<InvoiceDetail> => {
    const invoice = await getInvoice(kysely, idOrNumber, clock.now());
    requireConsumer(actor, invoice.consumerId, 'workspace.read');
    if (actor.kind === 'developer' && invoice.number === null) throw new AppError('not_found', `There is no invoice ${idOrNumber}.`);
    return invoice;
  };
  return {
    async run(actor) {
      requireRight(actor, 'billing.change');
      return runBilling(deps, parts, { actor, everything: true });
    },
    async findRun(actor) {
      requireRight(actor, 'workspace.read');
      return findBillingRun(kysely);
    },
    async list(actor, { email, sort, cursor, limit, ...filter }) {
      const consumerId = await chosenConsumer(kysely, actor, { ...(filter.consumerId !== undefined && { consumerId: filter.consumerId }), ...(email !== undefined && { email }) });
      return listInvoices(kysely, { filter: { ...filter, consumerId }, drafts: actor.kind !== 'developer', sort, cursor, limit, now: clock.now() });
    },
    get: read,
    async getLineSources(actor, { id, position }) {
      return getLineSources(deps, await read(actor, id), position);
    },
    async getDocument(actor, idOrNumber) {
      const invoice = await read(actor, idOrNumber);
      return { fileName: `${(invoice.number ?? `draft-${invoice.id}`).replaceAll(/[^\w.-]/g, '-')}.pdf`, content: await drawInvoice(invoice, deps.fonts) };
    },
    finalise: (actor, { id }) => change(actor, id, async (query) => void (await finaliseInvoice(deps, query, actor, id))),
    markPaid: (actor, { id, at = clock.now(), note = '' }) => change(actor, id, async (query, invoice) => {
      if (!Number.isSafeInteger(at) || at < (invoice.finalised_at ?? 0) - 366 * 86_400_000 || at > clock.now() + 86_400_000) throw invalid('/at', 'The day of the payment must not be in the future, nor a year before the invoice.');
      if (note.trim().length > reasonMax) throw invalid('/note', `The note takes at most ${reasonMax} characters.`);
      const amount = await payManually(deps, query, invoice, { at, note: note.trim() || null });
      await recordAudit(query, deps, actor, { action: 'paid', noun: 'invoice', subject: id, name: invoice.number!, before: { state: invoice.state }, after: { state: 'paid', amount, currency: invoice.currency, at, ...(note.trim() && { note: note.trim() }) } });
      await recordActivity(query, deps, { consumerId: invoice.consumer_id, actor: 'system', kind: 'invoice.paid', subject: id, detail: { number: invoice.number, amount, currency: invoice.currency } });
    }),
    void: (actor, { id, reason }) => change(actor, id, async (query, invoice) => {
      const why = reasonOf(reason);
      await voidInvoice(deps, query, invoice);
      await recordAudit(query, deps, actor, { action: 'voided', noun: 'invoice', subject: id, name: invoice.number ?? 'draft', before: { state: invoice.state }, after: { state: 'void', reason: why } });
      if (invoice.number !== null) await recordActivity(query, deps, { consumerId: invoice.consumer_id, actor: 'system', kind: 'invoice.voided', subject: id, detail: { number: invoice.number } });
    }),
    async credit(actor, { id, lines, reason, refund = false }) {
      let noteId = '';
      await change(actor, id, async (query, invoice) => {
        const why = reasonOf(reason);
        const note = await creditLines(deps, query, invoice, { lines, refund });
        noteId = note.id;
        await recordAudit(query, deps, actor, { action: 'credited', noun: 'invoice', subject: id, name: invoice.number!, before: null, after: { creditNote: note.number, reason: why, refund } });
      });
      return getInvoice(kysely, noteId, clock.now());
    },
    async reconcile(actor, { email, from, to, differing = false, ...input }) {
      requireRight(actor, 'workspace.read');
      requireRange({ from, to });
      const consumerId = await chosenConsumer(kysely, actor, { ...(input.consumerId !== undefined && { consumerId: input.consumerId }), ...(email !== undefined && { email }) });
      return reconcile(deps, { consumerId, from, to, differing, cursor: input.cursor, limit: input.limit });
    },
  };
}

function reasonOf(reason: string): string {
  const said = reason.trim();
  if (said === '' || said.length > reasonMax) throw invalid('/reason', `Say why, in at most ${reasonMax} characters: the audit trail keeps it.`);
  return said;
}
