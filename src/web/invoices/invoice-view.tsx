import type { ReactNode } from 'react';
import { groupDigits } from '../../domain/pricing/describe-line.ts';
import type { InvoiceDetail, Party } from '../../control/services.ts';
import { texts } from '../texts.ts';
import { DataTable } from '../ui/data-table.tsx';
import { formatDay } from '../ui/format-time.ts';
import { Download } from '../ui/icon.ts';
import { formatMoney } from '../ui/money.ts';
import { TextLink } from '../ui/text-link.tsx';
import { Time } from '../ui/time.tsx';
import { Amount } from './amount.tsx';
import { InvoiceBadge } from './invoice-badge.tsx';

const words = texts.invoices;

/** The whole document, as portal and workspace show it. `base` is the list that it belongs to; `countries` are names by code. */
export function InvoiceView({ invoice, base, countries, actions }: { invoice: InvoiceDetail; base: string; countries: Record<string, string>; actions?: ReactNode }) {
  const { id, number, kind, state } = invoice;
  const path = `${base}/${number === null || number.includes('/') ? id : number}`;
  return (
    <div className="space-y-8">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1 text-2xl">{words.kinds[kind]} {number ?? words.noNumber} <InvoiceBadge invoice={invoice} /></h1>
        <p className="flex flex-wrap gap-x-5 gap-y-1"><FileLink href={`${path}/pdf`}>{words.pdf}</FileLink><FileLink href={`${path}/csv`}>{words.csv}</FileLink></p>
      </div>
      {actions}
      <Facts invoice={invoice} base={base} />
      <div className="grid max-w-4xl gap-6 border-t pt-5 sm:grid-cols-2"><PartyBlock title={words.seller} party={invoice.seller} countries={countries} /><PartyBlock title={words.buyer[kind]} party={invoice.buyer} countries={countries} /></div>
      <section className="space-y-3">
        <h2 className="text-xl">{words.lines}</h2>
        <DataTable caption={words.lines} rows={invoice.lines} rowKey={({ position }) => String(position)} columns={[
          { key: 'description', header: words.description, cell: (row) => <span className="block min-w-44">{row.meter === null || kind === 'credit-note' ? row.description : <TextLink to={`${path}/lines/${row.position}`}>{row.description}</TextLink>}<span className="block text-sm text-muted">{words.span(formatDay(row.from), formatDay(Math.max(row.to - 1, row.from)))}{row.kind === 'late-usage' && `, ${words.lateNote}`}</span></span> },
          { key: 'quantity', header: words.quantity, align: 'right', cell: (row) => groupDigits(row.quantity) },
          { key: 'price', header: words.unitPrice, align: 'right', from: 'sm', cell: (row) => (row.kind === 'late-usage' ? '' : formatMoney(row.unitPrice, invoice.currency)) },
          { key: 'amount', header: words.amount, align: 'right', cell: (row) => <><Amount amount={row.amount} currency={invoice.currency} />{/[1-9]/.test(row.credited) && <span className="block text-sm text-muted">{words.credited(formatMoney(row.credited, invoice.currency))}</span>}</> },
        ]} />
        <Sums invoice={invoice} />
      </section>
      {state !== 'draft' && <Settled invoice={invoice} base={base} />}
    </div>
  );
}

function Facts({ invoice, base }: { invoice: InvoiceDetail; base: string }) {
  const facts: [string, ReactNode][] = [
    ...(invoice.finalisedAt === null ? [[words.made, <Time key="made" ms={invoice.createdAt} day />] as [string, ReactNode]] : [[words.date, <Time key="date" ms={invoice.finalisedAt} day />] as [string, ReactNode]]),
    ...(invoice.dueAt === null || invoice.kind === 'credit-note' ? [] : [[words.due, <Time key="due" ms={invoice.dueAt} day />] as [string, ReactNode]]),
    ...(invoice.period === null ? [] : [[words.period, words.span(formatDay(invoice.period.from), formatDay(invoice.period.to - 1))] as [string, ReactNode]]),
    ...(invoice.productName === null ? [] : [[words.product, invoice.productName] as [string, ReactNode]]),
    ...(invoice.corrects === null ? [] : [[words.corrects, <TextLink key="corrects" to={`${base}/${invoice.corrects.id}`}>{invoice.corrects.number}</TextLink>] as [string, ReactNode]]),
    [words.total, <strong key="total"><Amount amount={invoice.total} currency={invoice.currency} /></strong>],
    ...(invoice.state === 'finalised' && invoice.paymentState !== 'none' ? [[texts.payments.title, texts.payments.states[invoice.paymentState]] as [string, ReactNode]] : []),
    ...(invoice.kind === 'invoice' && invoice.state !== 'draft' ? [[words.open, <Amount key="open" amount={invoice.open} currency={invoice.currency} />] as [string, ReactNode]] : []),
  ];
  return <dl className="flex flex-wrap gap-x-10 gap-y-3">{facts.map(([name, value]) => <div key={name}><dt className="text-sm text-muted">{name}</dt><dd>{value}</dd></div>)}</dl>;
}

