import { useActionData, useLoaderData } from 'react-router';
import { InvoiceView } from '../../../invoices/invoice-view.tsx';
import { PaymentPageLink } from '../../../invoices/payment-page-link.tsx';
import { PaymentState } from '../../../invoices/payment-state.tsx';
import { countryNamesOf } from '../../../invoices/party.server.ts';
import { act, load } from '../../../page.server.ts';
import { texts } from '../../../texts.ts';
import { BackLink } from '../../../ui/back-link.tsx';
import { ProblemNotice } from '../../../ui/problem-notice.tsx';

export const loader = load(async ({ services, developer, params, url, web }) => {
  const actor = await developer();
  // Whoever comes back from the provider may be quicker than its report.
  const account = url.searchParams.has('entered') && !(await web.viewed()) ? await services.payments.refresh(actor, {}) : await services.payments.getAccount(actor, {});
  const invoice = await services.invoices.get(actor, params['invoice']!);
  return { invoice, account, countries: countryNamesOf(invoice) };
});

export const action = act(async ({ services, developer, params }): Promise<{ problem?: undefined; url: string }> => {
  const actor = await developer();
  const { id } = await services.invoices.get(actor, params['invoice']!);
  return services.payments.openPaymentPage(actor, { invoice: id, returnPath: `/dashboard/invoices/${id}` });
});

export default function Invoice() {
  const { invoice, account, countries } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  return (
    <div className="space-y-4">
      <title>{invoice.number}</title>
      <BackLink to="/dashboard/invoices">{texts.invoices.title}</BackLink>
      <ProblemNotice problem={result?.problem} />
      <InvoiceView invoice={invoice} base="/dashboard/invoices" countries={countries} actions={result && 'url' in result ? <PaymentPageLink url={result.url} /> : <PaymentState invoice={invoice} provider={account.provider} method={account.method} />} />
    </div>
  );
}
