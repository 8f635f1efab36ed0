import { useLoaderData } from 'react-router';
import { LineSourcesView } from '../../invoices/line-sources-view.tsx';
import { load } from '../../page.server.ts';

export const loader = load(async ({ services, member, params }) => {
  const actor = await member();
  const { id, number, currency } = await services.invoices.get(actor, params['invoice']!);
  return { invoice: { id, number, currency }, sources: await services.invoices.getLineSources(actor, { id, position: Number(params['position']) }) };
});

export default function Line() {
  const { invoice, sources } = useLoaderData<typeof loader>();
  return <LineSourcesView invoice={invoice} sources={sources} back={`/workspace/invoices/${invoice.id}`} requests="/workspace/requests" />;
}
