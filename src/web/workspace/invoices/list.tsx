import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { flashCookie } from '../../flash.server.ts';
import { invoiceFields, readInvoiceFilter } from '../../invoices/invoice-filter.server.ts';
import { Amount } from '../../invoices/amount.tsx';
import { InvoiceBadge } from '../../invoices/invoice-badge.tsx';
import { act, load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { ButtonLink, Submit } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilterBar } from '../../ui/filter-bar.tsx';
import { FormField, SelectField } from '../../ui/form-field.tsx';
import { formatDay } from '../../ui/format-time.ts';
import { Paging } from '../../ui/paging.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { useMay } from '../use-may.ts';
import { RunState } from './run-state.tsx';

const words = texts.invoices;

export const loader = load(async ({ services, member, url }) => {
  const actor = await member();
  const { shown, filter, sort, cursor } = readInvoiceFilter(url);
  const [{ invoices, total, nextCursor }, run, products] = await Promise.all([services.invoices.list(actor, { ...filter, sort, cursor, limit: 50 }), services.invoices.findRun(actor), services.products.list(actor)]);
  return { shown, fields: [...invoiceFields], invoices, total, nextCursor, run, products: products.map(({ slug, name }) => ({ slug, name })), csv: `/workspace/invoices.csv${url.search}` };
});

export const action = act(async ({ services, member }): Promise<{ problem?: undefined }> => {
  const run = await services.invoices.run(await member());
  throw redirect('/workspace/invoices', { headers: { 'set-cookie': flashCookie(words.ran(run.billed, run.finalised), run.failures.length > 0 ? 'bad' : 'good') } });
});

export default function Invoices() {
  const { shown, fields, invoices, total, nextCursor, run, products, csv } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  const mayChange = useMay('billing.change');
  const filtered = Object.values(shown).some((value) => value !== '');
  return (
    <div className="space-y-6">
      <title>{words.title}</title>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-2xl">{words.title}</h1>
        <div className="flex flex-wrap gap-2">
          <ButtonLink kind="plain" to="/workspace/payments">{texts.payments.title}</ButtonLink><ButtonLink kind="plain" to="/workspace/coupons">{texts.coupons.title}</ButtonLink><ButtonLink kind="plain" to="/workspace/reconciliation">{words.reconciliation.title}</ButtonLink><ButtonLink kind="plain" to="/workspace/billing">{words.settings.title}</ButtonLink>
          {mayChange && <Form method="post"><Submit kind="plain" doing={words.running}>{words.runNow}</Submit></Form>}
        </div>
      </div>
      <ProblemNotice problem={problem} />
      <RunState run={run} />
      <FilterBar names={fields}>
        <div className="col-span-2 sm:col-span-1 lg:w-64"><FormField label={words.search} name="search" type="search" defaultValue={shown.search} placeholder={words.searchHint} /></div>
        <SelectField label={words.state} name="state" defaultValue={shown.state}><option value="">{words.all}</option>{words.statesOfWorkspace.map((state) => <option key={state} value={state}>{words.states[state]}</option>)}</SelectField>
        <SelectField label={words.kind} name="kind" defaultValue={shown.kind}><option value="">{words.all}</option>{Object.entries(words.kindsOf).map(([kind, text]) => <option key={kind} value={kind}>{text}</option>)}</SelectField>
        <SelectField label={words.product} name="product" defaultValue={shown.product}><option value="">{words.all}</option>{products.map(({ slug, name }) => <option key={slug} value={slug}>{name}</option>)}</SelectField>
        <FormField label={words.from} name="from" type="date" defaultValue={shown.from} />
        <FormField label={words.to} name="to" type="date" defaultValue={shown.to} />
      </FilterBar>
      <DataTable caption={words.title} rows={invoices} rowKey={({ id }) => id} sort="-created" empty={<EmptyState title={filtered ? words.noMatch : words.none}>{filtered ? words.noMatchHint : words.noneHint}</EmptyState>} columns={[
        { key: 'number', header: words.number, sortable: true, cell: (row) => <span className="block min-w-28"><TextLink to={`/workspace/invoices/${row.id}`}>{row.number ?? words.noNumber}</TextLink> <InvoiceBadge invoice={row} /></span> },
        { key: 'consumer', header: words.consumer, sortable: true, cell: (row) => <TextLink to={`/workspace/consumers/${row.consumerId}`} className="block min-w-28 wrap-anywhere">{row.consumerName}</TextLink> },
        { key: 'product', header: words.product, from: 'lg', cell: (row) => row.productName },
        { key: 'period', header: words.period, from: 'xl', cell: (row) => row.period && words.span(formatDay(row.period.from), formatDay(row.period.to - 1)) },
        { key: 'created', header: words.date, from: 'sm', sortable: true, cell: (row) => <Time ms={row.finalisedAt ?? row.createdAt} day /> },
        { key: 'due', header: words.due, from: 'md', sortable: true, cell: (row) => row.dueAt !== null && <Time ms={row.dueAt} day /> },
        { key: 'total', header: words.total, align: 'right', cell: (row) => <Amount amount={row.total} currency={row.currency} /> },
        { key: 'open', header: words.open, align: 'right', from: 'sm', cell: (row) => <Amount amount={row.open} currency={row.currency} /> },
      ]} />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <Paging nextCursor={nextCursor} words={texts.ui.pagesForward} />
        {total > 0 && <p className="text-sm text-muted">{words.count(total)} <a href={csv} download className="text-accent underline underline-offset-2">{words.csvAll}</a></p>}
      </div>
    </div>
  );
}
