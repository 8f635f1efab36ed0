import { Form, redirect, useActionData, useLoaderData } from 'react-router';
import { InvoiceBadge } from '../../invoices/invoice-badge.tsx';
import { Amount } from '../../invoices/amount.tsx';
import { PaymentPageLink } from '../../invoices/payment-page-link.tsx';
import { localPath } from '../../local-path.server.ts';
import { act, load, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Submit } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';

const words = texts.payments;
const openMax = 50;

export const loader = load(async ({ services, developer, url, web }) => {
  const actor = await developer();
  const next = url.searchParams.get('next');
  // Whoever comes back from the provider may be quicker than its report.
  const account = url.searchParams.has('entered') && !(await web.viewed()) ? await services.payments.refresh(actor, {}) : await services.payments.getAccount(actor, {});
  if (next !== null && account.method !== null) throw redirect(localPath(next, '/dashboard/payment'));
  const { invoices } = await services.invoices.list(actor, { state: 'finalised', sort: 'due', limit: openMax });
  return { account, invoices, next: next === null ? null : localPath(next, '/dashboard/plan') };
});

export const action = act(async ({ form, services, developer }): Promise<{ problem?: undefined; url: string }> => {
  const next = text(form, 'next');
  return services.payments.openMethodPage(await developer(), { returnPath: next === '' ? '/dashboard/payment' : `/dashboard/payment?${new URLSearchParams({ next: localPath(next, '/dashboard/plan') })}` });
});

export default function Payment() {
  const { account, invoices, next } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  const { method, methodSince, provider } = account;
  return (
    <div className="space-y-8">
      <title>{words.title}</title>
      <div className="space-y-2"><BackLink to="/dashboard/invoices">{texts.invoices.title}</BackLink><h1 className="text-2xl">{words.title}</h1></div>
      <ProblemNotice problem={result?.problem} />
      {result && 'url' in result ? <PaymentPageLink url={result.url} /> : provider === 'manual' ? <p className="max-w-[65ch]">{words.byHand}</p> : (
        <section className="max-w-[65ch] space-y-4">
          {next !== null && <Notice tone="notice" title={words.needed}>{words.neededText}</Notice>}
          <h2 className="text-xl">{words.method}</h2>
          {method === null ? <p>{words.noMethod}</p> : <p><strong>{method}</strong> <span className="text-muted">{words.since} <Time ms={methodSince!} day /></span></p>}
          <p className="text-muted">{invoices.length > 0 ? words.paysOpen : words.kept}</p>
          <Form method="post"><input type="hidden" name="next" value={next ?? ''} /><Submit doing={words.opening}>{method === null ? words.add : words.change}</Submit></Form>
        </section>
      )}
      {invoices.length > 0 && (
        <section className="space-y-3">
          <h2 className="text-xl">{words.open}</h2>
          <DataTable caption={words.open} rows={invoices} rowKey={({ id }) => id} columns={[
            { key: 'number', header: texts.invoices.number, cell: (row) => <span className="block min-w-28"><TextLink to={`/dashboard/invoices/${row.id}`}>{row.number}</TextLink> <InvoiceBadge invoice={row} /></span> },
            { key: 'state', header: words.title, cell: (row) => words.states[row.paymentState] },
            { key: 'due', header: texts.invoices.due, from: 'sm', cell: (row) => row.dueAt !== null && <Time ms={row.dueAt} day /> },
            { key: 'open', header: texts.invoices.open, align: 'right', cell: (row) => <Amount amount={row.open} currency={row.currency} /> },
          ]} />
        </section>
      )}
    </div>
  );
}
