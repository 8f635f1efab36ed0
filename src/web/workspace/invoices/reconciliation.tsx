import { useLoaderData } from 'react-router';
import { groupDigits } from '../../../domain/pricing/describe-line.ts';
import type { ReconciledMeter } from '../../../control/services.ts';
import { Amount } from '../../invoices/amount.tsx';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Badge } from '../../ui/badge.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilterBar } from '../../ui/filter-bar.tsx';
import { FormField, SelectField } from '../../ui/form-field.tsx';
import { formatDay } from '../../ui/format-time.ts';
import { Notice } from '../../ui/notice.tsx';
import { Paging } from '../../ui/paging.tsx';
import { TextLink } from '../../ui/text-link.tsx';

const words = texts.invoices.reconciliation;
const dayMs = 86_400_000;
const shownDays = 62;
const periodsShown = 100;

export const loader = load(async ({ services, member, url }) => {
  const actor = await member();
  const value = (name: string): string => url.searchParams.get(name)?.trim() ?? '';
  const day = (name: string): number | undefined => (/^\d{4}-\d\d-\d\d$/.test(value(name)) && Number.isFinite(Date.parse(value(name))) ? Date.parse(value(name)) : undefined);
  const to = (day('to') ?? Math.floor(Date.now() / dayMs) * dayMs) + dayMs;
  const from = day('from') ?? to - shownDays * dayMs;
  const differing = value('differing') === 'yes';
  const found = await services.invoices.reconcile(actor, { ...(value('email') !== '' && { email: value('email') }), ...(value('consumer') !== '' && { consumerId: value('consumer') }), from: Math.min(from, to - dayMs), to, differing, cursor: url.searchParams.get('cursor') ?? undefined, limit: periodsShown });
  return { ...found, whole: found.nextCursor === null && !url.searchParams.has('cursor'), shown: { email: value('email'), consumer: value('consumer'), from: new Date(from).toISOString().slice(0, 10), to: new Date(to - dayMs).toISOString().slice(0, 10), differing } };
});

export default function Reconciliation() {
  const { meters, money, differing, nextCursor, whole, shown } = useLoaderData<typeof loader>();
  const offMoney = money.some(({ difference }) => /[1-9]/.test(difference));
  return (
    <div className="space-y-6">
      <title>{words.title}</title>
      <div className="space-y-2"><BackLink to="/workspace/invoices">{texts.invoices.title}</BackLink><h1 className="text-2xl">{words.title}</h1><p className="max-w-[70ch] text-muted">{words.intro}</p></div>
      <FilterBar names={['email', 'consumer', 'from', 'to', 'differing']}>
        <FormField label={words.email} name="email" type="email" defaultValue={shown.email} />
        {shown.consumer !== '' && <input type="hidden" name="consumer" value={shown.consumer} />}
        <FormField label={texts.invoices.from} name="from" type="date" defaultValue={shown.from} />
        <FormField label={texts.invoices.to} name="to" type="date" defaultValue={shown.to} />
        <SelectField label={words.rows} name="differing" defaultValue={shown.differing ? 'yes' : ''}><option value="">{words.allRows}</option><option value="yes">{words.differingRows}</option></SelectField>
      </FilterBar>
      {differing === 0 && !offMoney ? meters.length > 0 && <Notice tone="good" title={whole ? words.agrees : words.agreesHere}>{words.agreesText}</Notice> : <Notice tone="bad" title={words.differs(differing)}>{words.differsText}</Notice>}
      {money.length > 0 && (
        <section className="space-y-3">
          <h2 className="text-xl">{words.money}</h2>
          <DataTable caption={words.money} rows={money} rowKey={({ currency }) => currency} columns={[
            { key: 'currency', header: words.currency, cell: (row) => row.currency.toUpperCase() },
            ...(['invoiced', 'credit', 'paid', 'open', 'difference'] as const).map((key) => ({ key, header: words.moneyColumns[key], align: 'right' as const, cell: (row: (typeof money)[number]) => <span className={key === 'difference' && /[1-9]/.test(row.difference) ? 'font-semibold text-bad' : ''}><Amount amount={row[key]} currency={row.currency} /></span> })),
          ]} />
        </section>
      )}
      <section className="space-y-3">
        <h2 className="text-xl">{words.counts}</h2>
        <p className="max-w-[70ch] text-sm text-muted">{words.countsNote}</p>
        <DataTable caption={words.counts} rows={meters} rowKey={(row) => `${row.period.id} ${row.meter}`} empty={<EmptyState title={shown.differing ? words.noneDiffer : words.none}>{words.noneHint}</EmptyState>} columns={[
          { key: 'consumer', header: texts.invoices.consumer, cell: (row) => <TextLink to={`/workspace/consumers/${row.consumerId}`} className="block min-w-28 wrap-anywhere">{row.consumerName}</TextLink> },
          { key: 'period', header: texts.invoices.period, cell: (row) => <span className="block min-w-32">{texts.invoices.span(formatDay(row.period.from), formatDay(row.period.to - 1))}<span className="block text-sm text-muted">{row.productSlug}, <State row={row} /></span></span> },
          { key: 'meter', header: words.meter, cell: (row) => <code>{row.meter}</code> },
          { key: 'gateway', header: words.gateway, align: 'right', cell: (row) => count(row.gateway) },
          { key: 'ledger', header: words.ledger, align: 'right', cell: (row) => groupDigits(row.ledger) },
          { key: 'invoiced', header: words.invoiced, align: 'right', cell: (row) => count(row.invoiced) },
          { key: 'difference', header: words.difference, align: 'right', cell: (row) => <Difference row={row} /> },
        ]} />
        <Paging nextCursor={nextCursor} />
        {nextCursor !== null && <p className="text-sm text-muted">{words.more}</p>}
      </section>
    </div>
  );
}

function State({ row: { invoiceNumber, period } }: { row: ReconciledMeter }) {
  return invoiceNumber === null ? words.states[period.state] : <TextLink to={`/workspace/invoices/${encodeURIComponent(invoiceNumber)}`}>{invoiceNumber}</TextLink>;
}

function Difference({ row }: { row: ReconciledMeter }) {
  const off = [row.gatewayLessLedger, row.ledgerLessInvoiced].filter((difference) => difference !== null && /[1-9]/.test(difference)) as string[];
  return off.length === 0 ? '0' : <>{off.map((difference, index) => <Badge key={index} tone="bad">{groupDigits(difference)}</Badge>)}</>;
}

function count(quantity: string | null) {
  return quantity === null ? <span className="text-muted">{texts.ui.noValue}</span> : groupDigits(quantity);
}
