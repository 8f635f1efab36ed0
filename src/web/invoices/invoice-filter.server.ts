import type { InvoiceFilter, InvoiceFilterState, InvoiceSort } from '../../control/services.ts';

const dayMs = 86_400_000;
const states = ['draft', 'finalised', 'overdue', 'paid', 'void'] as const satisfies readonly InvoiceFilterState[];
const sorts = ['created', '-created', 'due', '-due', 'consumer', '-consumer', 'number', '-number'] as const satisfies readonly InvoiceSort[];
export const invoiceFields = ['search', 'state', 'kind', 'product', 'from', 'to'] as const;

/** What the address bar asks for. Days are UTC days, the last one included. */
export function readInvoiceFilter({ searchParams }: URL): { shown: Record<(typeof invoiceFields)[number], string>; filter: InvoiceFilter; sort: InvoiceSort | undefined; cursor: string | undefined } {
  const value = (name: string): string => searchParams.get(name)?.trim() ?? '';
  const shown = { search: value('search'), state: value('state'), kind: value('kind'), product: value('product'), from: value('from'), to: value('to') };
  const to = dayOf(shown.to);
  return {
    shown, sort: sorts.find((sort) => sort === value('sort')), cursor: value('cursor') || undefined,
    filter: { search: shown.search || undefined, state: states.find((state) => state === shown.state), kind: shown.kind === 'invoice' || shown.kind === 'credit-note' ? shown.kind : undefined, productSlug: shown.product || undefined, from: dayOf(shown.from), to: to === undefined ? undefined : to + dayMs },
  };
}

function dayOf(text: string): number | undefined {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
