import { useLoaderData } from 'react-router';
import { load } from '../../page.server.ts';
import { readRequests } from '../../requests-page.server.ts';
import { texts } from '../../texts.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Paging } from '../../ui/paging.tsx';
import { RequestFilters } from '../../ui/request-filters.tsx';
import { RequestTable } from '../../ui/request-table.tsx';

export const loader = load(async ({ services, member, url }) => {
  const actor = await member();
  const [log, products] = await Promise.all([readRequests(services, actor, url, '/workspace/requests'), services.products.list(actor)]);
  return { ...log, products: products.map(({ slug, name }) => ({ slug, name })) };
});

export default function Requests() {
  const { filter, rows, nextCursor, products } = useLoaderData<typeof loader>();
  return (
    <div className="space-y-6">
      <title>{texts.requestLog.title}</title>
      <h1 className="text-2xl">{texts.requestLog.title}</h1>
      <RequestFilters filter={filter} products={products} email />
      {rows.length > 0 ? <RequestTable rows={rows} base="/workspace/requests" consumer /> : <EmptyState title={texts.requestLog.none}>{texts.requestLog.noneMeaning}</EmptyState>}
      <Paging nextCursor={nextCursor} />
    </div>
  );
}
