import { useLoaderData } from 'react-router';
import { readInvoiceFilter } from '../../../invoices/invoice-filter.server.ts';
import { Amount } from '../../../invoices/amount.tsx';
import { InvoiceBadge } from '../../../invoices/invoice-badge.tsx';
import { load } from '../../../page.server.ts';
import { texts } from '../../../texts.ts';
import { ButtonLink } from '../../../ui/button.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { FilterBar } from '../../../ui/filter-bar.tsx';
import { FormField, SelectField } from '../../../ui/form-field.tsx';
import { formatDay } from '../../../ui/format-time.ts';
import { Paging } from '../../../ui/paging.tsx';
import { TextLink } from '../../../ui/text-link.tsx';
import { Time } from '../../../ui/time.tsx';

const words = texts.invoices;
const shownFields = ['state', 'from', 'to'];

export const loader = load(async ({ services, developer, url }) => {
  const actor = await developer();
  const { shown, filter, sort, cursor } = readInvoiceFilter(url);
  const [{ invoices, nextCursor }, account] = await Promise.all([services.invoices.list(actor, { ...filter, sort, cursor, limit: 50 }), services.billing.getAccount(actor, {})]);
  return { shown, invoices, nextCursor, written: account.written, csv: `/dashboard/invoices.csv${url.search}` };
});

export default function Invoices() {
  const { shown, invoices, nextCursor, written, csv } = useLoaderData<typeof loader>();
  const filtered = shown.state !== '' || shown.from !== '' || shown.to !== '';
  return (
    <div className="space-y-6">
      <title>{words.title}</title>
      <div className="flex flex-wrap items-center justify-between gap-3"><h1 className="text-2xl">{words.title}</h1><span className="flex flex-wrap gap-2"><ButtonLink kind="plain" to="/dashboard/payment">{texts.payments.title}</ButtonLink><ButtonLink kind="plain" to="/dashboard/billing">{words.billingAddress}</ButtonLink></span></div>
      {!written && <p className="max-w-[65ch] text-muted">{words.writeAddress}</p>}
      {(invoices.length > 0 || filtered) && (
        <FilterBar names={shownFields}>
          <SelectField label={words.state} name="state" defaultValue={shown.state}><option value="">{words.all}</option>{words.statesOfPortal.map((state) => <option key={state} value={state}>{words.states[state]}</option>)}</SelectField>
          <FormField label={words.from} name="from" type="date" defaultValue={shown.from} />
          <FormField label={words.to} name="to" type="date" defaultValue={shown.to} />
        </FilterBar>
      )}
      <DataTable caption={words.title} rows={invoices} rowKey={({ id }) => id} sort="-created" empty={<EmptyState title={filtered ? words.noMatch : words.none}>{filtered ? words.noMatchHint : words.noneOfPortal}</EmptyState>} columns={[
        { key: 'number', header: words.number, sortable: true, cell: (row) => <span className="block min-w-28"><TextLink to={`/dashboard/invoices/${row.number!.includes('/') ? row.id : row.number}`}>{row.number}</TextLink> <InvoiceBadge invoice={row} /></span> },
        { key: 'product', header: words.product, from: 'sm', cell: (row) => row.productName },
        { key: 'period', header: words.period, from: 'md', cell: (row) => row.period && words.span(formatDay(row.period.from), formatDay(row.period.to - 1)) },
        { key: 'created', header: words.date, sortable: true, cell: (row) => <Time ms={row.finalisedAt ?? row.createdAt} day /> },
        { key: 'due', header: words.due, from: 'sm', sortable: true, cell: (row) => row.dueAt !== null && <Time ms={row.dueAt} day /> },
        { key: 'total', header: words.total, align: 'right', cell: (row) => <Amount amount={row.total} currency={row.currency} /> },
        { key: 'open', header: words.open, align: 'right', cell: (row) => <Amount amount={row.open} currency={row.currency} /> },
      ]} />
      <div className="flex flex-wrap items-center justify-between gap-3"><Paging nextCursor={nextCursor} words={texts.ui.pagesForward} />{invoices.length > 0 && <a href={csv} download className="text-accent underline underline-offset-2">{words.csvAll}</a>}</div>
    </div>
  );
}