function PartyBlock({ title, party, countries }: { title: string; party: Party; countries: Record<string, string> }) {
  const lines = [...party.address.split('\n'), party.country === null ? '' : (countries[party.country] ?? party.country), party.taxId === null ? '' : words.taxNumber(party.taxId), party.email ?? ''].filter((line) => line !== '');
  return <div className="min-w-0"><h2 className="text-sm font-medium text-muted">{title}</h2><p className="font-medium wrap-anywhere">{party.name}</p>{lines.map((line, index) => <p key={index} className="wrap-anywhere">{line}</p>)}</div>;
}

function Sums({ invoice }: { invoice: InvoiceDetail }) {
  const { currency, tax } = invoice;
  const rows: [string, string, boolean][] = [
    [words.subtotal, invoice.subtotal, false], [tax.name === null ? words.noTax : words.tax(tax.name, tax.percent ?? ''), tax.amount, false], [words.total, invoice.total, true],
    ...(/[1-9]/.test(invoice.credit) ? [[words.credit[invoice.kind], invoice.kind === 'invoice' ? `-${invoice.credit}` : invoice.credit, false] as [string, string, boolean]] : []),
    ...(invoice.kind === 'invoice' ? [[words.amountDue, invoice.due, true] as [string, string, boolean]] : []),
  ];
  return (
    <dl className="ml-auto grid w-full max-w-sm grid-cols-[1fr_auto] gap-x-6">
      {rows.map(([name, amount, strong]) => <div key={name} className={`col-span-2 grid grid-cols-subgrid py-1 ${strong ? 'border-t font-semibold' : ''}`}><dt className={strong ? '' : 'text-muted'}>{name}</dt><dd className="text-right"><Amount amount={amount} currency={currency} /></dd></div>)}
    </dl>
  );
}

function Settled({ invoice: { creditNotes, payments, currency }, base }: { invoice: InvoiceDetail; base: string }) {
  if (creditNotes.length === 0 && payments.length === 0) return null;
  return (
    <section className="space-y-3">
      <h2 className="text-xl">{words.settled}</h2>
      <ul className="max-w-3xl">
        {payments.map((payment) => <li key={payment.id} className="flex flex-wrap items-baseline justify-between gap-x-6 border-t py-2"><span><Time ms={payment.at} day /> {payment.amount.startsWith('-') ? words.paidBack : words.payment(words.providers[payment.provider as keyof typeof words.providers] ?? payment.provider)}{payment.state !== 'succeeded' && `, ${words.paymentStates[payment.state]}`}{payment.error !== null && (payment.state === 'failed' || base.startsWith('/workspace')) && <span className="block text-sm">{payment.error}</span>}{payment.reference !== null && <span className="block text-sm text-muted wrap-anywhere">{payment.reference}</span>}</span><Amount amount={payment.amount} currency={currency} /></li>)}
        {creditNotes.map((note) => <li key={note.id} className="flex flex-wrap items-baseline justify-between gap-x-6 border-t py-2"><span>{note.finalisedAt !== null && <Time ms={note.finalisedAt} day />} <TextLink to={`${base}/${note.id}`}>{words.creditNote(note.number ?? '')}</TextLink></span><Amount amount={note.total} currency={currency} /></li>)}
      </ul>
    </section>
  );
}

function FileLink({ href, children }: { href: string; children: ReactNode }) {
  return <a href={href} download className="inline-flex items-center gap-1.5 text-accent underline underline-offset-2 hover:no-underline"><Download className="size-4" aria-hidden="true" />{children}</a>;
}
