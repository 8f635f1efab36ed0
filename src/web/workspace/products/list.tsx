import { useLoaderData } from 'react-router';
import { load } from '../../page.server.ts';
import { Badge } from '../../ui/badge.tsx';
import { ButtonLink } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Table } from '../../ui/table.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { useMay } from '../use-may.ts';

export const loader = load(async ({ services, member }) => ({ products: await services.products.list(await member()) }));

export default function Products() {
  const { products } = useLoaderData<typeof loader>();
  const mayPublish = useMay('products.change');
  return (
    <div className="space-y-6">
      <title>Products</title>
      <div className="flex flex-wrap items-center justify-between gap-3"><h1 className="text-2xl">Products</h1>{mayPublish && <ButtonLink to="/workspace/products/publish">Publish from a file</ButtonLink>}</div>
      {products.length === 0 ? <EmptyState title="No product yet">Upload an OpenAPI document here, or run <code>portico apply</code>.</EmptyState> : (
        <Table caption="Products" rows={products} keyOf={({ id }) => id} columns={[
          { header: 'Name', cell: (row) => <TextLink to={row.slug}>{row.name}</TextLink> },
          { header: 'Address', cell: (row) => <code className="text-sm">/{row.slug}</code> },
          { header: 'Layer', cell: (row) => row.layer ?? '' },
          { header: 'Access', cell: (row) => <Badge tone={row.access === 'private' ? 'notice' : 'quiet'}>{row.access}</Badge> },
          { header: 'Test mode', cell: (row) => row.testMode ? 'yes' : 'no' },
          { header: 'Current version', cell: (row) => row.currentVersion ?? 'none' },
          { header: 'Versions', numeric: true, cell: (row) => row.versions.length },
        ]} />
      )}
    </div>
  );
}
