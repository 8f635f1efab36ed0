import { useLoaderData } from 'react-router';
import { load } from '../../page.server.ts';
import { limitText, feeText } from '../../portal/products/pricing.ts';
import { Badge } from '../../ui/badge.tsx';
import { ButtonLink } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCount } from '../../ui/number.ts';
import { Table } from '../../ui/table.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { VersionStatus } from '../../ui/version-badges.tsx';
import { useMay } from '../use-may.ts';

export const loader = load(async ({ services, member, params }) => ({ product: await services.products.get(await member(), params['product']!) }));

export default function ProductDetail() {
  const { product } = useLoaderData<typeof loader>();
  const mayPublish = useMay('products.change');
  return (
    <div className="space-y-8">
      <title>{product.name}</title>
      <p><TextLink to="/workspace/products">Products</TextLink></p>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="flex flex-wrap items-center gap-2 text-2xl">{product.name}{product.layer && <Badge>{product.layer}</Badge>}{product.access === 'private' && <Badge tone="notice">private</Badge>}</h1>
        <div className="flex flex-wrap gap-2"><ButtonLink kind="plain" to={`/${product.slug}`}>See it in the portal</ButtonLink>{mayPublish && <ButtonLink to={`/workspace/products/publish?product=${product.slug}`}>Publish a version</ButtonLink>}</div>
      </div>
      {product.description && <p className="max-w-[70ch]">{product.description}</p>}
      <section className="space-y-3">
        <h2 className="text-xl">Versions</h2>
        {product.versions.length === 0 ? <EmptyState title="No version yet">Publish one from an OpenAPI document.</EmptyState> : (
          <Table caption="Versions" rows={product.versions} keyOf={({ id }) => id} columns={[
            { header: 'Version', cell: (row) => <TextLink to={`/${product.slug}/${row.name}`}>{row.name}</TextLink> },
            { header: 'State', cell: (row) => <VersionStatus version={row} /> },
            { header: 'Title', cell: (row) => row.title },
            { header: 'OpenAPI', cell: (row) => row.openapi },
            { header: 'Operations', numeric: true, cell: (row) => formatCount(row.operationCount) },
            { header: 'Published', cell: (row) => <Time ms={row.publishedAt} /> },
            { header: 'Sunset', cell: (row) => row.sunsetAt === null ? '' : <Time ms={row.sunsetAt} day /> },
            { header: 'Successor', cell: (row) => row.successor ?? '' },
          ]} />
        )}
      </section>
      <section className="space-y-3">
        <h2 className="text-xl">Plans</h2>
        {product.plans.length === 0 ? <EmptyState title="No plan yet">Plans come from <code>portico.yaml</code>.</EmptyState> : (
          <Table caption="Plans" rows={product.plans} keyOf={({ id }) => id} columns={[
            { header: 'Plan', cell: (row) => <>{row.name} {row.default && <Badge tone="accent">default</Badge>}</> },
            { header: 'Fee', cell: (row) => feeText(row) },
            { header: 'Limits', cell: (row) => row.limits.map((limit) => `${limit.name}: ${limitText(limit)}`).join('; ') || 'none' },
            { header: 'Meters priced', cell: (row) => row.prices.map(({ meter }) => meter).join(', ') || 'none' },
            { header: 'Access', cell: (row) => row.access },
            { header: 'Subscribers', numeric: true, cell: (row) => formatCount(row.subscribers) },
          ]} />
        )}
      </section>
    </div>
  );
}
