import { useLoaderData } from 'react-router';
import { InvoiceView } from '../../../invoices/invoice-view.tsx';
import { countryNamesOf } from '../../../invoices/party.server.ts';
import { load } from '../../../page.server.ts';
import { texts } from '../../../texts.ts';
import { BackLink } from '../../../ui/back-link.tsx';

export const loader = load(async ({ services, developer, params }) => {
  const invoice = await services.invoices.get(await developer(), params['invoice']!);
  return { invoice, countries: countryNamesOf(invoice) };
});

export default function Invoice() {
  const { invoice, countries } = useLoaderData<typeof loader>();
  return (
    <div className="space-y-4">
      <title>{invoice.number}</title>
      <BackLink to="/dashboard/invoices">{texts.invoices.title}</BackLink>
      <InvoiceView invoice={invoice} base="/dashboard/invoices" countries={countries} />
    </div>
  );
}
