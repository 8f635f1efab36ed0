import { useLoaderData } from 'react-router';
import { LineSourcesView } from '../../../invoices/line-sources-view.tsx';
import { load } from '../../../page.server.ts';

export const loader = load(async ({ services, developer, params }) => {
  const actor = await developer();
  const { id, number, currency } = await services.invoices.get(actor, params['invoice']!);
  return { invoice: { id, number, currency }, sources: await services.invoices.getLineSources(actor, { id, position: Number(params['position']) }) };
});

export default function Line() {
  const { invoice, sources } = useLoaderData<typeof loader>();
  return <LineSourcesView invoice={invoice} sources={sources} back={`/dashboard/invoices/${invoice.id}`} requests="/dashboard/requests" />;
}
